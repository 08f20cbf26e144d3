import { isDeepStrictEqual } from 'node:util'

/** Deeply equal; a property that is undefined counts as absent, as it does in JSON. */
export function equals(actual: unknown, expected: unknown): boolean {
  if (isPlain(actual) && isPlain(expected)) {
    const names = new Set([...Object.keys(actual), ...Object.keys(expected)])
    return [...names].every((name) => equals(actual[name], expected[name]))
  }
  if (Array.isArray(actual) && Array.isArray(expected)) {
    return actual.length === expected.length && actual.every((item, index) => equals(item, expected[index]))
  }
  return isDeepStrictEqual(actual, expected)
}

/** `actual` has at least what `expected` has, at every depth; lists have the same length. */
export function matches(actual: unknown, expected: unknown): boolean {
  if (isPlain(expected)) {
    return isPlain(actual) && Object.keys(expected).every((name) => matches(actual[name], expected[name]))
  }
  if (Array.isArray(expected)) {
    return (
      Array.isArray(actual) &&
      actual.length === expected.length &&
      expected.every((item, index) => matches(actual[index], item))
    )
  }
  return equals(actual, expected)
}

/** The value at `items.0.price`; `found` is false where the path ends before. */
export function valueAt(value: unknown, path: string): { found: boolean; value: unknown } {
  let current = value
  for (const name of path.split('.')) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, name)) {
      return { found: false, value: undefined }
    }
    current = (current as Record<string, unknown>)[name]
  }
  return { found: true, value: current }
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
