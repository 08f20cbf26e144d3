import { Exhausted, maxDepth } from './run.ts'

/** A text that equal values, and only those, have in common. */
export function canonical(value: unknown, depth = 0): string {
  if (typeof value === 'string') return JSON.stringify(value)
  // `-0` is 0.
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'object' || value === null) return String(value)
  if (depth > maxDepth)
    throw new Exhausted('depth', `is nested too deep to be compared: more than ${maxDepth} levels`)
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, depth + 1)).join(',')}]`
  const names = Object.keys(value).toSorted()
  const members = names.map(
    (name) => `${JSON.stringify(name)}:${canonical((value as Record<string, unknown>)[name], depth + 1)}`,
  )
  return `{${members.join(',')}}`
}

/**
 * Places of two items that are equal, or null: the first whose equal stands before it.
 * @param spend told what it costs
 */
export function firstPair(
  items: readonly unknown[],
  spend: (steps: number) => void,
): [number, number] | null {
  const seen = new Map<unknown, number>()
  for (const [index, item] of items.entries()) {
    // What is no text by itself never meets one: texts keep their quotes.
    const key = typeof item === 'object' || typeof item === 'string' ? canonical(item) : item
    spend(typeof key === 'string' ? 1 + (key.length >> 5) : 1)
    const first = seen.get(key)
    if (first !== undefined) return [first, index]
    seen.set(key, index)
  }
  return null
}
