import { createHash } from 'node:crypto'
import type { Json } from '../../types.ts'

const mostDepth = 8
const mostLength = 200

/** A value as a detail: itself, or what identifies it when it is long or deep. */
export function detailOf(value: unknown): Json {
  if (typeof value === 'number' || typeof value === 'boolean') return value
  const short = cut(value, 0)
  const text = JSON.stringify(short)
  if (text === undefined) return null
  if (text.length <= mostLength) return short
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 12)
  return `${text.slice(0, mostLength - 40)}… (${digest})`
}

/** In the order of names, so that what is equal reads equal. */
function cut(value: unknown, depth: number): Json {
  if (typeof value !== 'object' || value === null) return (value ?? null) as Json
  if (depth >= mostDepth) return '…'
  if (Array.isArray(value)) return value.slice(0, 100).map((each) => cut(each, depth + 1))
  const names = Object.keys(value).toSorted().slice(0, 100)
  return Object.fromEntries(
    names.map((name) => [name, cut((value as Record<string, unknown>)[name], depth + 1)]),
  )
}

/** At a glance: two small schemas are the same, and lead nowhere else. False says nothing. */
export function isPlainlyEqual(a: object, b: object, depth = 0): boolean {
  for (const name in a) {
    if (name === '$ref') return false
    const one = (a as Record<string, unknown>)[name]
    const other = Object.hasOwn(b, name) ? (b as Record<string, unknown>)[name] : undefined
    if (one === other) continue
    if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
    if (depth > 3 || !isPlainlyEqual(one, other, depth + 1)) return false
  }
  for (const name in b) if (!Object.hasOwn(a, name)) return false
  return Array.isArray(a) === Array.isArray(b)
}

/** Values to look at where it only helps to know that two are the same. */
export const glance = 2_000
