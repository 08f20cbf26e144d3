import { answeredMs } from '../access-log.ts'
import type { AccessRecord } from '../access-log.ts'
import { bandOf, bounds } from './latency.ts'
import type { Cell, CellKey, StatusClass } from './types.ts'

/** Requests added up by the minute and by what they have in common; a bounded number of cells. */
export interface Cells {
  /** Adds one request. */
  add(record: AccessRecord): void
  /** Takes out at most so many cells, the oldest first. */
  take(most: number): Cell[]
  /** Takes back cells that nobody takes: their requests count as dropped. */
  drop(taken: readonly Cell[]): void
  /** Requests in it, dropped ones too. */
  requests(): number
  size(): number
}

interface Open {
  key: CellKey
  minute: string
  counts: number[]
  /** Another one of the same organization and path. */
  next: Open | undefined
}

const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
const noBands: readonly number[] = Array.from({ length: bounds.length + 1 }, () => 0)

/** `most`: cells at most. Beyond it the oldest keep their count and their minute, and lose the rest. */
export function createCells(most: number): Cells {
  // In the order of their first request, which is the order in which they leave.
  const cells = new Map<string, Open>()
  /** Requests by minute of which nothing else is known any more. */
  const dropped = new Map<string, number>()
  /** Cells of the present minute by organization and path: most requests fall into one of a few, and need no text. */
  const present = new Map<string | null, Map<string | null, Open>>()
  let time: string | undefined
  let minute = ''
  let requests = 0

  function find(record: AccessRecord, organization: string | null): Open {
    const status = classOf(record.status)
    const near = present.get(organization)?.get(record.path)
    for (let cell = near; cell !== undefined; cell = cell.next)
      if (isAlike(cell.key, record, status)) return cell
    // What it is made of is what the key is made of: two cells of a minute never have the same key, and what a client
    // makes up makes none.
    const { service, path, environment, actor } = record
    const inside = record.caller === null ? '' : '>'
    const id = `${minute}${inside}${status}${methodOf(record.method)} ${path} ${organization} ${actor} ${environment} ${service}`
    const cell = cells.get(id) ?? open(id, keyOf(record))
    // Not one whose text alone is the same: it stands, or will stand, elsewhere.
    const { key } = cell
    if (key.path === path && key.organization === organization && isAlike(key, record, status)) keepNear(cell)
    return cell
  }

  function keepNear(cell: Open): void {
    const { path, organization } = cell.key
    let near = present.get(organization)
    if (near === undefined) present.set(organization, (near = new Map()))
    cell.next = near.get(path)
    near.set(path, cell)
  }

  function open(id: string, key: CellKey): Open {
    if (cells.size >= most) dropOldest()
    const cell = { key, minute, counts: [...noBands], next: undefined }
    cells.set(id, cell)
    return cell
  }

  const addDropped = (minute: string, count: number) =>
    dropped.set(minute, (dropped.get(minute) ?? 0) + count)

  function dropOldest(): void {
    for (const [id, { minute, counts }] of cells) {
      addDropped(
        minute,
        counts.reduce((sum, count) => sum + count, 0),
      )
      cells.delete(id)
      present.clear()
      return
    }
  }

  return {
    add(record) {
      if (record.time !== time) {
        time = record.time
        const next = time.slice(0, 16)
        if (next !== minute) present.clear()
        minute = next
      }
      const cell = find(record, record.parent ?? record.organization)
      cell.counts[bandOf(answeredMs(record))]! += 1
      requests += 1
    },
    drop(taken) {
      for (const cell of taken) {
        const count = requestsIn([cell])
        addDropped(cell.minute, count)
        requests += count
      }
    },
    take(most) {
      present.clear()
      const taken: Cell[] = []
      for (const [minute, count] of dropped) {
        if (taken.length >= most) break
        taken.push({ ...droppedKey, minute, bands: [[0, count]] })
        dropped.delete(minute)
      }
      for (const [id, { key, minute, counts }] of cells) {
        if (taken.length >= most) break
        const bands = counts.flatMap((count, band): Cell['bands'] => (count === 0 ? [] : [[band, count]]))
        taken.push({ ...key, minute, bands })
        cells.delete(id)
      }
      requests -= requestsIn(taken)
      return taken
    },
    requests: () => requests,
    size: () => cells.size + dropped.size,
  }
}

const droppedKey: CellKey = {
  service: null,
  organization: null,
  environment: null,
  actor: null,
  inside: false,
  method: 'other',
  path: null,
  class: 'dropped',
}

function keyOf(record: AccessRecord): CellKey {
  return {
    service: record.service,
    organization: record.parent ?? record.organization,
    environment: record.environment,
    actor: record.actor,
    inside: record.caller !== null,
    method: methodOf(record.method),
    path: record.path,
    class: classOf(record.status),
  }
}

const isAlike = (key: CellKey, record: AccessRecord, status: StatusClass) =>
  key.class === status &&
  key.method === record.method &&
  key.actor === record.actor &&
  key.environment === record.environment &&
  key.service === record.service &&
  key.inside === (record.caller !== null)

const methodOf = (method: string) => (methods.has(method) ? method : 'other')

/** Pure. */
export function classOf(status: number | null): StatusClass {
  if (status === null) return 'none'
  if (status >= 500) return '5xx'
  if (status >= 400) return '4xx'
  return status >= 300 ? '3xx' : '2xx'
}

/** How many requests cells hold. Pure. */
export function requestsIn(cells: readonly Cell[]): number {
  return cells.reduce((sum, { bands }) => bands.reduce((inCell, [, count]) => inCell + count, sum), 0)
}
