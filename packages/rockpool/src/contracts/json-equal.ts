import type { Json } from './types.ts'

/**
 * JSON Schema 2020-12 core, 4.2.2: two values of JSON are the same, whatever the order of members. Without recursion: they
 * may be deep.
 * @param mostSteps values to look at: of larger ones it is not known, and false
 */
export function isEqual(a: unknown, b: unknown, mostSteps = Infinity): boolean {
  // Most are no objects, and need no lists.
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const left: unknown[] = [a]
  const right: unknown[] = [b]
  for (let steps = 0; left.length > 0; steps += 1) {
    if (steps > mostSteps) return false
    const [one, other] = [left.pop(), right.pop()]
    if (one === other) continue
    if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
    if (Array.isArray(one) !== Array.isArray(other)) return false
    const names = Object.keys(one)
    if (names.length !== Object.keys(other).length) return false
    for (const name of names) {
      if (!Object.hasOwn(other, name)) return false
      left.push((one as Record<string, unknown>)[name])
      right.push((other as Record<string, unknown>)[name])
    }
  }
  return true
}

/** JSON whose members are in the order of their names: what is equal reads equal. */
export function canonical(value: Json): string {
  return JSON.stringify(value, (_, each: Json) => {
    if (typeof each !== 'object' || each === null || Array.isArray(each)) return each
    return Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
  })
}
