/** A number as it is written in decimals: digits × 10^exponent. */
interface Decimal {
  digits: bigint
  exponent: number
}

/**
 * JSON Schema 2020-12 validation, 6.2.1, for the decimals that people write: 19.99 is a multiple of 0.01, though the
 * quotient of the two floating point numbers is no whole number.
 * @param factor above 0
 */
export function multipleChecker(factor: number): (value: number) => boolean {
  const divisor = decimalOf(factor)
  const isWhole = Number.isSafeInteger(factor)
  return (value) => {
    if (isWhole && Number.isSafeInteger(value)) return value % factor === 0
    const dividend = decimalOf(value)
    const exponent = Math.min(dividend.exponent, divisor.exponent)
    return scaled(dividend, exponent) % scaled(divisor, exponent) === 0n
  }
}

/** The shortest decimal that is this number, as JSON writes it. */
function decimalOf(value: number): Decimal {
  const [mantissa = '0', exponent = '0'] = String(value).split('e')
  const [whole = '0', fraction = ''] = mantissa.split('.')
  return { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length }
}

function scaled({ digits, exponent }: Decimal, to: number): bigint {
  return digits * 10n ** BigInt(exponent - to)
}
