import { isAlias, isMap, isScalar, isSeq } from 'yaml'
import type { Document, Node, Pair, YAMLMap, YAMLSeq } from 'yaml'
import { unescapeToken } from '../../source/origins.ts'
import { columnOf, lineEndOf } from './edits.ts'
import type { Edit } from './edits.ts'
import type { Settled } from './settle.ts'
import { yamlFlow, yamlLines } from './yaml-text.ts'

/**
 * Edits of a text of YAML: everything that stands in it stays to the letter, with its comments. What is added follows the last
 * member, written as the others are: on lines, or between braces. Null: there is no place for it.
 */
export function yamlEdits(text: string, document: Document, settled: readonly Settled[]): Edit[] | null {
  const edits: Edit[] = []
  for (const [container, all] of Map.groupBy(settled, (each) => each.container)) {
    const node = nodeAt(document, container)
    const edit = node === null ? null : editOf(text, node, all)
    if (edit === null) return null
    edits.push({ ...edit, depth: container.split('/').length })
  }
  return edits
}

function nodeAt(document: Document, pointer: string): YAMLMap | YAMLSeq | null {
  let at: unknown = document.contents
  for (const token of pointer.split('/').slice(1)) {
    if (isSeq(at)) at = at.items[Number(token)]
    else if (isMap(at)) at = at.items.find((pair) => nameOf(pair) === unescapeToken(token))?.value
    if (isAlias(at)) at = at.resolve(document)
  }
  return isMap(at) || isSeq(at) ? at : null
}

/** As names are read (source/yaml.ts): as they are written. */
function nameOf({ key }: Pair): string {
  return isScalar(key) ? (key.source ?? String(key.value)) : ''
}

type Place = Pick<Edit, 'at' | 'text'>

function editOf(text: string, node: YAMLMap | YAMLSeq, settled: readonly Settled[]): Place | null {
  if (node.range === undefined || node.range === null) return null
  const [start, end] = node.range
  if (node.flow === true) return flowEdit(text, node.items.length === 0, end, settled)
  const last = node.items.at(-1)
  if (last === undefined) return null
  const column = isMap(node) ? columnOf(text, startOf((node.items[0] as Pair).key)) : columnOf(text, start)
  if (isSeq(node) && text[start] !== '-') return null
  const lines = settled.flatMap(({ name, value }) => yamlLines(name === '-' ? null : name, value))
  return blockEdit(text, endOfItem(last), ' '.repeat(column), lines)
}

function startOf(node: unknown): number {
  return (node as Node | null)?.range?.[0] ?? 0
}

/** Where a value ends, or its name where it has none. */
function endOfItem(item: unknown): number {
  const { key, value } = item as Pair
  const node = key === undefined ? (item as Node) : ((value ?? key) as Node)
  return lastOf(node)
}

/** Collections that stand on lines end with their last member, not with the comments that follow. */
function lastOf(node: Node): number {
  if ((isMap(node) || isSeq(node)) && node.flow !== true && node.items.length > 0)
    return endOfItem(node.items.at(-1))
  return node.range?.[1] ?? 0
}

function blockEdit(text: string, end: number, indent: string, lines: readonly string[]): Place {
  const newLine = lineEndOf(text)
  // A text in a block ends behind its last line, others before.
  const isBehind = end > 0 && text[end - 1] === '\n'
  const next = text.indexOf('\n', end)
  const isLast = next < 0
  const written = lines.map((line) => indent + line)
  if (isBehind) return { at: end, text: written.map((line) => line + newLine).join('') }
  if (isLast) return { at: text.length, text: written.map((line) => newLine + line).join('') }
  return { at: next + 1, text: written.map((line) => line + newLine).join('') }
}

function flowEdit(text: string, isEmpty: boolean, end: number, settled: readonly Settled[]): Place {
  const members = settled.map(({ name, value }) => {
    const written = yamlFlow(value)
    return name === '-' ? written : `${yamlFlow(name)}: ${written}`
  })
  const at = text.slice(0, end - 1).trimEnd().length
  const isOpen = isEmpty || text[at - 1] === ','
  return { at, text: (isEmpty ? '' : isOpen ? ' ' : ', ') + members.join(', ') }
}
