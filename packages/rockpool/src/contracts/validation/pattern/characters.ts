import type { Expression } from './parse.ts'

const asciiEnd = 128

/** The characters that one place of an expression takes. */
export interface Characters {
  has(code: number): boolean
  /** One for each of ASCII. */
  readonly ascii: Uint8Array
  /** It may take others than those of ASCII. */
  readonly mayHaveOthers: boolean
}

/** Asks RegExp itself, one character at a time: once for each of ASCII, of others when they come. */
export function charactersOf(expression: Expression & { kind: 'character' }, unicode: boolean): Characters {
  const { literal, source } = expression
  const ascii = new Uint8Array(asciiEnd)
  if (literal !== null) {
    const wanted = literal.codePointAt(0)!
    if (wanted < asciiEnd) ascii[wanted] = 1
    return { ascii, mayHaveOthers: wanted >= asciiEnd, has: (code) => code === wanted }
  }
  const form = new RegExp(`^(?:${source})$`, unicode ? 'u' : '')
  for (let code = 0; code < asciiEnd; code++) ascii[code] = form.test(String.fromCharCode(code)) ? 1 : 0
  const has = (code: number): boolean =>
    code < asciiEnd ? ascii[code] === 1 : form.test(String.fromCodePoint(code))
  return { ascii, mayHaveOthers: !isWithinAscii(source), has }
}

/** Sure of sets of plain characters only: whatever has an escape, or is turned round, may take more. */
function isWithinAscii(source: string): boolean {
  return /^(?:\\d|\\[^a-zA-Z]|\\w|\[(?!\^)(?:[\0-\x5b\x5d-\x7f]|\\[dw]|\\[\0-@[-`{-\x7f])*\])$/.test(source)
}

/** No character is in both; in doubt: false. */
export function areDisjoint(a: Characters, b: Characters): boolean {
  if (a.mayHaveOthers && b.mayHaveOthers) return false
  return a.ascii.every((has, code) => has === 0 || b.ascii[code] === 0)
}
