import { placeOf } from '../../source/origins.ts'
import type { SourceDocument } from './documents.ts'
import { indentOf, lineEndOf } from './edits.ts'
import type { Edit } from './edits.ts'
import { styleOf, writeInLine } from './json-style.ts'
import type { JsonStyle } from './json-style.ts'
import { valueAt } from './settle.ts'
import type { Settled } from './settle.ts'

/**
 * Edits of a text of JSON: each member on a line of its own where the others are, indented as they are; in one line where the
 * last of them is.
 */
export function jsonEdits({ file, value }: SourceDocument, settled: readonly Settled[]): Edit[] | null {
  const byContainer = Map.groupBy(settled, ({ container }) => container)
  const edits: Edit[] = []
  for (const [container, all] of byContainer) {
    const at = valueAt(value, container)
    const place = typeof at === 'object' && at !== null ? placeOf(at) : undefined
    if (place === undefined) return null
    const end = endOf(file.text, place.start)
    const { starts } = place
    edits.push(
      editOf(
        file.text,
        { first: starts[0], last: starts.at(-1), end, depth: container.split('/').length },
        all,
      ),
    )
  }
  return edits
}

interface Span {
  /** Where the first member begins; undefined: there is none. */
  first: number | undefined
  /** Where the last one does. */
  last: number | undefined
  /** Where it is closed. */
  end: number
  depth: number
}

function editOf(text: string, span: Span, settled: readonly Settled[]): Edit {
  const { first, end, depth } = span
  const last = text.slice(0, end).trimEnd().length
  const newLine = lineEndOf(text)
  const unit = unitOf(text)
  const isInline = first !== undefined && !text.slice(text.lastIndexOf('\n', first) + 1, first).match(/^\s*$/)
  // All of it may stand in one line, as nobody reads it.
  const isPacked = unit === null
  const outer = indentOf(text, end)
  const inner = first === undefined || isInline ? outer + (unit ?? '') : indentOf(text, first)
  const style = isPacked ? packed : (styleOfLast(text, span) ?? (isInline ? narrow : null))
  const members = settled.map(({ name, value }) => {
    const written =
      style === null
        ? JSON.stringify(value, null, unit!).replaceAll('\n', newLine + inner)
        : writeInLine(value, style)
    return name === '-' ? written : `${JSON.stringify(name)}:${isPacked ? '' : ' '}${written}`
  })
  const comma = first === undefined ? '' : ','
  if (isPacked) return { at: last, text: comma + members.join(','), depth }
  if (isInline) return { at: last, text: `${comma} ${members.join(', ')}`, depth }
  const lines = members.join(`,${newLine}${inner}`)
  const closing = first === undefined ? newLine + outer : ''
  return { at: last, text: `${comma}${newLine}${inner}${lines}${closing}`, depth }
}

const packed: JsonStyle = { inBraces: '', between: '' }
const narrow: JsonStyle = { inBraces: '', between: ' ' }

/** Of the last member, where that is an object in one line; null: it is none, or an empty one, which tells nothing. */
function styleOfLast(text: string, { last, end }: Span): JsonStyle | null {
  if (last === undefined) return null
  const written = text
    .slice(last, end)
    .replace(/^"(?:[^"\\]|\\.)*"\s*:\s*/, '')
    .trimEnd()
  return /^\{\s*[^}\s]/.test(written) ? styleOf(written) : null
}

/** What the text indents by; null: it has no lines. */
function unitOf(text: string): string | null {
  return /\n([ \t]+)\S/.exec(text.slice(0, 10_000))?.[1] ?? null
}

/** Where the object or the list is closed that begins there. */
function endOf(text: string, start: number): number {
  let depth = 0
  let isText = false
  for (let at = start; at < text.length; at += 1) {
    const letter = text[at]
    if (isText) {
      if (letter === '\\') at += 1
      else if (letter === '"') isText = false
    } else if (letter === '"') isText = true
    else if (letter === '{' || letter === '[') depth += 1
    else if ((letter === '}' || letter === ']') && (depth -= 1) === 0) return at
  }
  return text.length
}
