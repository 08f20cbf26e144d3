import { join } from 'node:path'
import { problem, version } from '../kernel/index.ts'
import type { CertificateFiles, Clock, Log } from '../kernel/index.ts'
import { createAccessLog } from './access-log.ts'
import type { LineSink } from './access-log.ts'
import { createBudgets } from './budgets/budgets.ts'
import { createContractCounts } from './judging/counts.ts'
import { createContractKeeper } from './judging/keeper.ts'
import { createControlLink } from './control-link.ts'
import { createCutOffWatch } from './cut-off-watch.ts'
import { defaultCutOff } from './ground.ts'
import type { CutOff } from './ground.ts'
import type { Engine, EngineLimits } from './engines/engine.ts'
import { createListener, servesSockets } from './engines/listening/listener.ts'
import type { Listener } from './engines/listening/listener.ts'
import { loadEngine } from './engines/load.ts'
import { defaultEngine } from './engines/names.ts'
import type { EngineName } from './engines/names.ts'
import { createGateway } from './gateway.ts'
import { createSigner } from './identity.ts'
import { createUnknownKeys } from './issuers/unknown-keys.ts'
import { openLedger } from './ledger.ts'
import { createLimits } from './limits/limits.ts'
import type { Sharing } from './limits/limits.ts'
import { createCounters } from './overview/counters.ts'
import { createFacts } from './overview/facts.ts'
import { createDrains } from './releases/drains.ts'
import { createSignIn } from './sign-in.ts'
import { createState } from './state.ts'
import { createExporter } from './telemetry/exporter.ts'
import type { TelemetrySettings } from './telemetry/types.ts'
import { createSubscriber } from './subscriber.ts'
import { createUsageCollector } from './judging/usage.ts'
import { counting, createTrafficCollector } from './traffic/collector.ts'

export interface GatewayProcessOptions {
  /** Stable and unique among the gateways of an installation. */
  name: string
  host: string
  /** 0: any free one. */
  port: number
  /** Control's origin, and the role token of the gateway. */
  controlUrl: string
  roleToken: string
  /** Of this gateway alone: the last good snapshot, the contracts, the ledger. */
  folder: string
  /** Browsers reach it by https: it has a certificate, or whatever stands in front of it sees to that. */
  secure?: boolean
  /** Its certificate; without one it speaks without TLS. */
  tls?: CertificateFiles | undefined
  accessLog: LineSink
  clock: Clock
  log: Log
  engine?: EngineName
  /** How long what stands on control's word counts without it. */
  cutOff?: Partial<CutOff>
  /** Connections of clients, and what they may use up; each member has a default. */
  limits?: Partial<EngineLimits>
  /**
   * Milliseconds that it serves on, when it is to stop, while its health says 503: as long as load balancers take to notice
   * it. 0 by default.
   */
  drainMs?: number
  /** With which other processes of this machine it shares the limits. */
  sharing?: Sharing | undefined
  /** Called once it follows control: it listens when that resolves. Without it, it listens at once. */
  beforeListening?: ((notReady: () => string | undefined) => Promise<void>) | undefined
  /** Where traces and metrics are told; nowhere without it. */
  telemetry?: TelemetrySettings | undefined
}

export interface GatewayProcess {
  port: number
  /** Undefined: it serves. Else why not yet. */
  notReady(): string | undefined
  /** Says that it stops, drains, finishes what is in flight within 5 s, ships the ledger, goes. */
  stop(): Promise<void>
  /**
   * Goes because another one has its place: accepts nothing more, ends each connection with its next answer, waits `ms` at
   * most until all have left, and goes. Its health stays what it was: who asks it asks for the machine.
   */
  retire(ms: number): Promise<void>
}

/** Of a gateway's 10,000 connections one address has a tenth at most: a load balancer that hides the others needs more. */
const defaultBounds = { maxConnectionsPerClient: 1_000 }

/** One gateway, whole. It listens at once, and answers 503 with the reason until it may serve. */
export async function startGateway(options: GatewayProcessOptions): Promise<GatewayProcess> {
  const { clock, log, folder, tls, engine: engineName = defaultEngine, drainMs = 0 } = options
  const signer = createSigner()
  const { publicKey } = signer
  const createEngine = await loadEngine(engineName)
  const control = createControlLink({ url: options.controlUrl, token: options.roleToken })
  const cutOff = { ...defaultCutOff, ...options.cutOff }
  const bounds = { ...defaultBounds, ...options.limits }
  const state = createState({
    clock,
    kid: publicKey.kid,
    secure: options.secure ?? tls !== undefined,
    cutOff,
  })
  const ledger = await openLedger({ folder: join(folder, 'ledger'), ship: control.ship, clock, log })
  const traffic = createTrafficCollector({ ship: control.traffic, clock, log })
  const counters = createCounters()
  const contractCounts = createContractCounts()
  const contracts = createContractKeeper({ source: control, folder: join(folder, 'contracts'), clock, log })
  const usage = createUsageCollector({ state, keeper: contracts, ship: control.usage, clock, log })
  const accessLog = counting(createAccessLog(options.accessLog), traffic, counters)
  const addresses: string[] = []
  const facts = createFacts({
    name: options.name,
    engine: engineName,
    addresses,
    key: publicKey.kid,
    state,
    counters,
    contracts: contractCounts,
    ledger,
    traffic,
    accessLog,
    clock,
  })
  const cutOffWatch = createCutOffWatch({ state, clock, log })
  const { name } = options
  const drains = createDrains({
    forget: (origin) => engine.forget(origin),
    onDone: () => subscriber.tell(),
    log,
  })
  const subscriber = createSubscriber({
    state,
    control,
    publicKey,
    facts,
    drains,
    contracts,
    name,
    folder,
    clock,
    log,
  })
  const onUsed = subscriber.used
  const onUnknownKey = createUnknownKeys({ tell: control.unknownKeys, log })
  const signIn = createSignIn({ redeem: control.redeem, state, clock, log })
  const told = { onUsed, onUnknownKey, drains, contracts, contractCounts, usage }
  const budgets = createBudgets({ lender: control, clock, log })
  const tracer =
    options.telemetry &&
    createExporter({
      settings: options.telemetry,
      instance: options.name,
      version,
      counters,
      clock,
      log,
    })
  const limits = createLimits({ clock, sharing: options.sharing })
  const duties = createGateway({
    state,
    limits,
    signer,
    ledger,
    accessLog,
    clock,
    log,
    signIn,
    budgets,
    ...(tracer && { tracer }),
    ...told,
  })
  const engine = listening(createEngine(duties, bounds))
  const early = options.beforeListening ? undefined : await listen()
  await subscriber.start()
  await options.beforeListening?.(state.notReady)
  const port = early ?? (await listen())
  log.info({ port, key: publicKey.kid }, 'the gateway listens')

  /** With HTTP/2 and TLS beside it. */
  function listening(http1: Engine): Listener {
    if (servesSockets(http1)) return createListener({ duties, engine: http1, tls, log, limits: bounds })
    throw problem('config_invalid', `the engine “${engineName}” lets nobody else listen`)
  }

  async function listen(): Promise<number> {
    const chosen = await engine.listen({ host: options.host, port: options.port })
    addresses.push(`${options.host.includes(':') ? `[${options.host}]` : options.host}:${chosen}`)
    return chosen
  }

  async function end(): Promise<void> {
    await engine.close(5_000)
    accessLog.flush()
    await Promise.all([ledger.close(), traffic.close(), usage.close(), budgets.close(), tracer?.close()])
    cutOffWatch.stop()
    await subscriber.stop()
    await contracts.stop()
    await control.close()
  }

  return {
    port,
    notReady: state.notReady,
    async stop() {
      state.drain()
      if (drainMs > 0) await clock.sleep(drainMs)
      await end()
    },
    async retire(ms) {
      const late = new AbortController()
      await Promise.race([engine.empty(), clock.sleep(ms, late.signal).catch(() => {})])
      late.abort()
      await end()
    },
  }
}
