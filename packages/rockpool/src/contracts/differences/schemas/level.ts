import { compareArrays } from './arrays.ts'
import { compareBounds } from './bounds.ts'
import { compareConditions } from './conditions.ts'
import { compareDiscriminators } from './discriminators.ts'
import { withoutAllOf } from './all-of.ts'
import { compareObjects } from './objects.ts'
import { compareContent, compareNullability, compareTypes } from './kinds.ts'
import type { Pair, Walker } from './types.ts'
import { compareUnions } from './unions.ts'
import { compareAnnotations, compareValues } from './values.ts'

/** Compares one level of two schemas; what stands below is visited later. */
export function compareLevel(walker: Walker, pair: Pair): void {
  compareAnnotations(walker, pair)
  const level = withoutAllOf(walker, pair)
  compareNullability(walker, level)
  const isUnionTold = compareUnions(walker, level)
  compareDiscriminators(walker, level)
  // Of two kinds that have nothing in common, one is not told how else it is not the other.
  if (isUnionTold || !compareTypes(walker, level)) return
  compareValues(walker, level)
  compareBounds(walker, level)
  compareContent(walker, level)
  compareObjects(walker, level)
  compareArrays(walker, level)
  compareConditions(walker, level)
}
