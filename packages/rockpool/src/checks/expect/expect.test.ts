import { describe, expect as check, test } from 'vitest'
import { AssertionFailure, createExpect } from './expect.ts'

const expect = createExpect((value) => value)
const failureOf = (work: () => unknown): AssertionFailure => {
  try {
    work()
  } catch (error) {
    if (error instanceof AssertionFailure) return error
    throw error
  }
  throw new Error('the assertion holds')
}

describe('assertions that hold, and their opposites', () => {
  const holding: [string, () => void, () => void][] = [
    ['toBe', () => expect(NaN).toBe(NaN), () => expect({}).toBe({})],
    [
      'toEqual',
      () => expect({ a: [1, { b: undefined }] }).toEqual({ a: [1, {}] }),
      () => expect([1, 2]).toEqual([2, 1]),
    ],
    [
      'toEqual of dates',
      () => expect(new Date(1)).toEqual(new Date(1)),
      () => expect(new Date(1)).toEqual(new Date(2)),
    ],
    [
      'toEqual of maps',
      () => expect(new Map([[1, 2]])).toEqual(new Map([[1, 2]])),
      () => expect(new Map([[1, 2]])).toEqual(new Map([[1, 3]])),
    ],
    [
      'toMatchObject',
      () => expect({ a: { b: 1, c: 2 }, d: 3 }).toMatchObject({ a: { b: 1 } }),
      () => expect({ a: 1 }).toMatchObject({ a: 1, b: undefined, c: 1 }),
    ],
    [
      'toMatchObject of lists',
      () => expect([{ a: 1, b: 2 }]).toMatchObject([{ a: 1 }]),
      () => expect([1, 2]).toMatchObject([1]),
    ],
    ['toHaveLength', () => expect('abc').toHaveLength(3), () => expect(undefined).toHaveLength(0)],
    ['toContain', () => expect(['a', 'b']).toContain('b'), () => expect('text').toContain('tx')],
    [
      'toContainEqual',
      () => expect([{ a: 1 }]).toContainEqual({ a: 1 }),
      () => expect([{ a: 1 }]).toContainEqual({ a: 2 }),
    ],
    [
      'toHaveProperty',
      () => expect({ a: [{ b: 1 }] }).toHaveProperty('a.0.b', 1),
      () => expect({ a: {} }).toHaveProperty('a.b'),
    ],
    ['toMatch', () => expect('order 12').toMatch(/\d+/), () => expect(12).toMatch(/12/)],
    ['toBeGreaterThan', () => expect(2).toBeGreaterThan(1), () => expect('2').toBeGreaterThan(1)],
    [
      'toBeGreaterThanOrEqual',
      () => expect(2n).toBeGreaterThanOrEqual(2n),
      () => expect(1).toBeGreaterThanOrEqual(2),
    ],
    ['toBeLessThan', () => expect(1).toBeLessThan(2), () => expect(2).toBeLessThan(2)],
    ['toBeLessThanOrEqual', () => expect(2).toBeLessThanOrEqual(2), () => expect(3).toBeLessThanOrEqual(2)],
    ['toBeCloseTo', () => expect(0.1 + 0.2).toBeCloseTo(0.3, 10), () => expect(0.3).toBeCloseTo(0.31, 2)],
    ['toBeOneOf', () => expect(200).toBeOneOf([200, 201]), () => expect(404).toBeOneOf([200, 201])],
    ['toBeTruthy', () => expect([]).toBeTruthy(), () => expect('').toBeTruthy()],
    ['toBeFalsy', () => expect(0).toBeFalsy(), () => expect({}).toBeFalsy()],
    ['toBeNull', () => expect(null).toBeNull(), () => expect(undefined).toBeNull()],
    ['toBeUndefined', () => expect(undefined).toBeUndefined(), () => expect(null).toBeUndefined()],
    ['toBeDefined', () => expect(null).toBeDefined(), () => expect(undefined).toBeDefined()],
  ]
  test.each(holding)('%s', (_, holds, fails) => {
    check(holds).not.toThrow()
    check(fails).toThrow(AssertionFailure)
  })
})

test('not turns an assertion round', () => {
  expect(1).not.toBe(2)
  check(failureOf(() => expect([1]).not.toContain(1)).message).toBe('expected [ 1 ] not to contain 1')
  expect(1).not.not.toBe(1)
})

test('a failure names both values, and the message of the author first', () => {
  const failure = failureOf(() => expect({ a: 1 }, 'the order.').toEqual({ a: 2 }))
  check(failure.message).toBe('the order: expected { a: 1 } to equal { a: 2 }')
  check([failure.actual, failure.expected]).toEqual(['{ a: 1 }', '{ a: 2 }'])
  check(failureOf(() => expect([]).toHaveLength(1)).expected).toBe('to have the length 1')
})

test('a failure does not print what is masked', () => {
  const masking = createExpect((value) => (value === 'hush' ? '[masked]' : value))
  const failure = failureOf(() => masking('hush').toBe('other'))
  check(JSON.stringify([failure.message, failure.actual, failure.expected])).not.toContain('hush')
})

test('the stack of a failure begins at the assertion, not inside this library', () => {
  check(failureOf(() => expect(1).toBe(2)).stack?.split('\n')[1]).toContain('expect.test.ts')
})
