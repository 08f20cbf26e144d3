import { messageOf } from '../kernel/index.ts'
import type { Clock, Finding, Listener, Log } from '../kernel/index.ts'
import type { Change, Organizations } from '../organizations/index.ts'
import { publishedFault } from './faults/published.ts'
import { createKnown } from './known.ts'
import type { KnownOrganizations } from './known.ts'
import { createTakenMocks } from './mocks/taken.ts'
import { createPublication } from './publication.ts'
import { createPublishedServices } from './published-services.ts'
import { withReleases } from './releases/releases.ts'
import type { PublishedRelease } from './releases/releases.ts'
import { applyChange, openSnapshot } from './snapshot.ts'
import type { Directory } from './snapshot.ts'
import type {
  GatewayReport,
  PlacedService,
  SnapshotFault,
  SnapshotIssuer,
  SnapshotMock,
  SnapshotMockRoutes,
  SnapshotRateLimit,
  StreamMessage,
} from './types.ts'

/** Whoever knows where services run and what leads to them (the deploys part). */
export interface Services {
  list(): Promise<PlacedService[]>
  onChange(listener: () => void): Promise<Listener>
}

/** What is broken on purpose, for checks. */
export interface PublishedFaults {
  list(): Promise<SnapshotFault[]>
  onChange(listener: () => void): Promise<Listener>
}

/** The users' own issuers, with their keys. */
export interface PublishedIssuers {
  list(): Promise<SnapshotIssuer[]>
  onChange(listener: () => void): Promise<Listener>
}

/** Versions of services, with their shares. */
export interface PublishedReleases {
  list(): Promise<PublishedRelease[]>
  onChange(listener: () => void): Promise<Listener>
}

/** Services that mocks answer for, in sandboxes. `routes`: the same object for the same routes, each time. */
export interface PublishedMocks {
  list(): Promise<{ mocks: SnapshotMock[]; routes: SnapshotMockRoutes[] }>
  onChange(listener: () => void): Promise<Listener>
}

/** Control's side of the stream: keeps every connected gateway at the newest version. */
export interface Publisher {
  /** Reads everything once and begins to listen. Rejects when Postgres cannot be reached. */
  start(): Promise<void>
  stop(): Promise<void>
  /** The newest version. */
  version(): number
  /**
   * What it publishes, as gateways read it, and when that was last read (milliseconds). Built at the first call, and from
   * then on kept up to date by the changes that gateways get; undefined before `start`, or when no gateway could take it.
   */
  published(): { directory: Directory; asOf: number } | undefined
  /** What was left out of it, and why. */
  findings(): readonly Finding[]
  /**
   * Connects a gateway: it gets a snapshot at once, then every change. Gives what disconnects it; so does a `write` that
   * throws. `writeSnapshot` gets the snapshot as a line of JSON instead, for who would write it as that anyway.
   */
  connect(
    gateway: string,
    write: (message: StreamMessage) => void,
    writeSnapshot?: (line: string) => void,
  ): () => void
  /** Connected gateways and the version each decides by; null: none yet. */
  gateways(): { gateway: string; version: number | null }[]
  acknowledge(report: GatewayReport): void
  /** Whether all connected gateways decide by `version` (or later) within `ms`, 100 by default. */
  waitFor(version: number, ms?: number): Promise<boolean>
  /**
   * To be awaited by a mutation after its commit: reads what is new, and waits until all connected gateways decide by
   * it, for `ms` at most, 100 by default. Never rejects. False: some did not in time, and will later.
   */
  settled(ms?: number): Promise<boolean>
}

export interface PublisherOptions {
  organizations: KnownOrganizations & Pick<Organizations, 'onChange'>
  services: Services
  /** Without it, none. */
  faults?: PublishedFaults
  issuers?: PublishedIssuers
  releases?: PublishedReleases
  mocks?: PublishedMocks
  /** From the configuration; without it, none. */
  rateLimits?: readonly SnapshotRateLimit[]
  clock: Clock
  log: Log
  /**
   * Milliseconds between heartbeats; between reads that mend a lost notification; and between comparisons of everything, that
   * mend what the database itself was not told (a table restored without its triggers).
   */
  heartbeatMs?: number
  rereadMs?: number
  compareMs?: number
}

interface Connection {
  gateway: string
  acknowledged: number | null
  write: (message: StreamMessage) => void
}

/*
 *   organizations, services ── changed ──► refresh: read what changed ──► change ──► every gateway ──► acknowledge
 *                                            ▲ one at a time; what comes meanwhile shares the next
 */
export function createPublisher(options: PublisherOptions): Publisher {
  const { organizations, services, faults, issuers, releases, mocks, clock, log } = options
  const heartbeatMs = options.heartbeatMs ?? 1_000
  const rereadMs = options.rereadMs ?? 5_000
  const compareMs = options.compareMs ?? 60_000
  const connections = new Set<Connection>()
  const waiters = new Set<() => void>()
  const stopped = new AbortController()
  let listeners: Listener[] = []
  const publication = createPublication()
  publication.replace('rateLimits', options.rateLimits ?? [])
  const known = createKnown(organizations, publication)
  const takeServices = createPublishedServices(publication)
  const takeMocks = createTakenMocks(publication)
  let told: readonly Finding[] = []
  let directory: Directory | undefined
  // Versions of a control that starts anew must not repeat those of the one before it.
  let version = clock.now()
  let asOf = 0
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined
  let comparing: Promise<void> | undefined
  let compareAt = clock.now() + compareMs

  /** Resolves once something that began after this call was read and published. */
  function refresh(): Promise<void> {
    if (!running) return (running = read().finally(() => (running = undefined)))
    return (next ??= running
      .catch(() => {})
      .then(() => {
        next = undefined
        return refresh()
      }))
  }

  async function read(): Promise<void> {
    const began = clock.now()
    const [take, list, broken, signers, versions, mocked] = await Promise.all([
      known.read(),
      services.list(),
      faults?.list() ?? [],
      issuers?.list() ?? [],
      releases?.list() ?? [],
      mocks?.list() ?? noMocks,
    ])
    take(began)
    takeServices(withReleases(list, versions))
    publication.replace('faults', broken.map(publishedFault))
    publication.replace('issuers', signers)
    takeMocks(mocked)
    const findings = publication.findings()
    if (JSON.stringify(findings) !== JSON.stringify(told))
      log[findings.length > 0 ? 'error' : 'info']({ findings }, 'what the gateways do not get')
    told = findings
    asOf = began
    const difference = publication.take()
    if (!difference) return
    version += 1
    if (directory !== undefined) {
      const applied = applyChange(directory, { version, ...difference })
      directory = applied.ok ? applied.directory : undefined
    }
    broadcast({ type: 'change', version, ...difference })
  }

  const onChange = () => void refresh().catch(report)

  /** One at a time; one that failed is made up for with the next heartbeat. */
  function compare(): void {
    // Up to date first, so that no change falls between the two, and what is merely late is not taken for a difference.
    comparing ??= refresh()
      .then(() => known.compare())
      .then((differs) => (differs ? refresh() : undefined))
      .catch((error: unknown) => {
        compareAt = 0
        report(error)
      })
      .finally(() => (comparing = undefined))
    compareAt = clock.now() + compareMs
  }

  function report(error: unknown): false {
    log.warn({ error: messageOf(error) }, 'the gateways get nothing new: it cannot be read')
    return false
  }

  /** Every second: tells how old the truth is; every 5 s, and after a failure, reads what is new in it. */
  async function beat(): Promise<void> {
    while (!stopped.signal.aborted) {
      await clock.sleep(heartbeatMs, stopped.signal).catch(() => {})
      // Not waited for: it may hang with Postgres, and its age is what the gateways have to hear of.
      if (clock.now() - asOf >= rereadMs) void refresh().catch(() => {})
      if (clock.now() >= compareAt && comparing === undefined) compare()
      broadcast({ type: 'heartbeat', now: iso(clock.now()), asOf: iso(asOf) })
    }
  }

  function broadcast(message: StreamMessage): void {
    for (const connection of connections)
      try {
        connection.write(message)
      } catch (error) {
        log.warn({ gateway: connection.gateway, error: messageOf(error) }, 'a gateway is cut off')
        connections.delete(connection)
        wakeAll()
      }
  }

  return {
    async start() {
      const onOrganizations = (change: Change) => {
        onChange()
        // The connection was lost, maybe with the server: what its transactions are called may have begun anew.
        if (change.kind === 'resync') compareAt = 0
      }
      listeners = [await organizations.onChange(onOrganizations), await services.onChange(onChange)]
      if (faults) listeners.push(await faults.onChange(onChange))
      if (issuers) listeners.push(await issuers.onChange(onChange))
      if (releases) listeners.push(await releases.onChange(onChange))
      if (mocks) listeners.push(await mocks.onChange(onChange))
      await refresh()
      void beat()
    },
    async stop() {
      stopped.abort()
      connections.clear()
      wakeAll()
      await Promise.all(listeners.map((listener) => listener.close()))
    },
    version: () => version,
    published() {
      if (asOf === 0) return undefined
      if (directory === undefined) {
        const opened = openSnapshot({ version, at: iso(asOf), ...publication.entries() })
        if (opened.ok) directory = opened.directory
      }
      return directory && { directory, asOf }
    },
    findings: () => told,
    connect(gateway, write, writeSnapshot) {
      const connection: Connection = { gateway, acknowledged: null, write }
      const head = { type: 'snapshot', version, at: iso(asOf), now: iso(clock.now()) } as const
      if (writeSnapshot) writeSnapshot(`${JSON.stringify(head).slice(0, -1)},${publication.json().slice(1)}`)
      else write({ ...head, ...publication.entries() })
      connections.add(connection)
      return () => {
        connections.delete(connection)
        wakeAll()
      }
    },
    gateways: () => [...connections].map(({ gateway, acknowledged }) => ({ gateway, version: acknowledged })),
    acknowledge(report) {
      for (const connection of connections)
        if (connection.gateway === report.gateway) connection.acknowledged = report.version
      wakeAll()
    },
    waitFor,
    async settled(ms = 100) {
      const began = clock.now()
      const patience = new AbortController()
      const late = clock.sleep(ms, patience.signal).then(
        () => false,
        () => false,
      )
      const read = await Promise.race([refresh().then(isTrue, report), late])
      patience.abort()
      return read && waitFor(version, Math.max(0, began + ms - clock.now()))
    },
  }

  async function waitFor(wanted: number, ms = 100): Promise<boolean> {
    const reached = () => [...connections].every(({ acknowledged }) => (acknowledged ?? -1) >= wanted)
    const done = new AbortController()
    const late = clock
      .sleep(ms, done.signal)
      .catch(() => {})
      .then(() => 'late' as const)
    while (!reached() && !stopped.signal.aborted) {
      const woken = new Promise<'woken'>((resolve) => void waiters.add(() => resolve('woken')))
      if ((await Promise.race([late, woken])) === 'late') break
    }
    done.abort()
    return reached()
  }

  function wakeAll(): void {
    const woken = [...waiters]
    waiters.clear()
    for (const wake of woken) wake()
  }
}

const isTrue = (): true => true
const noMocks = { mocks: [], routes: [] }

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
