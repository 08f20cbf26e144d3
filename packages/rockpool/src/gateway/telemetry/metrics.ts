import { durationBounds } from '../overview/counters.ts'
import type { CounterValues } from '../overview/types.ts'
import { attributesOf } from './attributes.ts'
import type { Attribute } from './attributes.ts'
import { nanosecondsOf } from './spans.ts'

/*
 * What a gateway's process counted since it began, as OTLP writes metrics in JSON (opentelemetry-proto, metrics.proto):
 * cumulative, as Prometheus has it, and with the same few labels. Never an organization, a path or a credential.
 */

/** AGGREGATION_TEMPORALITY_CUMULATIVE */
const cumulative = 2

interface Point {
  attributes: Attribute[]
  startTimeUnixNano: string
  timeUnixNano: string
}

export interface Metric {
  name: string
  description: string
  unit: string
  sum?: { aggregationTemporality: 2; isMonotonic: true; dataPoints: (Point & { asInt: string })[] }
  histogram?: {
    aggregationTemporality: 2
    dataPoints: (Point & {
      count: string
      sum: number
      bucketCounts: string[]
      explicitBounds: number[]
    })[]
  }
}

/** `started`, `now`: milliseconds. Metrics without a point are left out. Pure. */
export function toMetrics(values: CounterValues, started: number, now: number): Metric[] {
  const point = (attributes: Readonly<Record<string, string | null>>): Point => ({
    attributes: attributesOf(attributes),
    startTimeUnixNano: nanosecondsOf(started),
    timeUnixNano: nanosecondsOf(now),
  })
  const sum = (
    name: string,
    unit: string,
    description: string,
    points: readonly { of: Readonly<Record<string, string | null>>; count: number }[],
  ): Metric[] => {
    if (points.length === 0) return []
    const dataPoints = points.map(({ of, count }) => ({ ...point(of), asInt: String(count) }))
    return [
      { name, unit, description, sum: { aggregationTemporality: cumulative, isMonotonic: true, dataPoints } },
    ]
  }

  return [
    ...durations(values, point),
    ...sum(
      'rockpool.gateway.requests',
      '{request}',
      'Requests for services, by who sent them and how they ended.',
      values.requests.map(({ service, environment, from, method, status, count }) => ({
        of: { ...placeOf({ service, environment }), from, method, status },
        count,
      })),
    ),
    ...sum(
      'rockpool.gateway.refusals',
      '{request}',
      'Answers of the gateway itself, by the code of the problem.',
      values.refused.map(({ code, count }) => ({ of: { code }, count })),
    ),
    ...sum('rockpool.gateway.stripped_marks', '{mark}', 'Forged marks that were taken out.', [
      { of: {}, count: values.stripped },
    ]),
  ]
}

/** By the semantic conventions: seconds from the head of a request to the end of its answer. */
function durations(
  { services }: CounterValues,
  point: (attributes: Readonly<Record<string, string | null>>) => Point,
): Metric[] {
  if (services.length === 0) return []
  return [
    {
      name: 'http.server.request.duration',
      unit: 's',
      description: 'Duration of HTTP server requests.',
      histogram: {
        aggregationTemporality: cumulative,
        dataPoints: services.map((cell) => ({
          ...point(placeOf(cell)),
          count: String(cell.durations.reduce((total, count) => total + count, 0)),
          sum: cell.durationMs / 1_000,
          bucketCounts: cell.durations.map(String),
          explicitBounds: durationBounds.map((ms) => ms / 1_000),
        })),
      },
    },
  ]
}

const placeOf = ({ service, environment }: { service: string | null; environment: string | null }) => ({
  'rockpool.service': service,
  'rockpool.environment': environment,
})
