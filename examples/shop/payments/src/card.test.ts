import { expect, test } from 'vitest'
import { hasLuhnDigit, readCardNumber } from './card.ts'
import { Problem } from './problem.ts'

test('a card number ends in the digit that the others demand', () => {
  for (const number of ['4242424242424242', '4000000000000002', '378282246310005']) {
    expect(hasLuhnDigit(number), number).toBe(true)
  }
  expect(hasLuhnDigit('4242424242424241')).toBe(false)
  expect(hasLuhnDigit('2424242424242424')).toBe(false)
})

test('what is no card number is refused without repeating it', () => {
  for (const number of ['4242424242424241', '4242 4242 4242 4242', 4242424242424242, undefined]) {
    try {
      readCardNumber({ number })
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(Problem)
      expect(JSON.stringify(error)).toContain('card_invalid')
      expect(JSON.stringify(error)).not.toContain('4242')
    }
  }
})
