import type { SchemaObject } from '../../types.ts'
import type { Pair, Walker } from './types.ts'

type Bound = keyof SchemaObject &
  (
    | 'maximum'
    | 'minimum'
    | 'exclusiveMaximum'
    | 'exclusiveMinimum'
    | 'maxLength'
    | 'minLength'
    | 'maxItems'
    | 'minItems'
    | 'maxProperties'
    | 'minProperties'
    | 'maxContains'
    | 'minContains'
  )

/** Keyword, fact, and the value that is as good as none. */
const bounds: [keyword: Bound, fact: string, none?: number][] = [
  ['maximum', 'max'],
  ['minimum', 'min'],
  ['exclusiveMaximum', 'exclusive-max'],
  ['exclusiveMinimum', 'exclusive-min'],
  ['maxLength', 'max-length'],
  ['minLength', 'min-length', 0],
  ['maxItems', 'max-items'],
  ['minItems', 'min-items', 0],
  ['maxProperties', 'max-properties'],
  ['minProperties', 'min-properties', 0],
  ['maxContains', 'max-contains'],
  ['minContains', 'min-contains', 1],
]

/** Compares what numbers, lengths and patterns may be. */
export function compareBounds(walker: Walker, { before, after, at }: Pair): void {
  const tell = (fact: string, keyword: keyof SchemaObject): void => {
    const details = { before: before[keyword] ?? null, after: after[keyword] ?? null }
    const spots = { before: { at: before, member: keyword }, after: { at: after, member: keyword } }
    walker.tell(fact, at, details as { before: number | null; after: number | null }, spots)
  }
  for (const [keyword, fact, none] of bounds) {
    const [a, b] = [before[keyword] ?? none, after[keyword] ?? none]
    if (a === b) continue
    // What no longer says how many says one of those that it has, or nothing at all (JSON Schema validation 6.4.5).
    if (a === undefined || before[keyword] === undefined) tell(`${fact}-set`, keyword)
    else if (b === undefined || after[keyword] === undefined) tell(`${fact}-unset`, keyword)
    else tell(`${fact}-${b > a ? 'increased' : 'decreased'}`, keyword)
  }
  compareMultiples(tell, before.multipleOf, after.multipleOf)
  if ((before.uniqueItems === true) !== (after.uniqueItems === true))
    tell(after.uniqueItems === true ? 'unique-items-added' : 'unique-items-removed', 'uniqueItems')
  comparePatterns(tell, before.pattern, after.pattern)
}

type Tell = (fact: string, keyword: keyof SchemaObject) => void

function compareMultiples(tell: Tell, a: number | undefined, b: number | undefined): void {
  if (a === b) return
  if (a === undefined) tell('multiple-of-set', 'multipleOf')
  else tell(b === undefined ? 'multiple-of-unset' : 'multiple-of-changed', 'multipleOf')
}

/** Patterns that every text matches. */
const anyText = /^\^?(?:\.\*|\[\\s\\S\]\*|\(\?:\.\|\\n\)\*)?\$?$/

function comparePatterns(tell: Tell, a: string | undefined, b: string | undefined): void {
  if (a === b) return
  if (a === undefined) tell('pattern-added', 'pattern')
  else if (b === undefined) tell('pattern-removed', 'pattern')
  else tell(isWider(a, b) ? 'pattern-generalized' : 'pattern-changed', 'pattern')
}

/** Whatever matches the first matches the second: only what can be seen at a glance. */
function isWider(a: string, b: string): boolean {
  // `^$` matches no text but the empty one.
  if (anyText.test(b) && b !== '^$') return true
  return (
    b === a.replace(/^\^/, '') || b === a.replace(/\$$/, '') || b === a.replace(/^\^/, '').replace(/\$$/, '')
  )
}
