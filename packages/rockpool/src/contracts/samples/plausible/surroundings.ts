import type { Place } from '../place.ts'
import { firstNames, lastNames, locations } from './words.ts'
import type { Location } from './words.ts'

/** Members of one object belong together: its address is in one city, its person has one name. */
export function personAt(place: Place): { first: string; last: string } {
  const dice = around(place).dice('person')
  return { first: dice.pick(firstNames), last: dice.pick(lastNames) }
}

export function locationAt(place: Place): Location {
  return around(place).dice('location').pick(locations)
}

const firstSecond = Date.UTC(2024, 0, 1) / 1000
const day = 86_400

/** A time, in seconds since 1970, of the years 2024 and 2025; what ends or expires does so later than the rest. */
export function timeAt(place: Place): number {
  const start =
    firstSecond +
    around(place)
      .dice('time')
      .whole(0, 600 * day)
  if (/creat|start|begin|from|birth/i.test(place.name)) return start
  const later = start + place.dice('time').whole(60, 30 * day)
  return /expir|end|until|due|cancel|delet/i.test(place.name) ? later + 90 * day : later
}

function around(place: Place): Place {
  return place.parent ?? place
}
