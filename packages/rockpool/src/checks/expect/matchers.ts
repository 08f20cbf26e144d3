import type { Assertions } from '../authoring/types.ts'
import { equals, matches, valueAt } from './equality.ts'

/** One assertion: whether it holds, and how it reads after “expected <actual> ”. */
interface Matcher {
  holds: (actual: unknown, ...expected: never[]) => boolean
  /** What a failure shows; `show` prints a value. */
  says: (show: (value: unknown) => string, ...expected: never[]) => string
}

const lengthOf = (value: unknown): unknown => (value as { length?: unknown } | null | undefined)?.length
const ordered = (word: string, holds: (actual: number, expected: number) => boolean): Matcher => ({
  holds: (actual, expected: number) =>
    (typeof actual === 'number' || typeof actual === 'bigint') && holds(actual as number, expected),
  says: (show, expected: number) => `to be ${word} ${show(expected)}`,
})

export const matchers = {
  toBe: {
    holds: (actual, expected: unknown) => Object.is(actual, expected),
    says: (show, expected: unknown) => `to be ${show(expected)}`,
  },
  toEqual: {
    holds: (actual, expected: unknown) => equals(actual, expected),
    says: (show, expected: unknown) => `to equal ${show(expected)}`,
  },
  toMatchObject: {
    holds: (actual, expected: object) => matches(actual, expected),
    says: (show, expected: object) => `to match ${show(expected)}`,
  },
  toHaveLength: {
    holds: (actual, expected: number) => lengthOf(actual) === expected,
    says: (show, expected: number) => `to have the length ${show(expected)}`,
  },
  toContain: {
    holds: (actual, expected: unknown) =>
      typeof actual === 'string'
        ? actual.includes(String(expected))
        : Array.isArray(actual) && actual.includes(expected),
    says: (show, expected: unknown) => `to contain ${show(expected)}`,
  },
  toContainEqual: {
    holds: (actual, expected: unknown) =>
      Array.isArray(actual) && actual.some((item) => equals(item, expected)),
    says: (show, expected: unknown) => `to contain an item equal to ${show(expected)}`,
  },
  toHaveProperty: {
    holds: (actual, path: string, ...value: unknown[]) => {
      const at = valueAt(actual, path)
      return at.found && (value.length === 0 || equals(at.value, value[0]))
    },
    says: (show, path: string, ...value: unknown[]) =>
      `to have ${path}${value.length === 0 ? '' : ` equal to ${show(value[0])}`}`,
  },
  toMatch: {
    holds: (actual, expected: string | RegExp) =>
      typeof actual === 'string' &&
      (typeof expected === 'string' ? actual.includes(expected) : actual.search(expected) >= 0),
    says: (show, expected: string | RegExp) => `to match ${show(expected)}`,
  },
  toBeGreaterThan: ordered('greater than', (actual, expected) => actual > expected),
  toBeGreaterThanOrEqual: ordered('at least', (actual, expected) => actual >= expected),
  toBeLessThan: ordered('less than', (actual, expected) => actual < expected),
  toBeLessThanOrEqual: ordered('at most', (actual, expected) => actual <= expected),
  toBeCloseTo: {
    holds: (actual, expected: number, digits = 2 as never) =>
      typeof actual === 'number' && Math.abs(actual - expected) < 0.5 * 10 ** -Number(digits),
    says: (show, expected: number) => `to be close to ${show(expected)}`,
  },
  toBeOneOf: {
    holds: (actual, expected: readonly unknown[]) => expected.some((one) => equals(actual, one)),
    says: (show, expected: readonly unknown[]) => `to be one of ${show(expected)}`,
  },
  toBeTruthy: { holds: (actual) => Boolean(actual), says: () => 'to be truthy' },
  toBeFalsy: { holds: (actual) => !actual, says: () => 'to be falsy' },
  toBeNull: { holds: (actual) => actual === null, says: () => 'to be null' },
  toBeUndefined: { holds: (actual) => actual === undefined, says: () => 'to be undefined' },
  toBeDefined: { holds: (actual) => actual !== undefined, says: () => 'to be defined' },
} satisfies Record<Exclude<keyof Assertions, 'not'>, Matcher>
