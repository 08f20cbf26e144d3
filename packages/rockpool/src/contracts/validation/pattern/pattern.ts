import { isAnchored, isUnambiguous } from './ambiguity.ts'
import { isMatch } from './match.ts'
import type { Effort } from './match.ts'
import { parseExpression, Unsupported } from './parse.ts'
import type { Expression } from './parse.ts'
import { programOf, sizeOf } from './program.ts'
import type { Step } from './program.ts'

const mostLength = 20_000
const mostSteps = 150_000
/** To make a step of a program takes as long as to look at so many. */
const stepsToPrepare = 10
/** From every place of so short a text RegExp may begin anew: that is at most its square of steps. */
const mostRestarts = 256

/** An expression that has been read. */
export interface Pattern {
  /** Why it is not judged: every text passes. Null: it is. */
  unjudged: string | null
  /** Whether it matches anywhere in a text; throws what the effort throws. */
  matches(text: string, effort: Effort): boolean
}

/**
 * Reads a `pattern` (JSON Schema 2020-12 core, 6.4: ECMA 262 with the flag `u`, without it where it is none with it).
 *
 *     one way on at each character ──► RegExp itself, in as many steps as there are characters
 *     anything else                ──► the matcher of match.ts: slower, and never out of proportion
 *     back references, modifiers   ──► not judged
 */
export function readPattern(source: string): Pattern {
  if (source.length > mostLength) return unjudged(`it is longer than ${mostLength} characters`)
  const form = formOf(source)
  if (form === null) return unjudged('it is no regular expression of ECMA 262')
  try {
    const expression = parseExpression(source, form.unicode)
    return sizeOf(expression) > mostSteps ? unjudged('it is too large') : judged(form, expression)
  } catch (error) {
    if (!(error instanceof Unsupported)) throw error
    return unjudged(error.message)
  }
}

function judged(form: RegExp, expression: Expression): Pattern {
  let plan: { program: Step[]; mostForRegExp: number } | null = null
  return {
    unjudged: null,
    matches(text, effort) {
      if (plan === null) {
        effort.spendMatching(sizeOf(expression) * stepsToPrepare)
        const program = programOf(expression, form.unicode)
        plan = { program, mostForRegExp: mostForRegExp(program) }
      }
      if (text.length > plan.mostForRegExp) return isMatch(plan.program, text, form.unicode, effort)
      effort.spendMatching(text.length >> 5)
      return form.test(text)
    },
  }
}

/** The length of texts that RegExp may be asked about; -1: of none. */
function mostForRegExp(program: readonly Step[]): number {
  if (!isUnambiguous(program)) return -1
  return isAnchored(program) ? Infinity : mostRestarts
}

/** Null: RegExp takes it neither with the flag `u` nor without. */
export function formOf(source: string): RegExp | null {
  for (const flags of ['u', '']) {
    try {
      return new RegExp(source, flags)
    } catch {
      // Then without.
    }
  }
  return null
}

function unjudged(reason: string): Pattern {
  return { unjudged: reason, matches: () => true }
}
