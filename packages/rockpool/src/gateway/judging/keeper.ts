import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { loadJudging } from '../../contracts/light.ts'
import { messageOf } from '../../kernel/index.ts'
import type { Clock, Log } from '../../kernel/index.ts'
import type { SnapshotService } from '../types.ts'
import { addressOf } from './address.ts'
import { createJudge } from './judge.ts'
import type { Judge } from './judge.ts'
import type { ContractSource } from './types.ts'

/** Has the contracts that services name: those, and no others. */
export interface ContractKeeper {
  /** To be called with the services of every snapshot and change, once decisions stand on it. */
  follow(services: Iterable<Pick<SnapshotService, 'contract'>>): void
  /** Undefined: it is not there yet. */
  judgeOf(address: string): Judge | undefined
  /** Resolves when the judge of this address is there, or when so many milliseconds are over. */
  arrival(address: string, ms: number): Promise<void>
  /** Resolves when nothing is under way any more. */
  stop(): Promise<void>
}

export interface ContractKeeperOptions {
  source: ContractSource
  /** For the texts, so that it judges on when control is gone. */
  folder: string
  clock: Clock
  log: Log
}

const leastPauseMs = 50
const mostPauseMs = 2_000

/**
 * What is named is taken from disk, or else asked of control until it is there; a text whose hash is not its address is none.
 * What nobody names any more goes, from memory and from disk. One thing at a time: contracts are read in the turn of the
 * process, and a large one takes a moment.
 */
export function createContractKeeper({ source, folder, clock, log }: ContractKeeperOptions): ContractKeeper {
  const stopped = new AbortController()
  const judges = new Map<string, Judge>()
  /** Texts that are as they should be, and yet no contracts: asking again would not help. */
  const useless = new Set<string>()
  const waiting = new Map<string, Set<() => void>>()
  let named: ReadonlySet<string> = new Set()
  let isNew = false
  let wake: AbortController | undefined
  let working: Promise<void> | undefined

  function begin(): void {
    working ??= work().finally(() => {
      working = undefined
      // It came in the moment in which the work before it ended.
      if (isNew && !stopped.signal.aborted) begin()
    })
  }

  async function work(): Promise<void> {
    let pause = leastPauseMs
    while (!stopped.signal.aborted) {
      if (isNew) {
        isNew = false
        pause = leastPauseMs
        await sweep().catch((error: unknown) =>
          log.warn({ error: messageOf(error) }, 'contracts on disk could not be removed'),
        )
      }
      const missing = [...named].filter((address) => !judges.has(address) && !useless.has(address))
      for (const address of missing)
        if (named.has(address) && !stopped.signal.aborted)
          await load(address).catch((error: unknown) => {
            if (pause === leastPauseMs)
              log.warn({ contract: address, error: messageOf(error) }, 'a contract is not there yet')
          })
      if (isNew) continue
      if ([...named].every((address) => judges.has(address) || useless.has(address))) return
      wake = new AbortController()
      await clock.sleep(pause, AbortSignal.any([stopped.signal, wake.signal])).catch(() => {})
      wake = undefined
      pause = Math.min(mostPauseMs, pause * 2)
    }
  }

  /** Takes away what nobody names. */
  async function sweep(): Promise<void> {
    for (const address of judges.keys()) if (!named.has(address)) judges.delete(address)
    for (const address of useless) if (!named.has(address)) useless.delete(address)
    const kept = new Set([...named].map(fileOf))
    const files = await readdir(folder).catch(() => [])
    for (const file of files) if (!kept.has(file)) await rm(join(folder, file), { force: true })
  }

  async function load(address: string): Promise<void> {
    const kept = await readFile(join(folder, fileOf(address))).catch(() => undefined)
    const isKept = kept !== undefined && addressOf(kept) === address
    const bytes = isKept ? kept : await source.contract(address, stopped.signal)
    if (addressOf(bytes) !== address)
      throw new Error('control sent a text that is not the one of this address')
    if (!isKept)
      await keep(address, bytes).catch((error: unknown) =>
        log.error({ contract: address, error: messageOf(error) }, 'a contract could not be kept on disk'),
      )
    const judging = await loadJudging()
    const reading = judging.readContract(Buffer.from(bytes).toString('utf8'), { file: address })
    if (reading.ok) judges.set(address, createJudge(reading.contract, judging))
    else {
      useless.add(address)
      log.error({ contract: address, findings: reading.findings.slice(0, 20) }, 'a contract cannot be read')
    }
    for (const arrived of waiting.get(address) ?? []) arrived()
  }

  async function keep(address: string, bytes: Uint8Array): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const file = join(folder, fileOf(address))
    const handle = await open(`${file}.new`, 'w', 0o600)
    try {
      await handle.writeFile(bytes)
    } finally {
      await handle.close()
    }
    await rename(`${file}.new`, file)
  }

  return {
    follow(services) {
      const next = new Set<string>()
      for (const { contract } of services) if (contract !== undefined) next.add(contract)
      if (next.size === named.size && [...next].every((address) => named.has(address))) return
      named = next
      isNew = true
      wake?.abort()
      begin()
    },
    judgeOf: (address) => judges.get(address),
    async arrival(address, ms) {
      if (judges.has(address) || useless.has(address)) return
      const late = new AbortController()
      const arrived = () => late.abort()
      const others = waiting.get(address) ?? new Set()
      waiting.set(address, others.add(arrived))
      await clock.sleep(ms, AbortSignal.any([late.signal, stopped.signal])).catch(() => {})
      others.delete(arrived)
      if (others.size === 0) waiting.delete(address)
    },
    async stop() {
      stopped.abort()
      await working
    },
  }
}

/** `sha256:…` is no good name everywhere. */
const fileOf = (address: string) => `${address.replace(':', '-')}.json`
