import type { Met, Weights } from '../types.ts'
import type { Difference } from '../types.ts'
import type { Show } from './sentence.ts'
import { weightOf } from './sentence.ts'

/** Whom traffic says that a difference meets, in a sentence; null: nothing is to be said. */
export function trafficOf(difference: Difference, weights: Weights | undefined, show: Show): string | null {
  const weight = weights?.get(difference.fingerprint)
  if (weight === undefined || weightOf(difference) === 'keeps') return null
  if (weight === 'unknown') return 'whom it meets is unknown: it was not watched long enough'
  return typeof weight === 'string' ? weight : metText(weight, show)
}

function metText(met: Met, show: Show): string {
  const { organizations, isMore, deed, names, calls } = met
  const count = `${isMore ? 'at least ' : ''}${organizations} ${organizations === 1 ? 'organization' : 'organizations'}`
  const who =
    names.length === 0
      ? ''
      : `: ${names.map(show).join(', ')}${isMore || names.length < organizations ? ', …' : ''}`
  return `${count} ${deed} ${whenText(met)}, in ${calls} ${calls === 1 ? 'call' : 'calls'}${who}`
}

/** One day where it was one, else the whole time and the last day. */
function whenText({ firstSeen, lastSeen, days, today }: Met): string {
  const last = dayText(lastSeen, today)
  return firstSeen === lastSeen ? last : `in ${days} days, last ${last}`
}

function dayText(day: string, today: string): string {
  const days = Math.round((Date.parse(today) - Date.parse(day)) / 86_400_000)
  if (days === 0) return 'today'
  return days === 1 ? 'yesterday' : `on ${day}`
}
