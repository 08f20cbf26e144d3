import type { Json } from '../../types.ts'
import { ruleOf } from '../rules.ts'
import type { Difference, OperationName } from '../types.ts'

/** What a difference is worth to whoever calls, worst first; and how it is called. */
export const weights = ['breaks', 'may break', 'breaks code', 'says otherwise', 'keeps'] as const
export type Weight = (typeof weights)[number]

export function weightOf({ wire, source, meaning }: Difference): Weight {
  if (wire !== 'keeps') return wire
  if (source === 'breaks') return 'breaks code'
  return meaning === 'changes' ? 'says otherwise' : 'keeps'
}

/** The worst of them, as many as are asked for, in the order that they had. */
export function worstOf(differences: readonly Difference[], most: number): Difference[] {
  if (differences.length <= most) return [...differences]
  const worstFirst = differences.toSorted((one, other) => rankOf(one) - rankOf(other))
  const kept = new Set(worstFirst.slice(0, most))
  return differences.filter((each) => kept.has(each))
}

export function rankOf(difference: Difference): number {
  return weights.indexOf(weightOf(difference))
}

/** How a value that a document holds is shown. */
export type Show = (text: string) => string

/** What a rule says of these details. */
export function sentenceOf({ rule, details }: Difference, show: Show): string {
  return ruleOf(rule).sentence.replace(/\{(\w+)\}/g, (_, name: string) =>
    show(textOf(Object.hasOwn(details, name) ? details[name] : undefined)),
  )
}

function textOf(value: Json | undefined): string {
  if (value === undefined || value === null) return 'nothing'
  if (typeof value === 'string') return value === '' ? '""' : value
  if (!Array.isArray(value)) return JSON.stringify(value)
  return value.map((each) => (typeof each === 'object' ? JSON.stringify(each) : String(each))).join(', ')
}

export function operationText({ method, path }: OperationName): string {
  return `${method} ${path}`
}

const mostNames = 3

/** Who meets it, where no one operation does: some of them, and how many more. */
export function usersOf({ operation, uses }: Difference, show: Show): string | null {
  if (operation !== null || uses.length === 0) return null
  const names = uses.slice(0, mostNames).map((use) => show(operationText(use.operation)))
  const more = uses.length - names.length
  return more === 0 ? names.join(', ') : `${names.join(', ')} and ${more} more`
}

/** Names come from documents: nothing in them moves a cursor, or turns a line around. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '\ufffd')
}

/** `12 differences: 3 break, 1 may break, 8 keep`, of those that there are. */
export function summaryOf(differences: Difference[]): string {
  if (differences.length === 0) return 'No differences'
  const counts = weights.map(
    (weight) => [weight, differences.filter((each) => weightOf(each) === weight).length] as const,
  )
  const parts = counts.filter(([, count]) => count > 0).map(([weight, count]) => `${count} ${weight}`)
  return `${differences.length} ${differences.length === 1 ? 'difference' : 'differences'}: ${parts.join(', ')}`
}
