/** A number as whole · 10^-digits, exactly as its shortest text says it. */
export interface Decimal {
  whole: bigint
  digits: number
}

/** The shortest decimal that is this number, as JSON writes it. */
export function toDecimal(value: number): Decimal {
  const [mantissa = '', exponent = '0'] = String(value).toLowerCase().split('e')
  const [before = '', after = ''] = mantissa.split('.')
  const digits = after.length - Number(exponent)
  const whole = BigInt(before + after)
  return digits >= 0 ? { whole, digits } : { whole: whole * 10n ** BigInt(-digits), digits: 0 }
}

/** The whole number that it is, in units of 10^-digits; `to` is no less than its own. */
export function scaled({ whole, digits }: Decimal, to: number): bigint {
  return whole * 10n ** BigInt(to - digits)
}
