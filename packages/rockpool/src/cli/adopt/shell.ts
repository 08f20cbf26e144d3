/*
 * Words of one command, as a POSIX shell splits them (IEEE Std 1003.1, Shell Command Language, 2.2 and 2.3), with bash's
 * $'…'. Whatever the shell itself would fill in or run is refused: here nothing is run, and nothing is filled in.
 */

export type Words = { ok: true; words: string[] } | { ok: false; detail: string }

const maxLength = 1024 * 1024
const escapes: Record<string, string> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\u0007',
  b: '\b',
  e: '\u001b',
  E: '\u001b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '?': '?',
}

/** Splits the text of one command. Pure. */
export function splitShell(text: string): Words {
  if (text.length > maxLength) return refuse('the command has more than a million characters')
  const words: string[] = []
  let word: string | undefined
  let at = 0
  const add = (piece: string) => (word = (word ?? '') + piece)
  while (at < text.length) {
    const character = text[at]!
    const next = text[at + 1]
    if (character === '\\') {
      const isContinued = next === '\n' || (next === '\r' && text[at + 2] === '\n')
      if (isContinued) at += next === '\r' ? 3 : 2
      else if (next === undefined) return refuse('the command ends with a backslash')
      else {
        add(next)
        at += 2
      }
    } else if (character === "'") {
      const end = text.indexOf("'", at + 1)
      if (end < 0) return refuse('a single quote is not closed')
      add(text.slice(at + 1, end))
      at = end + 1
    } else if (character === '"') {
      const quoted = readDouble(text, at + 1)
      if (!quoted.ok) return quoted
      add(quoted.value)
      at = quoted.end
    } else if (character === '$' && next === "'") {
      const quoted = readAnsi(text, at + 2)
      if (!quoted.ok) return quoted
      add(quoted.value)
      at = quoted.end
    } else if (character === '$' && next === '"') at += 1
    else if (character === '`' || (character === '$' && isExpansion(next))) return refuse(expansion(text, at))
    else if (character === '#' && word === undefined) {
      const end = text.indexOf('\n', at)
      at = end < 0 ? text.length : end
    } else if (/[|;&<>()]/.test(character)) {
      return refuse(`“${character}” would go on to another command or file: paste one curl call alone`)
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word)
      word = undefined
      // A line end ends a command; what follows would be another one.
      if (character === '\n' && words.length > 0) {
        if (
          text
            .slice(at)
            .replaceAll(/^[ \t]*#.*$/gm, '')
            .trim() === ''
        )
          break
        return refuse('there is a second line: end the first with a backslash, or paste one curl call alone')
      }
      at += 1
    } else {
      add(character)
      at += 1
    }
  }
  if (word !== undefined) words.push(word)
  return { ok: true, words }
}

type Quoted = { ok: true; value: string; end: number } | { ok: false; detail: string }

function readDouble(text: string, from: number): Quoted {
  let value = ''
  for (let at = from; at < text.length; at++) {
    const character = text[at]!
    const next = text[at + 1]
    if (character === '"') return { ok: true, value, end: at + 1 }
    if (character === '\\' && next !== undefined && '$`"\\\n'.includes(next)) {
      value += next === '\n' ? '' : next
      at++
    } else if (character === '`' || (character === '$' && isExpansion(next)))
      return refuse(expansion(text, at))
    else value += character
  }
  return refuse('a double quote is not closed')
}

/** $'…' of bash. */
function readAnsi(text: string, from: number): Quoted {
  let value = ''
  for (let at = from; at < text.length;) {
    const character = text[at]!
    if (character === "'") return { ok: true, value, end: at + 1 }
    if (character !== '\\') {
      value += character
      at += 1
      continue
    }
    const code = /^\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|([0-7]{1,3}))/.exec(
      text.slice(at, at + 10),
    )
    if (code) {
      const point =
        code[4] === undefined
          ? Number.parseInt(code[1] ?? code[2] ?? code[3]!, 16)
          : Number.parseInt(code[4], 8)
      if (point === 0 || point > 0x10ffff) return refuse("$'…' names a character that there is not")
      value += String.fromCodePoint(point)
      at += code[0].length
    } else {
      const escaped = escapes[text[at + 1] ?? '']
      value += escaped ?? text.slice(at, at + 2)
      at += 2
    }
  }
  return refuse("$'…' is not closed")
}

const isExpansion = (next: string | undefined) => next !== undefined && /[A-Za-z_0-9{(@*#?$!-]/.test(next)

function expansion(text: string, at: number): string {
  const what = /^(`[^`]{0,30}`?|\$\{?[\w(][\w(]{0,30}\}?|\$.)/.exec(text.slice(at))?.[0] ?? '$'
  return `the shell would put something in the place of ${what}: paste the call with what it stands for`
}

const refuse = (detail: string) => ({ ok: false, detail }) as const
