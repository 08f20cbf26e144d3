import type { SchemaObject } from '../../types.ts'
import { toDecimal } from '../../decimal.ts'
import type { Decimal } from '../../decimal.ts'
import { commonMultiple, multiplesWithin, toNumber } from '../decimal.ts'
import type { Dice } from '../dice.ts'
import { Impossible } from '../impossible.ts'
import type { Place } from '../place.ts'
import { likelyRange } from '../plausible/numbers.ts'
import { timeAt } from '../plausible/surroundings.ts'
import { rulesFor } from '../shape/shape.ts'
import type { Shape } from '../shape/types.ts'

interface NumberRules {
  least: number
  most: number
  above: number
  below: number
  /** It is a multiple of this. */
  step: Decimal | null
  divisors: number[]
}

const formats: Record<string, [number, number] | undefined> = {
  int32: [-(2 ** 31), 2 ** 31 - 1],
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  float: [-3.4e38, 3.4e38],
}

/** A number within its bounds; of a size that its name suggests, if that is allowed. */
export function makeNumber(shape: Shape, type: 'integer' | 'number', place: Place): number | Impossible {
  const rules = rulesFor(shape, type, () => rulesOf(shape, type))
  const dice = place.dice('number')
  const likely = rulesFor(shape, `${type} ${place.name}`, () => likelyRange(place.name, type === 'integer'))
  const [least, most] = rangeOf(rules, likely === 'time' ? [timeAt(place), timeAt(place)] : likely)
  if (least > most) return new Impossible('no number is within the bounds', place, true)
  const made =
    rules.step === null ? between(least, most, dice) : multiple(rules, rules.step, least, most, dice)
  const isWithin = made !== null && made > rules.above && made < rules.below
  return isWithin ? made : new Impossible('no such number is within the bounds', place)
}

function rulesOf({ conjuncts }: Shape, type: 'integer' | 'number'): NumberRules {
  const rules: NumberRules = {
    least: -Number.MAX_VALUE,
    most: Number.MAX_VALUE,
    above: -Infinity,
    below: Infinity,
    step: type === 'integer' ? { whole: 1n, digits: 0 } : null,
    divisors: [],
  }
  for (const { schema } of conjuncts) narrow(rules, schema)
  return rules
}

function narrow(rules: NumberRules, schema: SchemaObject): void {
  const [low = -Infinity, high = Infinity] = formats[schema.format ?? ''] ?? []
  const { minimum = low, maximum = high, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema
  rules.least = Math.max(rules.least, minimum, low)
  rules.most = Math.min(rules.most, maximum, high)
  rules.above = Math.max(rules.above, exclusiveMinimum ?? -Infinity)
  rules.below = Math.min(rules.below, exclusiveMaximum ?? Infinity)
  if (multipleOf === undefined || !(multipleOf > 0)) return
  const step = toDecimal(multipleOf)
  rules.step = rules.step === null ? step : commonMultiple(rules.step, step)
  rules.divisors.push(multipleOf)
}

/** The likely part of what is allowed; or what is allowed nearest to nothing. */
function rangeOf(rules: NumberRules, [low, high]: [number, number]): [number, number] {
  const least = Math.max(rules.least, rules.above)
  const most = Math.min(rules.most, rules.below)
  const [from, to] = [Math.max(least, low), Math.min(most, high)]
  const size = rules.step === null ? 0 : toNumber(rules.step)
  if (to - from >= (high - low > 0 ? size * 2 : 0)) return [from, to]
  const width = Math.max(1_000, size * 100)
  if (least > -Number.MAX_VALUE) return [least, Math.min(most, least + width)]
  return most < Number.MAX_VALUE ? [most - width, most] : [-width, width]
}

/** With two digits after the point, if that is within the bounds. */
function between(least: number, most: number, dice: Dice): number {
  const share = 0.001 + 0.998 * dice.fraction()
  const exact = least === most ? least : least + share * (most - least)
  const short = Math.round(exact * 100) / 100
  return short > least && short < most ? short : exact
}

function multiple(rules: NumberRules, step: Decimal, least: number, most: number, dice: Dice): number | null {
  const { first, last } = multiplesWithin(step, least, most)
  if (first > last) return null
  const size = last - first
  let found: number | null = null
  for (let attempt = 0; attempt < 40; attempt += 1) {
    const steps = attempt < 30 ? dice.fraction() * Math.min(Number(size) + 1, 2 ** 52) : attempt - 30
    const offset = BigInt(Math.floor(steps))
    const whole = (first + (offset > size ? size : offset)) * step.whole
    const value = toNumber({ whole, digits: step.digits })
    if (value <= rules.above || value >= rules.below) continue
    found ??= value
    // Where the division itself is exact nobody can doubt it.
    if (rules.divisors.every((divisor) => Number.isInteger(value / divisor))) return value
  }
  return found
}
