import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { silentLog, systemClock } from '../../src/kernel/index.ts'
import {
  createGateway,
  createSigner,
  createState,
  engines,
  openLedger,
  type AccessRecord,
  type EngineName,
  type GatewayOptions,
  type GatewayState,
  type LedgerEntry,
  type Signer,
  type Snapshot,
} from '../../src/gateway/index.ts'
import { createBudgets } from '../../src/gateway/budgets/budgets.ts'
import type { EngineFactory, EngineLimits } from '../../src/gateway/engines/engine.ts'
import { snapshotOf } from './gateway-entries.ts'
import { lenderFor } from './leases.ts'

export * from './gateway-entries.ts'

/** A folder that is removed after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rockpool-gateway-'))
  // Processes that were killed a moment ago may still be writing there.
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }))
  return folder
}

export async function until(
  what: string,
  check: () => boolean | Promise<boolean>,
  withinMs = 10_000,
): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`)
    await pause(5)
  }
}

/** A service on loopback; closed after the test. Gives its origin. */
export async function upstream(listener: RequestListener): Promise<{ url: string; server: Server }> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}

export interface TestGateway {
  url: string
  port: number
  state: GatewayState
  signer: Signer
  /** Lines of the access log. */
  records: AccessRecord[]
  /** What the ledger gave to control. */
  shipped: LedgerEntry[]
  ledgerFolder: string
  close(graceMs?: number): Promise<void>
}

/**
 * A gateway with a snapshot given by hand; its signing key is registered. Closed after the test. `secure`: browsers reach
 * it by https.
 */
export async function testGateway(
  engine: EngineName,
  parts: Partial<Snapshot>,
  limits?: Partial<EngineLimits>,
  { secure = false, ...more }: Partial<GatewayOptions> & { secure?: boolean } = {},
  engineOf: EngineFactory = engines[engine],
): Promise<TestGateway> {
  const signer = createSigner()
  const state = createState({ clock: systemClock, kid: signer.publicKey.kid, secure })
  const findings = state.open(
    snapshotOf({ ...parts, keys: [...(parts.keys ?? []), signer.publicKey] }),
    Date.now(),
  )
  if (findings.length > 0) throw new Error(JSON.stringify(findings))
  const records: AccessRecord[] = []
  const shipped: LedgerEntry[] = []
  const ledgerFolder = temporaryFolder()
  const ledger = await openLedger({
    folder: ledgerFolder,
    ship: async (entries) => void shipped.push(...entries),
    clock: systemClock,
    log: silentLog,
  })
  const accessLog = { write: (record: AccessRecord) => void records.push(record), dropped: () => 0 }
  const duties = createGateway({
    state,
    signer,
    ledger,
    accessLog,
    budgets: createBudgets({ lender: lenderFor(state), clock: systemClock, log: silentLog }),
    clock: systemClock,
    log: silentLog,
    ...more,
  })
  const server = engineOf(duties, limits)
  const port = await server.listen({ host: '127.0.0.1', port: 0 })
  let closing: Promise<void> | undefined
  const close = (graceMs = 0) => (closing ??= server.close(graceMs).then(() => ledger.close()))
  onTestFinished(() => close())
  return {
    url: `${secure ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    state,
    signer,
    records,
    shipped,
    ledgerFolder,
    close,
  }
}

/** The whole body of a message. */
export async function readAll(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
