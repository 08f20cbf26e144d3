/** A member of a JSON object: its name, and its value as it is written. */
export interface Member {
  name: string
  text: string
}

/**
 * The members of a JSON object with the text of their values, so that a number of more digits than JavaScript holds stays
 * what it is. `text` must be a JSON object that has been parsed already. Pure.
 */
export function membersOf(text: string): Member[] {
  const members: Member[] = []
  let at = skipSpace(text, text.indexOf('{') + 1)
  while (text[at] === '"') {
    const nameEnd = endOfString(text, at)
    const name = JSON.parse(text.slice(at, nameEnd)) as string
    const from = skipSpace(text, skipSpace(text, nameEnd) + 1)
    const to = endOfValue(text, from)
    members.push({ name, text: text.slice(from, to).trimEnd() })
    at = text[to] === ',' ? skipSpace(text, to + 1) : text.length
  }
  return members
}

/** Position of the comma or bracket that ends the value. */
function endOfValue(text: string, from: number): number {
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const character = text[at]
    if (character === '"') at = endOfString(text, at) - 1
    else if (character === '{' || character === '[') depth += 1
    else if (depth === 0 && (character === ',' || character === '}')) return at
    else if (character === '}' || character === ']') depth -= 1
  }
  return text.length
}

/** Position after the closing quotation mark of the string that begins at `from`. */
function endOfString(text: string, from: number): number {
  let at = from + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at + 1
}

function skipSpace(text: string, from: number): number {
  let at = from
  while (/[ \t\n\r]/.test(text[at] ?? '')) at += 1
  return at
}
