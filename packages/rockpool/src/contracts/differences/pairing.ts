/** What of two lists belongs together, and what has nobody on the other side. */
export interface Pairing<T> {
  pairs: [before: T, after: T][]
  removed: T[]
  added: T[]
}

/** Those of the first that the second has not, each once. */
export function without<T>(all: Iterable<T>, others: Iterable<T>): T[] {
  const known = new Set(others)
  return [...new Set(all)].filter((one) => !known.has(one))
}

/** Sorts by a text of each; what has the same text stays as it stands. */
export function byText<T>(textOf: (one: T) => string): (one: T, other: T) => number {
  return (one, other) => {
    const [text, otherText] = [textOf(one), textOf(other)]
    return text < otherText ? -1 : text > otherText ? 1 : 0
  }
}

/**
 * Pairs what has the same key; what is left over is tried by the next key, which is coarser. No place in a list counts:
 * only where several have one key do they pair off in turn.
 */
export function pairBy<T>(
  before: readonly T[],
  after: readonly T[],
  ...keys: ((one: T) => string)[]
): Pairing<T> {
  const pairs: [T, T][] = []
  let removed = [...before]
  let added = [...after]
  for (const keyOf of keys) {
    if (removed.length === 0 || added.length === 0) break
    const waiting = new Map<string, T[]>()
    for (const one of removed.toReversed()) {
      const key = keyOf(one)
      const others = waiting.get(key)
      if (others === undefined) waiting.set(key, [one])
      else others.push(one)
    }
    const found = new Set<T>()
    added = added.filter((one) => {
      const partner = waiting.get(keyOf(one))?.pop()
      if (partner === undefined) return true
      found.add(partner)
      pairs.push([partner, one])
      return false
    })
    removed = removed.filter((one) => !found.has(one))
  }
  return { pairs, removed, added }
}
