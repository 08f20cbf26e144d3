import { createKeeper } from '../../kernel/index.ts'
import type { Clock, Database, Keeper, Log } from '../../kernel/index.ts'
import {
  forget,
  keepShipment,
  selectReconciled,
  selectRequest,
  selectRequests,
  selectSeries,
  selectTotals,
  type KeptRequest,
  type RequestFilter,
} from './store.ts'
import { seriesOf, summarize, type SeriesPoint, type Summary } from './summary.ts'
import type { Shipment } from './types.ts'

/** How long figures and requests are kept. */
export const keptMs = 7 * 24 * 60 * 60 * 1000

const minuteMs = 60_000
const mostPoints = 360
const steps = [1, 5, 15, 60].map((minutes) => minutes * minuteMs)

export interface TrafficRange {
  from: Date
  to: Date
  organization?: string | undefined
  service?: string | undefined
  environment?: string | undefined
}

export interface TrafficSummary extends Summary {
  /** Whole steps: what was asked for, widened to them. */
  from: string
  to: string
  /** Seconds between two points of the series. */
  step: number
  series: SeriesPoint[]
  /** When gateways last told something, and how many of the requests they told of since `from` are not here; null: nothing was told. */
  reconciled: { at: string; told: number; missing: number } | null
}

/** What went through the gateways, as control keeps it. */
export interface Traffic {
  /** Takes what a gateway tells; the same shipment may come again. */
  keep(shipment: Shipment): Promise<void>
  summary(range: TrafficRange): Promise<TrafficSummary>
  /** The newest first. */
  requests(filter: RequestFilter): Promise<{ items: KeptRequest[]; next: string | null }>
  request(id: string): Promise<KeptRequest | undefined>
  /** Takes away what is older than a week. */
  forget(): Promise<void>
}

export function createTraffic({ database, clock }: { database: Database; clock: Clock }): Traffic {
  return {
    keep: (shipment) => keepShipment(database, shipment, new Date(clock.now())),
    async summary({ organization, service, environment, ...range }) {
      const { from, to, stepMs } = widen(range)
      const query = { from, to, stepS: stepMs / 1000, organization, service, environment }
      const [totals, series, reconciled] = await Promise.all([
        selectTotals(database, query),
        selectSeries(database, query),
        selectReconciled(database, from),
      ])
      return {
        from: from.toISOString(),
        to: to.toISOString(),
        step: query.stepS,
        ...summarize(totals),
        series: seriesOf(series),
        reconciled: reconciled && {
          at: reconciled.at.toISOString(),
          told: reconciled.told,
          missing: reconciled.told - reconciled.kept,
        },
      }
    },
    requests: (filter) => selectRequests(database, filter),
    request: (id) => selectRequest(database, id),
    forget: () => forget(database, new Date(clock.now() - keptMs)),
  }
}

/** The whole steps that a time touches, so few that a chart can show them. Pure. */
export function widen({ from, to }: { from: Date; to: Date }): { from: Date; to: Date; stepMs: number } {
  const length = to.getTime() - from.getTime()
  const stepMs = steps.find((step) => length / step <= mostPoints) ?? steps.at(-1)!
  return {
    from: new Date(Math.floor(from.getTime() / stepMs) * stepMs),
    to: new Date(Math.ceil(to.getTime() / stepMs) * stepMs),
    stepMs,
  }
}

/** Forgets what is too old, while control runs; several at once do no harm. */
export function createTrafficKeeper(options: {
  traffic: Pick<Traffic, 'forget'>
  clock: Clock
  log: Log
}): Keeper {
  const { traffic, clock, log } = options
  const work = () => traffic.forget()
  return createKeeper({
    work,
    failed: 'old traffic could not be taken away',
    intervalMs: minuteMs,
    clock,
    log,
  })
}
