/*
 * What unit tests of those who call a service import: `import { mockOf } from 'rockpool/mock'`.
 */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

export interface MockOfOptions {
  /** Values hang on it: another seed, other values. */
  seed?: string
  /** The organization of calls that name none in their path. */
  organization?: string
  /** False: it remembers nothing, and answers each request as if everything were there. */
  stateful?: boolean
  /** Gets the callbacks that the contract declares, once their request is answered, whatever they are addressed to. */
  onCallback?: (request: Request) => Promise<Response>
}

/**
 * What stands where `fetch` would, and answers in this process as a contract says. `contract`: a file, read at the first
 * request; or its text. A contract that cannot be used rejects each call, with all that is wrong.
 */
export function mockOf(
  contract: URL | string,
  options: MockOfOptions = {},
): (request: Request) => Promise<Response> {
  let answering: Promise<(request: Request) => Promise<Response>> | undefined
  return async (request) => (await (answering ??= load(contract, options)))(request)
}

async function load(contract: URL | string, options: MockOfOptions) {
  const { createMockFetch, readContract } = await import('./contracts/index.ts')
  const file = contract instanceof URL ? fileURLToPath(contract) : 'contract'
  const text = contract instanceof URL ? await readFile(contract, 'utf8') : contract
  const reading = readContract(text, { file })
  if (reading.ok) return createMockFetch(reading.contract, options)
  const findings = reading.findings.map(({ path, message }) => `${path}: ${message}`)
  throw new Error(`${file} cannot be used: ${findings.join('; ')}`)
}
