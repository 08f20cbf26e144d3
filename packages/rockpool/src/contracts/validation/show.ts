import type { Json } from '../types.ts'

const mostLength = 80
const mostListed = 10

/** A value of a document, for a message. */
export function show(value: Json): string {
  if (typeof value === 'string') return `“${cut(value)}”`
  if (typeof value !== 'object' || value === null) return String(value)
  return cut(JSON.stringify(value))
}

/** The first of them, and how many more there are. */
export function showAll(values: readonly Json[]): string {
  const shown = values.slice(0, mostListed).map(show)
  const left = values.length - shown.length
  return left > 0 ? `${shown.join(', ')} (and ${left} more)` : shown.join(', ')
}

export function cut(text: string): string {
  return text.length > mostLength ? `${text.slice(0, mostLength)}…` : text
}

/** `a`, `b` or `c`. */
export function either(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}

export function count(most: number, one: string, many = `${one}s`): string {
  return `${most} ${most === 1 ? one : many}`
}
