import { daysBefore } from './days.ts'
import { below, ofBody, ofOperation, partsOf } from './places.ts'
import type { Usage, UsageKind, UsageRow } from './types.ts'

export interface Window {
  today: string
  days: number
}

/** What usage says of one operation within some days, by place and kind. */
export interface Evidence {
  /** It was watched on each of the days before today. */
  isWhole: boolean
  /** Something was not counted. */
  isCut: boolean
  rows(places: ReadonlySet<string>, kind: UsageKind): UsageRow[]
  /** Rows of all places right below these. */
  rowsBelow(places: ReadonlySet<string>, kind: UsageKind): UsageRow[]
  /** A place under all names that it may be counted by: that of the operation, and those of the schemas that hold there. */
  namesOf(place: string): ReadonlySet<string>
}

/** Names of one place: a document leads to no more of them. */
const mostNames = 200

/** The evidence about what is sent, by the keys of operations. */
export function gatherEvidence(usage: Usage, { today, days }: Window): ReadonlyMap<string, Evidence> {
  const first = daysBefore(today, days)
  const within = usage.rows.filter(
    ({ direction, day }) => direction === 'request' && day >= first && day <= today,
  )
  const byOperation = Map.groupBy(within, ({ operation }) => operation)
  return new Map(
    [...byOperation].map(([operation, rows]) => [operation, evidenceOf(rows, { today, days }, usage.isCut)]),
  )
}

function evidenceOf(rows: readonly UsageRow[], { today, days }: Window, isUsageCut: boolean): Evidence {
  const byPlace = Map.groupBy(rows, ({ kind, place }) => `${kind} ${place}`)
  const byParent = Map.groupBy(
    rows,
    ({ kind, place }) => `${kind} ${place.slice(0, place.lastIndexOf('/')).trimEnd()}`,
  )
  const observed = new Set(rows.filter(({ kind }) => kind === 'observed').map(({ day }) => day))
  const leads = Map.groupBy(
    rows.filter(({ kind }) => kind === 'leads'),
    ({ place }) => place,
  )
  const find = (index: ReadonlyMap<string, UsageRow[]>) => (places: ReadonlySet<string>, kind: UsageKind) =>
    [...places].flatMap((place) => index.get(`${kind} ${place}`) ?? [])

  /** And the schemas with names that hold there. */
  function withLeads(places: Iterable<string>): Set<string> {
    const all = new Set(places)
    for (const place of all)
      for (const { value } of leads.get(place) ?? [])
        if (value !== null && all.size < mostNames) all.add(value)
    return all
  }

  return {
    isWhole: Array.from({ length: days }, (_, index) => daysBefore(today, index + 1)).every((day) =>
      observed.has(day),
    ),
    isCut: isUsageCut || rows.some(({ kind }) => kind === 'cut'),
    rows: find(byPlace),
    rowsBelow: find(byParent),
    namesOf(place) {
      const parts = partsOf(place, (root) => !root.includes(' /'))
      if (parts === null) return new Set([place])
      let names = withLeads([parts.root])
      for (const token of parts.tokens) names = withLeads([...names].map((name) => below(name, token)))
      return names
    },
  }
}

/** What stands around a place: the object of a member, the call of a parameter or a body. */
export function around(place: string): string {
  if (place.includes(' /')) return place.slice(0, place.lastIndexOf('/')).trimEnd()
  return place === ofBody || place.startsWith('parameter ') ? ofOperation : place
}
