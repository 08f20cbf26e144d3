import type { Member, Type } from './type.ts'

/** Columns of a line. */
export const width = 110

/**
 * Lays out a type as oxfmt would: on one line where that fits, else with a line for each branch or member.
 * @param indent spaces before the line on which it begins
 * @param used columns that are taken on that line, with what follows the type on it
 */
export function print(type: Type, indent: number, used: number): string {
  return flat(type, width - used) ?? broken(type, indent, used)
}

/** A member with its comment, as lines that are indented. */
export function printMember(member: Member, indent: number): string {
  const key = `${member.key}${member.optional ? '?' : ''}:`
  const start = indent + key.length + 1
  const comment = printComment(member.comment, indent)
  const text = print(member.type, indent, start)
  return `${comment}${' '.repeat(indent)}${key}${text.startsWith('\n') ? '' : ' '}${text}\n`
}

export function printComment(lines: readonly string[], indent: number): string {
  const pad = ' '.repeat(indent)
  const [only] = lines
  if (only === undefined) return ''
  if (lines.length === 1) return `${pad}/** ${only} */\n`
  const rows = lines.map((line) => (line === '' ? `${pad} *\n` : `${pad} * ${line}\n`))
  return `${pad}/**\n${rows.join('')}${pad} */\n`
}

/** Null: it does not fit into so many columns, or has members that need lines of their own. */
function flat(type: Type, room: number): string | null {
  const text = flatText(type, room)
  return text !== null && text.length <= room ? text : null
}

function flatText(type: Type, room: number): string | null {
  switch (type.kind) {
    case 'word':
      return type.text
    case 'list':
      return suffixed(flatText(type.of, room), type.of, '[]')
    case 'tuple': {
      const items = type.items.map((item) => {
        const text = flatText(item.type, room)
        return item.optional ? suffixed(text, item.type, '?') : text
      })
      if (type.rest !== null) {
        const rest = suffixed(flatText(type.rest, room), type.rest, '[]')
        items.push(rest === null ? null : `...${rest}`)
      }
      return items.includes(null) ? null : `[${items.join(', ')}]`
    }
    case 'object': {
      const [only] = type.members
      if (type.members.length !== 1 || !only!.key.startsWith('[') || only!.comment.length > 0) return null
      const text = flatText(only!.type, room)
      return text === null ? null : `{ ${only!.key}: ${text} }`
    }
    case 'union':
    case 'intersection':
      return joined(type, room)
  }
}

function joined(type: Extract<Type, { of: Type[] }>, room: number): string | null {
  let text = ''
  for (const branch of type.of) {
    const part = flatText(branch, room)
    if (part === null) return null
    if (text !== '') text += type.kind === 'union' ? ' | ' : ' & '
    text += needsBrackets(branch, type) ? `(${part})` : part
    if (text.length > room) return null
  }
  return text
}

function suffixed(text: string | null, type: Type, suffix: string): string | null {
  if (text === null) return null
  return type.kind === 'union' || type.kind === 'intersection' ? `(${text})${suffix}` : text + suffix
}

function needsBrackets(branch: Type, within: Type): boolean {
  return (branch.kind === 'union' || branch.kind === 'intersection') && branch.kind !== within.kind
}

function broken(type: Type, indent: number, used: number): string {
  switch (type.kind) {
    case 'word':
      return type.text
    case 'list':
      return type.of.kind === 'union' || type.of.kind === 'intersection'
        ? `${bracketed(type.of, indent, used + 2)}[]`
        : `${print(type.of, indent, used + 2)}[]`
    case 'tuple':
      return brokenTuple(type, indent)
    case 'object':
      return `{\n${type.members.map((each) => printMember(each, indent + 2)).join('')}${' '.repeat(indent)}}`
    case 'union':
      return brokenUnion(type, indent, used)
    case 'intersection':
      return brokenIntersection(type, indent, used)
  }
}

function brokenTuple(type: Extract<Type, { kind: 'tuple' }>, indent: number): string {
  const pad = ' '.repeat(indent + 2)
  const rows = type.items.map((item) => {
    const hasBranches = item.type.kind === 'union' || item.type.kind === 'intersection'
    if (!item.optional) return print(item.type, indent + 2, indent + 3)
    return `${hasBranches ? bracketed(item.type, indent + 2, indent + 4) : print(item.type, indent + 2, indent + 4)}?`
  })
  if (type.rest !== null) rows.push(`...${print({ kind: 'list', of: type.rest }, indent + 2, indent + 6)}`)
  return `[\n${rows.map((row) => `${pad}${row.trimStart()},\n`).join('')}${' '.repeat(indent)}]`
}

/** An object and null: the object's braces stay where they are. */
function brokenUnion(type: Extract<Type, { of: Type[] }>, indent: number, used: number): string {
  const objects = type.of.filter(({ kind }) => kind === 'object')
  const nulls = type.of.filter((branch) => branch.kind === 'word' && branch.text === 'null')
  if (objects.length === 1 && nulls.length === type.of.length - 1)
    return type.of.map((branch) => print(branch, indent, used)).join(' | ')
  return `\n${branches(type, indent + 2)}`
}

function branches(type: Extract<Type, { of: Type[] }>, indent: number): string {
  const pad = ' '.repeat(indent)
  return type.of
    .map((branch) => {
      const isBracketed = needsBrackets(branch, type)
      return `${pad}| ${isBracketed ? bracketed(branch, indent + 2, indent + 2) : print(branch, indent + 2, indent + 2)}`
    })
    .join('\n')
}

/** Objects hang at their braces; what is none begins a line of its own after what is none either. */
function brokenIntersection(type: Extract<Type, { of: Type[] }>, indent: number, used: number): string {
  let text = ''
  let before: Type | null = null
  let isIndented = false
  for (const [index, branch] of type.of.entries()) {
    const alike = before !== null && (before.kind === 'object') === (branch.kind === 'object')
    const opensLine = alike && branch.kind !== 'object'
    if (before !== null && !alike && index > 1) isIndented = true
    const deep = indent + (opensLine || isIndented ? 2 : 0)
    if (before !== null) text += opensLine ? ` &\n${' '.repeat(deep)}` : ' & '
    const from = opensLine ? deep : used
    text += needsBrackets(branch, type) ? bracketed(branch, deep, from) : print(branch, deep, from)
    before = branch
  }
  return text
}

function bracketed(type: Type, indent: number, used: number): string {
  const text = flat(type, width - used - 2)
  if (text !== null) return `(${text})`
  if (type.kind !== 'union') return `(${print(type, indent, used + 2)})`
  return `(\n${branches(type, indent + 2)}\n${' '.repeat(indent)})`
}
