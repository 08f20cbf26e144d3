import type { WrongField } from './types.ts'

/*
 * The field alone is changed, in the text itself: whoever reads the rest finds every digit and every letter as the
 * service wrote it, also of numbers that JavaScript cannot hold.
 */

/** A member of an object or an item of a list: where it begins (with its name), and where its value stands. */
interface Place {
  from: number
  start: number
  end: number
}

/** The text with the field changed; null: it is not JSON, or has no such field. Pure. */
export function changeField(
  text: string,
  field: WrongField,
): { text: string } | 'not_json' | 'no_such_field' {
  if (!isJson(text)) return 'not_json'
  const tokens = field.pointer.split('/').slice(1).map(unescape)
  let places: Place[] = []
  let at = skipSpace(text, 0)
  for (const token of tokens) {
    places = placesOf(text, at, token)
    const last = places.at(-1)
    if (last === undefined) return 'no_such_field'
    at = last.start
  }
  if (!('drop' in field)) {
    const { start, end } = places.at(-1)!
    return { text: text.slice(0, start) + JSON.stringify(field.value) + text.slice(end) }
  }
  // A name that stands twice is one field, of which readers see the last: it is gone only with all of them.
  return { text: places.reduceRight(without, text) }
}

/** Applies them one after the other. `missed`: why the last that changed nothing did not; null: all did. Pure. */
export function changeFields(
  text: string,
  fields: readonly WrongField[],
): { text: string; missed: 'not_json' | 'no_such_field' | null } {
  let missed: 'not_json' | 'no_such_field' | null = null
  for (const field of fields) {
    const changed = changeField(text, field)
    if (typeof changed === 'string') missed = changed
    else ({ text } = changed)
  }
  return { text, missed }
}

/** RFC 6901 section 4: `~1` first, so that `~01` is `~1`. */
function unescape(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~')
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

// From here on the text is JSON: nothing is checked again.

/** Members of the object at `at` with this name, or the item of the list at this index, in their order. */
function placesOf(text: string, at: number, token: string): Place[] {
  const isObject = text[at] === '{'
  if (!isObject && text[at] !== '[') return []
  const found: Place[] = []
  let from = skipSpace(text, at + 1)
  for (let index = 0; text[from] !== (isObject ? '}' : ']'); index++) {
    let start = from
    let name = String(index)
    if (isObject) {
      const end = skipString(text, from)
      name = JSON.parse(text.slice(from, end)) as string
      start = skipSpace(text, skipSpace(text, end) + 1)
    }
    const end = skipValue(text, start)
    if (name === token) found.push({ from, start, end })
    const next = skipSpace(text, end)
    from = text[next] === ',' ? skipSpace(text, next + 1) : next
  }
  return found
}

/** Takes a member or an item out, with one of the commas beside it. */
function without(text: string, { from, end }: Place): string {
  const before = lastBefore(text, from)
  if (text[before] === ',') return text.slice(0, before) + text.slice(end)
  const after = skipSpace(text, end)
  return text.slice(0, from) + text.slice(text[after] === ',' ? after + 1 : end)
}

const isSpace = (character: string | undefined) =>
  character === ' ' || character === '\n' || character === '\r' || character === '\t'

function skipSpace(text: string, at: number): number {
  while (isSpace(text[at])) at += 1
  return at
}

function lastBefore(text: string, at: number): number {
  do at -= 1
  while (isSpace(text[at]))
  return at
}

/** `at`: the opening quotation mark. Gives the place behind the closing one. */
function skipString(text: string, at: number): number {
  for (at += 1; text[at] !== '"'; at += 1) if (text[at] === '\\') at += 1
  return at + 1
}

/** Without recursion: a service may nest as deep as it likes. */
function skipValue(text: string, at: number): number {
  let depth = 0
  do {
    const character = text[at]
    if (character === '"') at = skipString(text, at)
    else if (character === '{' || character === '[') [depth, at] = [depth + 1, at + 1]
    else if (character === '}' || character === ']') [depth, at] = [depth - 1, at + 1]
    else if (depth > 0) at += 1
    else while (at < text.length && !isSpace(text[at]) && !',}]'.includes(text[at]!)) at += 1
  } while (depth > 0)
  return at
}
