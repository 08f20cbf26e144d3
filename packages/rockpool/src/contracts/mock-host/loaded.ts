import { problem } from '../../kernel/index.ts'
import type { Log, Problem } from '../../kernel/index.ts'
import type { Bundle } from '../bundle.ts'
import type { Mock } from '../mocks/index.ts'
import type { Contract } from '../types.ts'
import type { HostedMock, MockSource } from './types.ts'

/** Mocks that have answered, with all that they remember. */
export interface LoadedMocks {
  /**
   * The mock, made of its contract when it answers for the first time.
   *
   * @throws Problem `mock_unable` for a contract that cannot be used; what the source throws
   */
  mockOf(hosted: HostedMock): Promise<Mock>
  /** Forgets all others, with what they remember. */
  keep(ids: ReadonlySet<string>): void
  /** How many there are. */
  size(): number
}

export interface LoadedMocksOptions {
  source: Pick<MockSource, 'contract'>
  log: Log
  /** Mocks at a time, and bytes of their contracts' texts; beyond either, what was used longest ago is forgotten. */
  mostMocks?: number
  mostBytes?: number
}

/** A contract, as long as a mock answers by it; or why none can. */
interface Text {
  contract: Contract | Problem
  bytes: number
}

interface Loaded {
  address: string
  mock: Promise<Mock>
}

export function createLoadedMocks(options: LoadedMocksOptions): LoadedMocks {
  const { source, log, mostMocks = 100, mostBytes = 64 * 1024 * 1024 } = options
  /** By id, what was used last at the end. */
  const loaded = new Map<string, Loaded>()
  const texts = new Map<string, Text>()
  let turn: Promise<unknown> = Promise.resolve()

  /** One at a time: each takes the process for itself, and the second one of an address finds it there. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(work)
    turn = mine.catch(() => {})
    return mine
  }

  async function textOf(address: string): Promise<Text> {
    const known = texts.get(address)
    if (known !== undefined) return known
    const [text, { addressOfText, readBundle }] = await Promise.all([
      source.contract(address),
      import('./reading.ts'),
    ])
    if (addressOfText(text) !== address)
      throw problem('internal', `what control gave for ${address} is something else`)
    const reading = readBundle(JSON.parse(text) as Bundle)
    if (!reading.ok)
      log.error({ address, findings: reading.findings.slice(0, 20) }, 'a contract cannot be read')
    const contract = reading.ok
      ? reading.contract
      : problem('mock_unable', `the contract ${address} cannot be read`)
    const made = { contract, bytes: Buffer.byteLength(text) }
    texts.set(address, made)
    return made
  }

  async function make({ id, address, seed, organization }: HostedMock): Promise<Mock> {
    const { contract } = await textOf(address)
    makeRoom(id)
    if (contract instanceof Error) throw contract
    const { createMock } = await import('./reading.ts')
    return createMock(contract, { seed, organization })
  }

  /** Whatever else is here: this one stays. */
  function makeRoom(id: string): void {
    for (const other of loaded.keys()) {
      if (loaded.size <= mostMocks && bytesInAll() <= mostBytes) break
      if (other !== id) loaded.delete(other)
      sweep()
    }
  }

  function bytesInAll(): number {
    let bytes = 0
    for (const text of texts.values()) bytes += text.bytes
    return bytes
  }

  /** Contracts that nobody answers by any more. */
  function sweep(): void {
    const used = new Set([...loaded.values()].map(({ address }) => address))
    for (const address of texts.keys()) if (!used.has(address)) texts.delete(address)
  }

  return {
    mockOf(hosted) {
      const { id, address } = hosted
      const known = loaded.get(id)
      if (known !== undefined) {
        loaded.delete(id)
        loaded.set(id, known)
        return known.mock
      }
      const made: Loaded = { address, mock: inTurn(() => make(hosted)) }
      loaded.set(id, made)
      // What failed is tried again with the next call; of a contract that is none it costs nothing.
      made.mock.catch((error: unknown) => {
        const isFinal = (error as { code?: string }).code === 'mock_unable'
        if (!isFinal && loaded.get(id) === made) loaded.delete(id)
      })
      return made.mock
    },
    keep(ids) {
      for (const id of loaded.keys()) if (!ids.has(id)) loaded.delete(id)
      sweep()
    },
    size: () => loaded.size,
  }
}
