import type { Json, Schema } from '../../types.ts'
import { canonical } from '../../json-equal.ts'
import { Impossible } from '../impossible.ts'
import type { Place } from '../place.ts'
import type { Run } from '../run.ts'

/** More items are not put in the place of others. */
const mostPuts = 400

/** What a list must contain, so often. */
export interface Contained {
  schema: Schema
  /** What the items are that are none of it. */
  others: Schema
  least: number
  most: number
}

/** Makes an item that is what its place says, and these schemas besides; none of those with these canonical texts. */
export type MakeItem = (
  index: number,
  besides: readonly Schema[],
  seen: ReadonlySet<string>,
) => Json | Impossible

/** A list with items put in place of others, or behind them, until it contains what it must, and not too often. */
export function withContained(
  run: Run,
  { contains, most, isUnique }: { contains: readonly Contained[]; most: number; isUnique: boolean },
  list: Json[],
  place: Place,
  makeItem: MakeItem,
): Json[] | Impossible {
  // What each item has to be besides, because it is needed for that.
  const reasons: Schema[][] = list.map(() => [])
  let puts = 0
  const put = (index: number, schema: Schema): boolean => {
    const besides = [...(reasons[index] ?? []), schema]
    puts += 1
    if (puts > mostPuts) return false
    const seen = new Set(isUnique ? list.toSpliced(index, 1).map(canonical) : [])
    const made = makeItem(index, besides, seen)
    if (made instanceof Impossible) return false
    list[index] = made
    reasons[index] = besides
    return true
  }
  for (const { schema, others, least, most: mostOften } of contains) {
    const found = list.flatMap((item, index) => (run.validator.isValid(schema, item) ? [index] : []))
    for (const index of found.slice(0, least)) reasons[index]!.push(schema)
    for (const index of found.slice(least)) if (mostOften < Infinity) put(index, others)
    let missing = least - found.length
    for (let index = Math.min(list.length, most - 1); index >= 0 && missing > 0; index -= 1)
      if (!found.includes(index) && put(index, schema)) missing -= 1
    while (missing > 0 && list.length < most && put(list.length, schema)) missing -= 1
    if (missing > 0) return new Impossible('nothing was found that it must contain', place)
  }
  return list
}
