import type { Met, MetBy, Weighable, Weights } from '../differences/index.ts'
import { concernOf } from './concern.ts'
import type { Concern } from './concern.ts'
import { around, gatherEvidence } from './evidence.ts'
import type { Evidence, Window } from './evidence.ts'
import { ofOperation, operationKey } from './places.ts'
import type { Usage, UsageRow } from './types.ts'

const mostNames = 10

/**
 * Says of each difference whom it meets, of those who called within some days. Nobody, only with evidence: every operation that
 * meets it was watched on each of these days, and all that was sent was counted.
 * @param usage of the service whose contract is different; of any of its versions
 * @param window `today` as `2026-11-23`; it counts, as far as it has come
 * @throws Error when `today` is no day
 */
export function weigh(differences: readonly Weighable[], usage: Usage, window: Window): Weights {
  const evidence = gatherEvidence(usage, window)
  return new Map(differences.map((each) => [each.fingerprint, weightOf(each, evidence, window)]))
}

function weightOf(difference: Weighable, evidence: ReadonlyMap<string, Evidence>, window: Window): MetBy {
  const concern = concernOf(difference)
  const found: Found[] = difference.uses.map(({ operation }) => {
    const known = evidence.get(operationKey(operation))
    if (known === undefined || isSentByService(difference.place)) return { rows: [], isSure: false }
    return find(concern, difference.place, known)
  })
  const rows = found.flatMap((each) => each.rows)
  if (rows.length > 0) return metBy(rows, concern, window)
  const isSure = found.length > 0 && found.every((each) => each.isSure)
  return isSure ? `nobody in ${window.days} days` : 'unknown'
}

/** What a service sends of itself does not pass where traffic is watched. */
function isSentByService(place: string): boolean {
  return place.startsWith('callback ') || place.startsWith('webhook')
}

interface Found {
  rows: UsageRow[]
  /** What is not there, was not. */
  isSure: boolean
}

const operationPlaces: ReadonlySet<string> = new Set([ofOperation])

function find(concern: Concern, told: string, evidence: Evidence): Found {
  const { isWhole, isCut } = evidence
  if (concern.who === 'called') return { rows: evidence.rows(operationPlaces, 'call'), isSure: isWhole }
  const place = nameBefore(('place' in concern && concern.place) || told)
  const names = evidence.namesOf(place)
  const isSure = isWhole && !isCut
  const sent = sentAt(evidence, names)
  switch (concern.who) {
    case 'sent': {
      const isNamed = evidence.rows(evidence.namesOf(around(place)), 'more').length === 0
      return { rows: sent, isSure: isSure && isNamed }
    }
    case 'chose': {
      const all = evidence.rows(names, concern.kind)
      const rows = all.filter(({ value }) => value === concern.value)
      return { rows, isSure: isSure && tells(concern, all, sent) }
    }
    case 'lacked':
      return lacking(evidence, place, sent, isSure)
    case 'added': {
      const rows = (['undeclared', 'aside'] as const).flatMap((kind) => evidence.rowsBelow(names, kind))
      return { rows: [...rows, ...evidence.rows(names, 'more')], isSure }
    }
  }
}

/** Of a schema that has another name now, what the version before calls it. */
function nameBefore(place: string): string {
  return place.replace(/^(schema .*?) \(now .*?\)(?= \/|$)/, '$1')
}

/** Whether it was declared then or not. */
function sentAt(evidence: Evidence, names: ReadonlySet<string>): UsageRow[] {
  return (['sent', 'undeclared', 'aside'] as const).flatMap((kind) => evidence.rows(names, kind))
}

/** Each value that was sent is told: none was counted as one of others, none before anybody looked. */
function tells(
  { kind, value }: Concern & { who: 'chose' },
  all: readonly UsageRow[],
  sent: readonly UsageRow[],
): boolean {
  if (kind === 'value' && value === 'null') return true
  if (all.some((row) => row.value === null)) return false
  return largest(timesByPlace(all)) >= largest(timesByPlace(sent))
}

function timesByPlace(rows: readonly UsageRow[]): Map<string, number> {
  const times = new Map<string, number>()
  for (const row of rows) times.set(row.place, (times.get(row.place) ?? 0) + row.times)
  return times
}

function largest(times: ReadonlyMap<string, number>): number {
  return Math.max(0, ...times.values())
}

/** Organizations that sent what is around it more often than it itself. */
function lacking(evidence: Evidence, place: string, sent: readonly UsageRow[], isSure: boolean): Found {
  const outer = around(place)
  const whole =
    outer === ofOperation
      ? evidence.rows(operationPlaces, 'call')
      : evidence.rows(evidence.namesOf(outer), 'sent')
  const times = byOrganizationAndDay(sent)
  const rows: UsageRow[] = []
  for (const [key, row] of byOrganizationAndDay(whole)) {
    const missing = row.times - (times.get(key)?.times ?? 0)
    if (missing > 0) rows.push({ ...row, times: missing, count: Math.min(row.count, missing) })
  }
  // Of those who are not told apart, one may have sent what another one did not.
  const isTold = [...whole, ...sent].every(({ organization }) => organization !== null)
  return { rows, isSure: isSure && isTold }
}

/** Of several names of one place, the one where most was counted counts. */
function byOrganizationAndDay(rows: readonly UsageRow[]): Map<string, UsageRow> {
  const ofPlaces = new Map<string, UsageRow>()
  for (const row of rows) add(ofPlaces, JSON.stringify([row.organization, row.day, row.place]), row, sum)
  const most = new Map<string, UsageRow>()
  for (const row of ofPlaces.values()) add(most, JSON.stringify([row.organization, row.day]), row, larger)
  return most
}

function add(
  rows: Map<string, UsageRow>,
  key: string,
  row: UsageRow,
  join: (a: UsageRow, b: UsageRow) => UsageRow,
): void {
  const known = rows.get(key)
  rows.set(key, known === undefined ? row : join(known, row))
}

const sum = (a: UsageRow, b: UsageRow) => ({ ...a, count: a.count + b.count, times: a.times + b.times })
const larger = (a: UsageRow, b: UsageRow) => (a.times >= b.times ? a : b)

/** Calls of several operations are different ones; those of one operation at several names of a place are the same. */
function metBy(rows: readonly UsageRow[], { deed }: Concern, { today, days }: Window): Met {
  const calls = new Map<string | null, number>()
  for (const ofOperation of Map.groupBy(rows, ({ operation }) => operation).values())
    for (const { organization, count } of byOrganizationAndDay(ofOperation).values())
      calls.set(organization, (calls.get(organization) ?? 0) + count)
  const named = [...calls].filter((entry): entry is [string, number] => entry[0] !== null)
  const names = named
    .toSorted(([a, one], [b, other]) => other - one || (a < b ? -1 : 1))
    .map(([name]) => name)
  const seen = rows.map(({ day }) => day).toSorted()
  const isMore = calls.has(null)
  return {
    deed,
    organizations: named.length + (isMore ? 1 : 0),
    isMore,
    calls: [...calls.values()].reduce((a, b) => a + b, 0),
    firstSeen: seen[0]!,
    lastSeen: seen.at(-1)!,
    names: names.slice(0, mostNames),
    days,
    today,
  }
}
