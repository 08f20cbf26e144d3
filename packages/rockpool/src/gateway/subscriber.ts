import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PublicKey } from '@rockpool/sdk/wire'
import { messageOf, newId } from '../kernel/index.ts'
import type { Clock, Finding, Log } from '../kernel/index.ts'
import type { ContractKeeper } from './judging/keeper.ts'
import type { ControlLink } from './control-link.ts'
import type { Facts } from './overview/facts.ts'
import type { Drains } from './releases/drains.ts'
import { writeSnapshot } from './snapshot-file.ts'
import type { GatewayState } from './state.ts'
import type { StreamMessage } from './types.ts'

/** A gateway's side of the stream: keeps its state at the newest version, and a copy of it on disk. */
export interface Subscriber {
  /** Takes the last good snapshot from disk and begins to follow control. Never fails because control is down. */
  start(): Promise<void>
  stop(): Promise<void>
  /** A credential was used; told to control every few seconds. */
  used(credential: string, now: number): void
  /** Control is to hear at once how things are here: a release is drained. */
  tell(): void
}

export interface SubscriberOptions {
  state: GatewayState
  control: ControlLink
  publicKey: PublicKey
  /** What it tells of itself. */
  facts?: Facts
  /** Follows what is to be drained. */
  drains?: Pick<Drains, 'follow' | 'done'>
  /** Has the contracts that services name. */
  contracts?: Pick<ContractKeeper, 'follow'>
  /** Stable name of this gateway: its earlier keys are retired when it registers a new one. */
  name: string
  /** For the snapshot on disk. */
  folder: string
  clock: Clock
  log: Log
}

const maxPauseMs = 500
const refusedPauseMs = 2_000
const tellMs = 5_000
const saveMs = 1_000

export function createSubscriber(options: SubscriberOptions): Subscriber {
  const { state, control, facts, drains, contracts, clock, log } = options
  const gateway = newId('gw')
  const file = join(options.folder, 'snapshot.json')
  const stopped = new AbortController()
  let lastUsed = new Map<string, number>()
  /** The version that control knows we decide by; undefined: none. */
  let reported: number | undefined | 'due'
  /** The next report says how it is, too. */
  let factsDue = true
  /** Something came up since the report under way was written. */
  let changed = false
  let reporting: Promise<void> | undefined
  let saving: Promise<void> | undefined
  let unsaved = false
  let registering: Promise<void> | undefined
  let tasks: Promise<unknown> = Promise.resolve()

  return {
    async start() {
      await mkdir(options.folder, { recursive: true, mode: 0o700 })
      await restore()
      tasks = Promise.all([follow(), tell()])
    },
    async stop() {
      stopped.abort()
      await tasks
      await report().catch(() => {})
      await saving
      if (unsaved) await save()
    },
    used(credential, now) {
      lastUsed.set(credential, now)
    },
    tell() {
      changed = true
      reported = 'due'
      sendReport()
    },
  }

  /**
   * Connects, and connects again: at once the first time, then after growing pauses of at most half a second, or two
   * seconds while control sends what has to be refused. A heartbeat is the sign that all is well.
   */
  async function follow(): Promise<void> {
    let pause = 0
    while (!stopped.signal.aborted) {
      let longest = maxPauseMs
      try {
        for await (const message of control.stream(gateway, stopped.signal)) {
          const findings = take(message)
          if (message.type === 'heartbeat') pause = 0
          if (findings.length === 0) continue
          longest = refusedPauseMs
          log.error(
            { findings: findings.slice(0, 20) },
            'control sent a bad configuration: the last good one serves on',
          )
          break
        }
      } catch (error) {
        if (!stopped.signal.aborted && pause === 0) log.warn({ error: messageOf(error) }, 'control was lost')
      }
      await clock.sleep(pause, stopped.signal).catch(() => {})
      pause = Math.min(longest, pause * 2 + 50)
    }
  }

  function take(message: StreamMessage): Finding[] {
    if (message.type === 'heartbeat') {
      // Only the difference counts, so that the clocks of two machines may differ.
      state.vouch(clock.now() - age(message.now, message.asOf))
      return []
    }
    const findings =
      message.type === 'snapshot'
        ? state.open(message, clock.now() - age(message.now, message.at))
        : state.change(message)
    if (findings.length > 0) {
      facts?.refused(findings)
      tellSoon()
      return findings
    }
    facts?.taken()
    const services = [...state.ground()!.directory.services.values()]
    drains?.follow(services)
    contracts?.follow(services)
    if (message.type === 'snapshot') {
      reported = 'due'
      factsDue = true
    }
    registerKey()
    sendReport()
    saveSoon()
    return []
  }

  function age(now: string, then: string): number {
    return Math.max(0, Date.parse(now) - Date.parse(then))
  }

  /** Until control tells our own key in a snapshot, services could not verify what it signs. */
  function registerKey(): void {
    if (registering || state.notReady() === undefined) return
    registering = control
      .register({ ...options.publicKey, holder: options.name })
      .catch(async (error: unknown) => {
        log.warn({ error: messageOf(error) }, 'the signing key could not be registered')
        await clock.sleep(maxPauseMs, stopped.signal).catch(() => {})
      })
      .finally(() => {
        registering = undefined
        if (!stopped.signal.aborted && state.notReady() !== undefined) setTimeout(registerKey, 50).unref()
      })
  }

  /** Acknowledges at once; versions that come while one is being reported share the next report. */
  function sendReport(): void {
    reporting ??= reportAll().finally(() => {
      reporting = undefined
    })
  }

  async function reportAll(): Promise<void> {
    while (!stopped.signal.aborted && reported !== state.ground()?.directory.version) {
      await report().catch(async (error: unknown) => {
        log.debug({ error: messageOf(error) }, 'control did not take a report')
        await clock.sleep(maxPauseMs, stopped.signal).catch(() => {})
      })
    }
  }

  async function report(): Promise<void> {
    const version = state.ground()?.directory.version
    if (version === undefined && facts === undefined) {
      reported = undefined
      return
    }
    const used = lastUsed
    const told = factsDue ? facts?.read() : undefined
    const drained = drains?.done() ?? []
    lastUsed = new Map()
    factsDue = false
    changed = false
    try {
      const entries = [...used].map(([id, time]) => [id, new Date(time).toISOString()])
      await control.report({
        gateway,
        // One that has no snapshot yet has something to say all the same: why it took none.
        version: version ?? 0,
        lastUsed: Object.fromEntries(entries) as Record<string, string>,
        ...(told && { facts: told }),
        ...(drained.length > 0 && { drained }),
      })
      reported = factsDue || changed ? 'due' : version
    } catch (error) {
      factsDue ||= told !== undefined
      for (const [id, time] of used) if (!lastUsed.has(id)) lastUsed.set(id, time)
      throw error
    }
  }

  async function tell(): Promise<void> {
    while (!stopped.signal.aborted) {
      await clock.sleep(tellMs, stopped.signal).catch(() => {})
      if (!stopped.signal.aborted) tellSoon()
    }
  }

  /** Without a new version there is nothing to acknowledge, but something to say. */
  function tellSoon(): void {
    reported = 'due'
    factsDue = true
    sendReport()
  }

  function saveSoon(): void {
    unsaved = true
    saving ??= clock
      .sleep(saveMs, stopped.signal)
      .catch(() => {})
      .then(save)
      .catch((error: unknown) =>
        log.error({ error: messageOf(error) }, 'the snapshot could not be kept on disk'),
      )
      .finally(() => {
        saving = undefined
        if (unsaved && !stopped.signal.aborted) saveSoon()
      })
  }

  async function save(): Promise<void> {
    unsaved = false
    const snapshot = state.snapshot()
    if (!snapshot) return
    await writeSnapshot(file, snapshot)
  }

  async function restore(): Promise<void> {
    const text = await readFile(file, 'utf8').catch(() => undefined)
    if (text === undefined) return
    try {
      const snapshot = JSON.parse(text) as { at: string }
      const findings = state.open(snapshot, Math.min(clock.now(), Date.parse(snapshot.at)))
      if (findings.length > 0)
        log.warn({ findings: findings.slice(0, 20) }, 'the snapshot on disk is not valid')
      else {
        contracts?.follow(state.ground()!.directory.services.values())
        log.info({ asOf: snapshot.at }, 'began with the last good snapshot from disk')
      }
    } catch (error) {
      log.warn({ error: messageOf(error) }, 'the snapshot on disk cannot be read')
    }
  }
}
