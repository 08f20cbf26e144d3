import { randomUUID } from 'node:crypto'
import { messageOf } from '../../kernel/index.ts'
import type { Clock, Log } from '../../kernel/index.ts'
import { mergeUsage } from '../../contracts/light.ts'
import type { Observer, UsageRow, UsageShipment, UsageSide } from '../../contracts/light.ts'
import type { Forwarding } from '../forwarding.ts'
import type { GatewayState } from '../state.ts'
import { isForGood } from '../traffic/collector.ts'
import { sideOf } from '../traffic/side.ts'
import type { Route, SnapshotService } from '../types.ts'
import type { Judge, SeenAnswer, SeenRequest } from './judge.ts'
import type { ContractKeeper } from './keeper.ts'
import { cutRow, cutsOf, observedRow, takeRows, toldOf } from './usage-rows.ts'
import type { Held } from './usage-rows.ts'

/*
 *   call ──► observer of its contract and side ──every minute──► held ──► shipments, one at a time ──► control
 *            (in memory, bounded)                                (bounded)   sent again until it is taken, and counts once
 *
 * Whatever gets lost, but with the process, is told as a cut: then nobody says that something was never sent.
 */

/** Counts what calls and answers have of their contracts, and tells control. Never waits, and never fails a call. */
export interface UsageCollector {
  request(call: Forwarding, judge: Judge, seen: SeenRequest): void
  response(call: Forwarding, judge: Judge, seen: SeenAnswer): void
  /** A call that ought to have been read, and was not. */
  missed(call: Forwarding): void
  /** Tells what is left, if control takes it within a second. */
  close(): Promise<void>
}

export interface UsageCollectorOptions {
  state: Pick<GatewayState, 'ground'>
  keeper: Pick<ContractKeeper, 'judgeOf'>
  /** Gives a shipment to control; rejects when it did not take it, with `cause.status` where it answered. */
  ship: (shipment: UsageShipment) => Promise<void>
  clock: Clock
  log: Log
}

const intervalMs = 60_000
const rowsInShipment = 2_000
const bytesInShipment = 4 * 1024 * 1024
/** Of one side of one service, for as long as control is away. */
const mostHeld = 50_000
const sides: readonly UsageSide[] = ['customers', 'own', 'services']

interface Watch {
  side: UsageSide
  service: string
  judge: Judge
  observer: Observer
}

export function createUsageCollector(options: UsageCollectorOptions): UsageCollector {
  const { state, keeper, clock, log } = options
  const source = randomUUID()
  const stopped = new AbortController()
  const watches = new Map<string, Watch>()
  const held = new Map<string, Held>()
  const missed = new Map<string, { side: UsageSide; service: string; route: Route }>()
  /** On which day it was told last that an operation is watched, by service and operation. */
  const watched = new Map<string, string>()
  let number = 0
  let pending: UsageShipment | undefined

  function observerFor(side: UsageSide, service: string, judge: Judge): Observer {
    const key = `${side} ${service}`
    const known = watches.get(key)
    if (known?.judge === judge) return known.observer
    // Its contract is another one now: what came of the one before is held beside it.
    if (known !== undefined) collect(known, new Date(clock.now()).toISOString())
    const observer = judge.observer()
    watches.set(key, { side, service, judge, observer })
    return observer
  }

  /** A fault of ours costs a count, and no call. */
  function count(call: Forwarding, judge: Judge, add: (observer: Observer, whose: string) => void): void {
    try {
      for (const { side, name } of whoseOf(call)) add(observerFor(side, call.decision.service, judge), name)
    } catch (error) {
      log.error({ service: call.decision.service, error: messageOf(error) }, 'a call was not counted')
      miss(call)
    }
  }

  function miss(call: Forwarding): void {
    const { service, route } = call.decision
    for (const { side } of whoseOf(call))
      missed.set(`${side} ${service} ${route.method} ${route.path}`, { side, service, route })
  }

  function hold(side: UsageSide, service: string, rows: readonly UsageRow[]): void {
    if (rows.length === 0) return
    const key = `${side} ${service}`
    const known = held.get(key)?.usage ?? { rows: [], isCut: false }
    const usage = mergeUsage(known, { rows: [...rows], isCut: false }, mostHeld)
    const cuts = usage.isCut ? cutsOf(usage.rows) : []
    const merged = mergeUsage({ rows: usage.rows, isCut: false }, { rows: cuts, isCut: false })
    held.set(key, { side, service, usage: merged })
  }

  const collect = ({ side, service, observer }: Watch, at: string) =>
    hold(side, service, toldOf(observer.take(at)))

  const judgeOf = (service: SnapshotService | undefined) =>
    service?.contract === undefined ? undefined : keeper.judgeOf(service.contract)

  function collectAll(): void {
    const at = new Date(clock.now()).toISOString()
    const day = at.slice(0, 10)
    for (const watch of watches.values()) collect(watch, at)
    const services: ReadonlyMap<string, SnapshotService> = state.ground()?.directory.services ?? new Map()
    for (const service of services.values()) {
      const { name, routes } = service
      const judge = judgeOf(service)
      if (judge === undefined) continue
      const isRead = ({ validation }: Route) => validation !== undefined && validation.requests !== 'off'
      const operations = new Set(routes.filter(isRead).map((route) => judge.keyOf(route)))
      const fresh = [...operations].filter((operation) => watched.get(`${name} ${operation}`) !== day)
      for (const operation of fresh) watched.set(`${name} ${operation}`, day)
      for (const side of sides)
        hold(
          side,
          name,
          fresh.map((operation) => observedRow(operation, day, at)),
        )
    }
    for (const [key, { side, service, route }] of missed) {
      const judge = judgeOf(services.get(service))
      // What has no contract any more is not asked for either.
      if (judge === undefined && services.get(service)?.contract !== undefined) continue
      if (judge !== undefined) hold(side, service, [cutRow(judge.keyOf(route), day, at)])
      missed.delete(key)
    }
  }

  async function ship(): Promise<void> {
    if (pending === undefined) {
      number += 1
      pending = { source, number, rows: takeRows(held.values(), rowsInShipment, bytesInShipment) }
    }
    const { rows } = pending
    await options.ship(pending).catch((error: unknown) => {
      if (!isForGood(error)) throw error
      log.error({ error: messageOf(error) }, 'control refuses what was seen of contracts: it is dropped')
      // What is refused even of these, control has no use for.
      const lost = rows.filter(({ kind }) => kind !== 'cut')
      for (const group of Map.groupBy(lost, ({ side, service }) => `${side} ${service}`).values())
        hold(group[0]!.side, group[0]!.service, cutsOf(group))
    })
    pending = undefined
  }

  const isWaiting = () =>
    pending !== undefined || [...held.values()].some(({ usage }) => usage.rows.length > 0)

  async function tell(): Promise<void> {
    collectAll()
    while (isWaiting()) await ship()
  }

  async function run(): Promise<void> {
    let isTold = false
    while (!stopped.signal.aborted) {
      await clock.sleep(intervalMs, stopped.signal).catch(() => {})
      if (stopped.signal.aborted) return
      await tell().then(
        () => (isTold = false),
        (error: unknown) => {
          if (!isTold)
            log.warn({ error: messageOf(error) }, 'control did not take what was seen of contracts')
          isTold = true
        },
      )
    }
  }
  const running = run()

  return {
    request: (call, judge, { operation, read, contentType }) =>
      count(call, judge, (observer, whose) => observer.request(operation, whose, read, contentType)),
    response: (call, judge, { operation, status, contentType, body }) =>
      count(call, judge, (observer, whose) => observer.response(operation, whose, status, contentType, body)),
    missed: miss,
    async close() {
      stopped.abort()
      await running
      await Promise.race([tell().catch(() => {}), clock.sleep(1_000)])
    },
  }
}

/** A sandbox counts as the organization that it belongs to; a service that calls on, once more under its own name. Pure. */
function whoseOf({ decision }: Forwarding): { side: UsageSide; name: string }[] {
  const { organization, identity, credential, user } = decision
  const actor = identity?.actor ?? credential?.actor ?? (user ? 'customer' : null)
  const side = sideOf({ environment: organization?.environment ?? null, actor })
  const own = { side, name: organization?.parent ?? organization?.slug ?? '' }
  const caller = credential?.service ?? null
  return caller === null ? [own] : [own, { side: 'services', name: caller }]
}
