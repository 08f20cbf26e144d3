import type { Actor, Environment } from '@rockpool/sdk/wire'
import { addTo, quantile, type Histogram } from './latency.ts'
import { sideOf } from './side.ts'
import type { Figures, Side, StatusClass } from './types.ts'

/** Requests that have all this in common; `at` in milliseconds since 1970, null: of the whole time. */
export interface SummaryRow {
  at: number | null
  service: string | null
  environment: Environment | null
  actor: Actor | null
  inside: boolean
  class: StatusClass
  band: number
  count: number
}

export interface Summary {
  /** All that came from outside = customers' + Rockpool's own. What services called on, and what was dropped, is beside it. */
  totals: { all: Figures; customers: Figures; own: Figures; inside: Figures; dropped: number }
  services: {
    /** Null: no service has the route. */
    service: string | null
    /** Null: nobody knew who called. */
    environment: Environment | null
    customers: Figures
    own: Figures
    inside: Figures
  }[]
  actors: ({ actor: Actor | null; environment: Environment | null; side: Side } & Figures)[]
}

export interface SeriesPoint {
  /** ISO 8601: the beginning of the step. */
  at: string
  customers: Figures
  own: Figures
  dropped: number
}

/** The figures of a time, from what was counted in it. Pure. */
export function summarize(rows: readonly SummaryRow[]): Summary {
  const counted = rows.filter((row) => row.class !== 'dropped')
  const outside = counted.filter((row) => !row.inside)
  const services = groupBy(counted, ({ service, environment }) => JSON.stringify([service, environment]))
  const actors = groupBy(outside, ({ actor, environment }) => JSON.stringify([actor, environment]))
  return {
    totals: {
      all: figuresOf(outside),
      ...sidesOf(outside),
      inside: figuresOf(counted.filter((row) => row.inside)),
      dropped: droppedIn(rows),
    },
    services: services.map((group) => ({
      service: group[0]!.service,
      environment: group[0]!.environment,
      ...sidesOf(group.filter((row) => !row.inside)),
      inside: figuresOf(group.filter((row) => row.inside)),
    })),
    actors: actors.map((group) => ({
      actor: group[0]!.actor,
      environment: group[0]!.environment,
      side: sideOf(group[0]!),
      ...figuresOf(group),
    })),
  }
}

/** One point for each step in which anything was counted: a step without one is a gap, not a zero. Pure. */
export function seriesOf(rows: readonly SummaryRow[]): SeriesPoint[] {
  return groupBy(
    rows.filter((row) => row.at !== null && !row.inside),
    ({ at }) => String(at),
  )
    .map((group) => ({
      at: new Date(group[0]!.at!).toISOString(),
      ...sidesOf(group.filter((row) => row.class !== 'dropped')),
      dropped: droppedIn(group),
    }))
    .sort((a, b) => (a.at < b.at ? -1 : 1))
}

function sidesOf(rows: readonly SummaryRow[]): Record<Side, Figures> {
  return {
    customers: figuresOf(rows.filter((row) => sideOf(row) === 'customers')),
    own: figuresOf(rows.filter((row) => sideOf(row) === 'own')),
  }
}

function figuresOf(rows: readonly SummaryRow[]): Figures {
  const histogram: Histogram = new Map()
  const classes = new Map<StatusClass, number>()
  for (const row of rows) {
    classes.set(row.class, (classes.get(row.class) ?? 0) + row.count)
    // Who left did not see how long it would have taken.
    if (row.class !== 'none') addTo(histogram, row.band, row.count)
  }
  return {
    count: rows.reduce((sum, { count }) => sum + count, 0),
    errors: classes.get('5xx') ?? 0,
    refused: classes.get('4xx') ?? 0,
    gone: classes.get('none') ?? 0,
    p50: quantile(histogram, 0.5),
    p95: quantile(histogram, 0.95),
    p99: quantile(histogram, 0.99),
  }
}

function droppedIn(rows: readonly SummaryRow[]): number {
  return rows.reduce((sum, row) => (row.class === 'dropped' ? sum + row.count : sum), 0)
}

function groupBy<T>(rows: readonly T[], nameOf: (row: T) => string): T[][] {
  return [...Map.groupBy(rows, nameOf).entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => group)
}
