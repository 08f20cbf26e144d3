import { byText, pairBy } from './pairing.ts'
import type { Pairing } from './pairing.ts'

/** How one media type stands to another: the other is the same, wider, narrower, or differs in its parameters alone. */
export type Kinship = 'same' | 'generalized' | 'specialized' | 'changed'

/** More kin than this is searched for in no response. */
const mostCompared = 10_000

interface Essence {
  type: string
  subtype: string
}

/** A media type as any other spelling of it: in small letters, its parameters sorted (RFC 9110 8.3.1). */
export function canonical(name: string): string {
  const [essence, ...parameters] = name.split(';').map((part) => part.trim())
  const spelled = parameters.filter((part) => part !== '').map(spellParameter)
  return [essence!.toLowerCase(), ...spelled.toSorted()].join(';')
}

function spellParameter(text: string): string {
  const at = text.indexOf('=')
  if (at < 0) return text.toLowerCase()
  const name = text.slice(0, at).trim().toLowerCase()
  const value = text.slice(at + 1).trim()
  const plain = /^"(.*)"$/.exec(value)?.[1] ?? value
  return `${name}=${name === 'charset' ? plain.toLowerCase() : plain}`
}

function essenceOf(name: string): Essence {
  const [essence] = canonical(name).split(';')
  const [type, subtype = '*'] = essence!.split('/')
  return { type: type!, subtype }
}

/** Whoever takes the one takes the other: a range such as `text/*`, or the same without parameters. */
export function takesIn(wide: string, narrow: string): boolean {
  const parameters = new Set(canonical(narrow).split(';').slice(1))
  const isOf = canonical(wide)
    .split(';')
    .slice(1)
    .every((one) => parameters.has(one))
  return isOf && isRangeOf(essenceOf(wide), essenceOf(narrow))
}

function isRangeOf(wide: Essence, narrow: Essence): boolean {
  if (wide.type === '*') return true
  return wide.type === narrow.type && (wide.subtype === '*' || wide.subtype === narrow.subtype)
}

/** Null: they have nothing to do with each other. */
export function kinshipOf(before: string, after: string): Kinship | null {
  if (canonical(before) === canonical(after)) return 'same'
  if (isWider(after, before)) return 'generalized'
  if (isWider(before, after)) return 'specialized'
  const [one, other] = [essenceOf(before), essenceOf(after)]
  return one.type === other.type && one.subtype === other.subtype ? 'changed' : null
}

/** A range; also a plain syntax, of which the other is one with a suffix (RFC 6838 4.2.8): JSON of `x+json`. */
function isWider(wide: string, narrow: string): boolean {
  const [one, other] = [essenceOf(wide), essenceOf(narrow)]
  if (one.type === other.type && one.subtype === other.subtype) return false
  return isRangeOf(one, other) || (one.type === other.type && other.subtype.endsWith(`+${one.subtype}`))
}

/** Pairs media types by name, then each that is left with the first that is kin to it. */
export function pairMediaTypes<T extends { name: string }>(
  before: readonly T[],
  after: readonly T[],
  isKin: (before: string, after: string) => boolean,
): Pairing<T> {
  const paired = pairBy(before, after, ({ name }) => canonical(name))
  if (paired.removed.length * paired.added.length > mostCompared) return paired
  const { pairs } = paired
  const byName = byText(({ name }: T) => name)
  const added = paired.added.toSorted(byName)
  const removed = paired.removed.toSorted(byName).filter((one) => {
    const at = added.findIndex(({ name }) => isKin(one.name, name))
    if (at < 0) return true
    pairs.push([one, added.splice(at, 1)[0]!])
    return false
  })
  return { pairs, removed, added }
}
