import { scaled, toDecimal } from '../decimal.ts'
import type { Decimal } from '../decimal.ts'

export function toNumber({ whole, digits }: Decimal): number {
  return Number(`${whole}e-${digits}`)
}

/** The least common multiple; both are more than nothing. */
export function commonMultiple(a: Decimal, b: Decimal): Decimal {
  const digits = Math.max(a.digits, b.digits)
  const [left, right] = [scaled(a, digits), scaled(b, digits)]
  return { whole: (left / divisor(left, right)) * right, digits }
}

/** The least and the greatest multiple of a step within bounds, as numbers of steps. */
export function multiplesWithin(step: Decimal, least: number, most: number): { first: bigint; last: bigint } {
  const [low, high] = [toDecimal(least), toDecimal(most)]
  const digits = Math.max(step.digits, low.digits, high.digits)
  const size = scaled(step, digits)
  const first = floorDivide(scaled(low, digits) + size - 1n, size)
  return { first, last: floorDivide(scaled(high, digits), size) }
}

function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by
  return value % by < 0n ? quotient - 1n : quotient
}

function divisor(a: bigint, b: bigint): bigint {
  let [left, right] = [a, b]
  while (right !== 0n) [left, right] = [right, left % right]
  return left
}
