import { answeredMs } from '../access-log.ts'
import type { AccessRecord } from '../access-log.ts'
import { classOf } from '../traffic/cells.ts'
import type { CounterValues, From, MethodClass, RequestCount, ServiceCount } from './types.ts'

/** What a gateway's process counts. `add` costs one look-up and a few additions; nothing is ever taken out. */
export interface Counters {
  add(record: AccessRecord): void
  values(): CounterValues
}

interface Cell extends Omit<RequestCount, 'count'> {
  durations: number[]
  durationMs: number
  bytesIn: number
  bytesOut: number
}

/** The largest of each band in milliseconds, but of the last, which has no end. Fixed: who reads them compares over time. */
export const durationBounds: readonly number[] = [
  1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000,
]
/** What more services than fit count under; the name of none. */
export const overflow = '(other)'
const maxCodes = 200

/** `most`: cells at most, 1,000 by default. What comes beyond counts as `(other)`. */
export function createCounters({ most = 1_000 }: { most?: number } = {}): Counters {
  const cells = new Map<string, Cell>()
  /** The same cells by service, but for those of what does not fit: most requests need no text to find theirs. */
  const near = new Map<string | null, Cell[]>()
  const refused = new Map<string, number>()
  let stripped = 0

  function find(record: AccessRecord): Cell {
    const { service, environment } = record
    const from: From = record.caller === null ? 'client' : 'service'
    const method = methodOf(record.method)
    const status = classOf(record.status) as RequestCount['status']
    const ofService = near.get(service)
    if (ofService !== undefined)
      for (const cell of ofService)
        if (
          cell.status === status &&
          cell.method === method &&
          cell.from === from &&
          cell.environment === environment
        )
          return cell
    const id = `${status}${method}${from} ${environment} ${service ?? ''}`
    return open(id, { service, environment, from, method, status })
  }

  function open(id: string, keys: Omit<RequestCount, 'count'>): Cell {
    const isFull = cells.size >= most
    const name = isFull ? `${overflow} ${keys.status} ${keys.from}` : id
    const known = cells.get(name)
    if (known) return known
    const beyond = { ...keys, service: overflow, environment: null, method: 'other' as const }
    const durations = [...durationBounds, Infinity].map(() => 0)
    const cell = { ...(isFull ? beyond : keys), durations, durationMs: 0, bytesIn: 0, bytesOut: 0 }
    cells.set(name, cell)
    if (!isFull) near.set(cell.service, [...(near.get(cell.service) ?? []), cell])
    return cell
  }

  return {
    add(record) {
      // What the gateway serves itself (its health, a sign-in) is nobody's request to a service.
      if (record.path === null && record.refused === null) return
      const cell = find(record)
      // A clock that was set back must not make a counter shrink.
      const ms = Math.max(0, answeredMs(record))
      cell.durations[bandOf(ms)]! += 1
      cell.durationMs += ms
      cell.bytesIn += record.bytesIn
      cell.bytesOut += record.bytesOut
      stripped += Math.max(0, record.stripped)
      if (record.refused === null) return
      const code = refused.has(record.refused) || refused.size < maxCodes ? record.refused : overflow
      refused.set(code, (refused.get(code) ?? 0) + 1)
    },
    values: () => ({
      requests: [...cells.values()].map(({ service, environment, from, method, status, durations }) => ({
        service,
        environment,
        from,
        method,
        status,
        count: sum(durations),
      })),
      services: servicesOf([...cells.values()]),
      refused: [...refused].map(([code, count]) => ({ code, count })),
      stripped,
    }),
  }
}

/** Added up by service and environment. Who left before an answer began did not see how long it would have taken. */
function servicesOf(cells: readonly Cell[]): ServiceCount[] {
  const groups = Map.groupBy(cells, ({ service, environment }) => JSON.stringify([service, environment]))
  return [...groups.values()].map((group) => {
    const answered = group.filter(({ status }) => status !== 'none')
    return {
      service: group[0]!.service,
      environment: group[0]!.environment,
      durations: [...durationBounds, Infinity].map((_, band) =>
        sum(answered.map(({ durations }) => durations[band]!)),
      ),
      durationMs: sum(answered.map(({ durationMs }) => durationMs)),
      bytesIn: sum(group.map(({ bytesIn }) => bytesIn)),
      bytesOut: sum(group.map(({ bytesOut }) => bytesOut)),
    }
  })
}

function bandOf(ms: number): number {
  let band = 0
  while (band < durationBounds.length && ms > durationBounds[band]!) band += 1
  return band
}

function methodOf(method: string): MethodClass {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return 'read'
  if (method === 'POST' || method === 'PUT' || method === 'PATCH' || method === 'DELETE') return 'write'
  return 'other'
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
