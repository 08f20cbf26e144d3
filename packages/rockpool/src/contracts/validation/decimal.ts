import { scaled, toDecimal } from '../decimal.ts'

/**
 * JSON Schema 2020-12 validation, 6.2.1, for the decimals that people write: 19.99 is a multiple of 0.01, though the
 * quotient of the two floating point numbers is no whole number.
 * @param factor above 0
 */
export function multipleChecker(factor: number): (value: number) => boolean {
  const divisor = toDecimal(factor)
  const isWhole = Number.isSafeInteger(factor)
  return (value) => {
    if (isWhole && Number.isSafeInteger(value)) return value % factor === 0
    const dividend = toDecimal(value)
    const digits = Math.max(dividend.digits, divisor.digits)
    return scaled(dividend, digits) % scaled(divisor, digits) === 0n
  }
}
