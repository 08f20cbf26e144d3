/** A type as TypeScript writes it, before it is laid out. */
export type Type =
  /** What stands on one line and needs no brackets: `string`, `'a'`, `components['schemas']['Pet']`. */
  | { kind: 'word'; text: string }
  | { kind: 'list'; of: Type }
  | { kind: 'tuple'; items: TupleItem[]; rest: Type | null }
  | { kind: 'object'; members: Member[] }
  | { kind: 'union' | 'intersection'; of: Type[] }

export interface TupleItem {
  type: Type
  optional: boolean
}

export interface Member {
  /** As it is written, in quotes where it needs them, or an index signature's `[key: string]`. */
  key: string
  optional: boolean
  type: Type
  /** Lines of its doc comment, none: it has none. */
  comment: readonly string[]
}

export const unknown = word('unknown')
export const never = word('never')
export const nothing = word('null')

export function word(text: string): Type {
  return { kind: 'word', text }
}

export function member(key: string, type: Type, comment: readonly string[] = []): Member {
  return { key, optional: false, type, comment }
}

export function optional(key: string, type: Type, comment: readonly string[] = []): Member {
  return { key, optional: true, type, comment }
}

export function object(members: Member[]): Type {
  return { kind: 'object', members }
}

/** Any names, each with a value of that type. */
export function record(of: Type): Type {
  return object([member('[key: string]', of)])
}

export function list(of: Type): Type {
  return { kind: 'list', of }
}

/** What is one of these. Of none: `never`. */
export function union(types: readonly Type[]): Type {
  const of = distinct(types.flatMap((type) => (type.kind === 'union' ? type.of : [type])))
  if (of.some((type) => isWord(type, 'unknown'))) return unknown
  const possible = of.filter((type) => !isWord(type, 'never'))
  return possible.length < 2 ? (possible[0] ?? never) : { kind: 'union', of: possible }
}

/** What is each of these. Of none: `unknown`. */
export function intersection(types: readonly Type[]): Type {
  const of = distinct(types.flatMap((type) => (type.kind === 'intersection' ? type.of : [type])))
  if (of.some((type) => isWord(type, 'never'))) return never
  const telling = of.filter((type) => !isWord(type, 'unknown'))
  return telling.length < 2 ? (telling[0] ?? unknown) : { kind: 'intersection', of: telling }
}

export function isWord(type: Type, text: string): boolean {
  return type.kind === 'word' && type.text === text
}

/** Words, and lists of them, once each; whether objects are alike is left to the compiler. */
function distinct(types: readonly Type[]): Type[] {
  const seen = new Set<string>()
  return types.filter((type) => {
    const text = type.kind === 'list' && type.of.kind === 'word' ? `${type.of.text}[]` : textOf(type)
    if (text === null) return true
    if (seen.has(text)) return false
    seen.add(text)
    return true
  })
}

function textOf(type: Type): string | null {
  return type.kind === 'word' ? type.text : null
}
