import { inspect } from 'node:util'
import type { Assertions, Expect } from '../authoring/types.ts'
import { matchers } from './matchers.ts'

/** An assertion that did not hold; `actual` and `expected` as people read them, sensitive values replaced. */
export class AssertionFailure extends Error {
  readonly actual: string
  readonly expected: string

  constructor(message: string, actual: string, expected: string) {
    super(message)
    this.name = 'AssertionFailure'
    this.actual = actual
    this.expected = expected
  }
}

/** A value on a few short lines. */
export function show(value: unknown): string {
  const text = inspect(value, { depth: 6, maxArrayLength: 20, maxStringLength: 1_000, breakLength: 100 })
  return text.length > 4_000 ? `${text.slice(0, 4_000)}…` : text
}

/**
 * Makes `expect`. `mask` stands between a value and its print, so that a failed assertion about a secret does not
 * print it.
 */
export function createExpect(mask: (value: unknown) => unknown): Expect {
  const showMasked = (value: unknown) => show(value instanceof RegExp ? value : mask(value))

  return (actual, message) => {
    const assertions = (negated: boolean): Assertions => {
      const made: Record<string, unknown> = {}
      for (const [name, matcher] of Object.entries(matchers)) {
        made[name] = function assertion(...expected: never[]) {
          if (matcher.holds(actual, ...(expected as [never])) !== negated) return
          const says = `${negated ? 'not ' : ''}${matcher.says(showMasked, ...(expected as [never]))}`
          const failure = new AssertionFailure(
            `${message === undefined ? '' : `${message.replace(/[.:]$/, '')}: `}expected ${showMasked(actual)} ${says}`,
            showMasked(actual),
            says.replace(/^(not )?to (?:be|equal) /, '$1'),
          )
          Error.captureStackTrace(failure, assertion)
          throw failure
        }
      }
      Object.defineProperty(made, 'not', { get: () => assertions(!negated) })
      return made as unknown as Assertions
    }
    return assertions(false)
  }
}
