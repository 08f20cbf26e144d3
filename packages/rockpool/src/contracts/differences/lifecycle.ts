import type { Json } from '../types.ts'
import type { Details, Policy } from './types.ts'

/** How long something is there: `deprecated`, `x-sunset` and `x-stability-level`, as a document says them. */
export interface Life {
  deprecated: boolean
  sunset: Json | undefined
  stability: Json | undefined
}

export type LifeFactName =
  | 'deprecated'
  | 'deprecated-with-sunset'
  | 'deprecated-sunset-missing'
  | 'deprecated-sunset-invalid'
  | 'sunset-date-too-small'
  | 'sunset-deleted'
  | 'sunset-date-changed-too-small'
  | 'reactivated'
  | 'stability-invalid'
  | 'stability-decreased'
  | 'stability-increased'

export interface LifeFact {
  fact: LifeFactName
  details: Details
}

/** Members that say how long something is there: no annotations like others. */
export const lifeMembers: ReadonlySet<string> = new Set(['x-sunset', 'x-stability-level'])

const levels: Json[] = ['draft', 'alpha', 'beta', 'stable']

export function lifeOf(deprecated: boolean | undefined, extensions: object): Life {
  const of = (name: string): Json | undefined =>
    Object.hasOwn(extensions, name) ? (extensions as Record<string, Json>)[name] : undefined
  return { deprecated: deprecated === true, sunset: of('x-sunset'), stability: of('x-stability-level') }
}

/** What is different in how long something is there. At most one fact about its end, and one about its stability. */
export function lifeFacts(before: Life, after: Life, policy: Policy): LifeFact[] {
  return [...endOf(before, after, policy), ...stabilityOf(before.stability, after.stability)]
}

function endOf(before: Life, after: Life, policy: Policy): LifeFact[] {
  if (!after.deprecated) return before.deprecated ? [{ fact: 'reactivated', details: {} }] : []
  const days = noticeDays(after, policy)
  if (before.deprecated)
    return before.sunset === undefined ? [] : sunsetOf(before.sunset, after, days, policy)
  if (after.sunset === undefined)
    return [{ fact: days > 0 ? 'deprecated-sunset-missing' : 'deprecated', details: {} }]
  const sunset = after.sunset
  const time = timeOf(sunset)
  if (time === null) return [{ fact: 'deprecated-sunset-invalid', details: { sunset } }]
  if (isTooSoon(time, days, policy)) return [{ fact: 'sunset-date-too-small', details: { sunset, days } }]
  return [{ fact: 'deprecated-with-sunset', details: { sunset } }]
}

/** Of what is deprecated on both sides. */
function sunsetOf(before: Json, { sunset: after }: Life, days: number, policy: Policy): LifeFact[] {
  if (after === undefined) return [{ fact: 'sunset-deleted', details: { before } }]
  const [from, to] = [timeOf(before), timeOf(after)]
  if (to === null)
    return from === null ? [] : [{ fact: 'deprecated-sunset-invalid', details: { sunset: after } }]
  if (from === null || to >= from) return []
  const isEarly = policy.today === null || isTooSoon(to, days, policy)
  return isEarly ? [{ fact: 'sunset-date-changed-too-small', details: { before, after } }] : []
}

function stabilityOf(said: Json | undefined, says: Json | undefined): LifeFact[] {
  // What says nothing is stable.
  const [before, after] = [said ?? 'stable', says ?? 'stable']
  if (before === after) return []
  const [from, to] = [levels.indexOf(before), levels.indexOf(after)]
  if (to < 0) return [{ fact: 'stability-invalid', details: { after } }]
  if (from < 0) return []
  return [{ fact: to < from ? 'stability-decreased' : 'stability-increased', details: { before, after } }]
}

/** The policy's days for what is as stable as this; what says nothing of it is stable. */
export function noticeDays({ stability }: Life, { noticeDays: { beta, stable } }: Policy): number {
  if (stability === 'draft' || stability === 'alpha') return 0
  return stability === 'beta' ? beta : stable
}

/** The day of a sunset has not come. Nothing is held against no day. */
export function isBeforeSunset(sunset: Json, { today }: Policy): boolean {
  const [time, now] = [timeOf(sunset), timeOf(today)]
  return time !== null && now !== null && now < time
}

function isTooSoon(time: number, days: number, { today }: Policy): boolean {
  const now = timeOf(today)
  return now !== null && time < now + days * 86_400_000
}

/** Milliseconds since 1970 of a date or a date-time (RFC 3339 5.6); null: it is none. */
export function timeOf(sunset: Json): number | null {
  if (typeof sunset !== 'string' || !/^\d{4}-\d\d-\d\d(?:T[\d:.]{8,}(?:Z|[+-]\d\d:\d\d))?$/i.test(sunset))
    return null
  const [day = ''] = sunset.split(/T/i)
  const [time, midnight] = [Date.parse(sunset), Date.parse(day)]
  // `Date` takes the 31st of February for a day of March.
  const isDay = !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day)
  return isDay && !Number.isNaN(time) ? time : null
}
