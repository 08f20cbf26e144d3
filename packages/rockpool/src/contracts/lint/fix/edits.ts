import type { Place } from '../../source/origins.ts'
import type { Change } from './change.ts'
import type { FindSpans, Span, Spans } from './spans.ts'

/** A part of a text that is written anew. */
export interface Edit {
  start: number
  end: number
  text: string
}

/** The edits of a text that a change needs. Undefined: it cannot be done without touching more than it should. */
export function editsOf(
  text: string,
  place: Place,
  find: FindSpans,
  { fix, wanted }: Change,
): Edit[] | undefined {
  const spans = find(place)
  if (spans === undefined) return undefined
  if (fix.kind === 'order') return orderEdits(text, place, spans, wanted)
  const index = place.names?.lastIndexOf(fix.member) ?? -1
  const span = spans.items[index]
  if (span === undefined) return undefined
  if (fix.kind === 'rewrite') {
    const { value: start, end } = span
    return [{ start, end, text: fix.rewrite(text.slice(start, end)) }]
  }
  // An object must not become empty: of a block nothing would be left.
  if (spans.items.length < 2) return undefined
  return spans.isFlow ? removeFromFlow(text, spans.items, index) : removeLines(text, spans.items, index)
}

function removeFromFlow(text: string, items: readonly Span[], index: number): Edit[] | undefined {
  const next = items[index + 1]
  const [start, end] =
    next === undefined ? [items[index - 1]!.end, items[index]!.end] : [items[index]!.start, next.start]
  return hasComment(text, items) ? undefined : [{ start, end, text: '' }]
}

function removeLines(text: string, items: readonly Span[], index: number): Edit[] | undefined {
  const { start, end } = items[index]!
  const line = lineStart(text, start)
  const after = endOfLine(text, contentEnd(text, start, end))
  if (text.slice(line, start).trim() === '')
    return [{ start: line, end: Math.min(after + 1, text.length), text: '' }]
  // It is the first of an item of a list, and stands behind its dash: what follows takes its place.
  const next = items[index + 1]
  return next !== undefined && text.slice(after, next.start).trim() === ''
    ? [{ start, end: next.start, text: '' }]
    : undefined
}

/** The texts of the items change places; what stands between them stays. */
function orderEdits(
  text: string,
  place: Place,
  { items, isFlow }: Spans,
  wanted: readonly (string | number)[],
): Edit[] | undefined {
  const slots = isFlow ? (hasComment(text, items) ? undefined : items) : blockSlots(text, items)
  if (slots === undefined) return undefined
  const indexOf = (key: string | number) =>
    place.names === null ? Number(key) : place.names.lastIndexOf(String(key))
  const order = wanted.map(indexOf)
  if (order.some((index) => slots[index] === undefined)) return undefined
  return order
    .toSorted((one, other) => one - other)
    .map((index, position) => {
      const { start, end } = slots[index]!
      const { start: from, end: to } = slots[order[position]!]!
      return { start, end, text: text.slice(from, to) }
    })
}

/** Lines of each item with the comments above it and beside it. Undefined: somebody else's comment would go along. */
function blockSlots(text: string, items: readonly Span[]): { start: number; end: number }[] | undefined {
  const first = items[0]
  if (first === undefined) return undefined
  const indent = first.start - lineStart(text, first.start)
  const above = text.slice(0, lineStart(text, first.start)).trimEnd()
  // A comment above the first may be about it, or about all of them.
  if (text.slice(lineStart(text, above.length)).trimStart().startsWith('#')) return undefined
  let before = -1
  const slots: { start: number; end: number }[] = []
  for (const { start, end } of items) {
    // Empty lines stay where they are.
    const line = before < 0 ? lineStart(text, start) : beginOfContent(text, before + 1)
    const from = line + indent
    if (before >= 0 && (from > start || text.slice(line, from).trim() !== '')) return undefined
    before = endOfLine(text, contentEnd(text, start, end))
    slots.push({ start: from, end: before })
  }
  return slots
}

function hasComment(text: string, items: readonly Span[]): boolean {
  return items.some(({ end }, index) => {
    const next = items[index + 1]
    return next !== undefined && text.slice(end, next.start).includes('#')
  })
}

/** Without the lines that a block of text ends in. */
function contentEnd(text: string, start: number, end: number): number {
  return start + text.slice(start, end).trimEnd().length
}

/** The first line from here on that is not empty. */
function beginOfContent(text: string, from: number): number {
  return lineStart(text, from + /\S|$/.exec(text.slice(from))!.index)
}

const lineStart = (text: string, at: number) => text.lastIndexOf('\n', at - 1) + 1

/** Where the line ends, without what ends it. */
function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end
}

/** The text with all edits, which do not overlap. */
export function applied(text: string, edits: readonly Edit[]): string {
  let result = ''
  let at = 0
  for (const edit of edits.toSorted((one, other) => one.start - other.start)) {
    result += text.slice(at, edit.start) + edit.text
    at = edit.end
  }
  return result + text.slice(at)
}

/** Edits that share no character with others. */
export function overlap(one: readonly Edit[], others: readonly Edit[]): boolean {
  return one.some((edit) => others.some((other) => edit.start < other.end && other.start < edit.end))
}
