import { createObserver } from '../../src/contracts/traffic/index.ts'
import type { Observer, Usage, UsageRow } from '../../src/contracts/traffic/index.ts'
import { mergeUsage, noUsage } from '../../src/contracts/traffic/index.ts'
import type { ReadRequest } from '../../src/contracts/requests/index.ts'
import type { Contract, Json } from '../../src/contracts/types.ts'

/** A request that was read, and was good. */
export function readOf(
  body: Json | undefined,
  parameters: Partial<ReadRequest['parameters']> = {},
): ReadRequest {
  return { parameters: { path: {}, query: {}, header: {}, cookie: {}, ...parameters }, body, findings: [] }
}

/** What an observer says of calls on one day. */
export function observedOf(
  contract: Contract,
  watch: (observer: Observer) => void,
  day = '2026-11-22',
): Usage {
  const observer = createObserver(contract)
  watch(observer)
  return observer.take(`${day}T12:00:00.000Z`)
}

/** The operations of a contract were watched on so many days before `today`, and nobody called. */
export function watchedFor(contract: Contract, days: number, today = '2026-11-23'): Usage {
  const observer = createObserver(contract)
  return Array.from({ length: days }, (_, index) =>
    observer.take(new Date(Date.parse(today) - (index + 1) * 86_400_000).toISOString()),
  ).reduce((a, b) => mergeUsage(a, b), noUsage)
}

/** `kind place = value` by organization, with the times, but for what says that it was watched. */
export function told({ rows }: Usage, kinds?: UsageRow['kind'][]): string[] {
  return rows
    .filter(({ kind }) => kind !== 'observed' && (kinds === undefined || kinds.includes(kind)))
    .map(
      ({ kind, place, value, organization, times }) =>
        `${kind} ${place}${value === null ? '' : ` = ${value}`} (${organization ?? 'rest'} ${times})`,
    )
}
