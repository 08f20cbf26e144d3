import { isMap, isSeq, parseDocument, visit } from 'yaml'
import type { Node, Pair, YAMLMap, YAMLSeq } from 'yaml'
import type { Place } from '../../source/origins.ts'

/** Where a member or an item stands in a text: from its name (of an item: from its value) to the end of its value. */
export interface Span {
  start: number
  /** Where its value begins. */
  value: number
  end: number
}

/** Members or items of an object or a list, in the order in which they are written. */
export interface Spans {
  items: Span[]
  /** Between brackets, with commas; otherwise each begins a line. */
  isFlow: boolean
}

/** Finds where members stand, in one text. Undefined: it cannot be said. */
export type FindSpans = (place: Place) => Spans | undefined

export function createFindSpans(text: string): FindSpans {
  return isJson(text) ? (place) => spansInJson(text, place) : createYamlSpans(text)
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function spansInJson(text: string, { starts, names }: Place): Spans {
  const items = starts.map((start): Span => {
    const value = names === null ? start : skipSpace(text, skipSpace(text, endOfText(text, start)) + 1)
    return { start, value, end: endOfJson(text, value) }
  })
  return { items, isFlow: true }
}

function skipSpace(text: string, from: number): number {
  let at = from
  while (at < text.length && ' \t\r\n'.includes(text[at]!)) at += 1
  return at
}

/** Behind the closing quote of the text that begins here. */
function endOfText(text: string, from: number): number {
  let at = from + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at + 1
}

/** Behind the value that begins here; the text is known to be JSON. */
function endOfJson(text: string, from: number): number {
  if (text[from] === '"') return endOfText(text, from)
  if (text[from] !== '{' && text[from] !== '[') {
    let at = from
    while (at < text.length && !',]} \t\r\n'.includes(text[at]!)) at += 1
    return at
  }
  let depth = 0
  for (let at = from; at < text.length; at += 1) {
    const character = text[at]!
    if (character === '"') at = endOfText(text, at) - 1
    else if (character === '{' || character === '[') depth += 1
    else if ((character === '}' || character === ']') && --depth === 0) return at + 1
  }
  return text.length
}

function createYamlSpans(text: string): FindSpans {
  const collections = new Map<number, YAMLMap | YAMLSeq>()
  visit(parseDocument(text, { uniqueKeys: false, prettyErrors: false }), {
    Collection(_, node) {
      const start = node.range?.[0]
      if (start !== undefined && !collections.has(start) && (isMap(node) || isSeq(node)))
        collections.set(start, node)
    },
  })
  return ({ start, starts }) => {
    const node = collections.get(start)
    if (node === undefined || node.items.length !== starts.length) return undefined
    const spans = isMap(node)
      ? node.items.map(spanOfPair)
      : node.items.map((item) => spanOfItem(text, item, node))
    const items = spans.filter((span) => span !== undefined)
    return items.length === spans.length ? { items, isFlow: node.flow === true } : undefined
  }
}

function spanOfPair({ key, value }: Pair): Span | undefined {
  const [name, of] = [(key as Node | null)?.range, (value as Node | null)?.range]
  return name && of ? { start: name[0], value: of[0], end: of[1] } : undefined
}

/** An item of a block begins with its dash. */
function spanOfItem(text: string, item: unknown, { flow }: YAMLSeq): Span | undefined {
  const range = (item as Node | null)?.range
  if (!range) return undefined
  const [value, end] = range
  if (flow === true) return { start: value, value, end }
  const dash = /-[ \t]*$/.exec(text.slice(Math.max(0, value - 100), value))?.[0]
  return dash === undefined ? undefined : { start: value - dash.length, value, end }
}
