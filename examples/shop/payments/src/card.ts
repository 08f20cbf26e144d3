import { Problem } from './problem.ts'

/**
 * Reads a card number from the body of tokenizeCard. Throws `card_invalid`, which never repeats the
 * number.
 */
export function readCardNumber(body: unknown): string {
  const { number } = (body ?? {}) as { number?: unknown }
  if (typeof number !== 'string' || !/^[0-9]{12,19}$/.test(number)) {
    throw new Problem(422, 'card_invalid', 'The card number is not one.', [
      { path: '/body/number', message: 'must be 12 to 19 digits' },
    ])
  }
  if (!hasLuhnDigit(number)) {
    throw new Problem(422, 'card_invalid', 'The card number is not one.', [
      { path: '/body/number', message: 'its last digit does not fit the others' },
    ])
  }
  return number
}

/** The check digit of ISO/IEC 7812-1, annex B: from the right, every second digit counts twice. */
export function hasLuhnDigit(number: string): boolean {
  let sum = 0
  for (const [index, digit] of [...number].reverse().entries()) {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2)
    sum += value > 9 ? value - 9 : value
  }
  return sum % 10 === 0
}
