import { isId } from './segments.ts'
import type { Hash } from './sighting.ts'

/** What tells whose data a request is about. */
export type Judgement =
  | {
      by: 'path'
      position: number
      organizations: number
      credentials: number
      isOne: (segment: string) => boolean
    }
  | { by: 'credential'; credentials: number }
  | { by: 'unknown' }

/** Path segments after these are things of an organization, not the organization. */
const positionsLookedAt = 4
const bounds = { values: 200, owners: 32, next: 24, credentials: 1_000 }

interface Value {
  owners: Set<string>
  /** The words that followed it in a path. */
  next: Set<string>
}

/**
 * Finds the path segment that goes with the credential: each credential is seen with one value of it, different ones
 * with different values, and behind the values the paths go on alike (`/acme/orders`, `/globex/orders`). Keeps hashes.
 */
export function createPositions(hash: Hash) {
  const positions: Map<string, Value>[] = Array.from({ length: positionsLookedAt }, () => new Map())
  const credentials = new Set<string>()

  return {
    see(segments: readonly string[], credential: string | null, status: number): void {
      if (credential !== null && credentials.size < bounds.credentials) credentials.add(credential)
      // Of a request that was refused nobody knows whose it was.
      if (status >= 400) return
      for (const [position, segment] of segments.slice(0, positionsLookedAt).entries()) {
        const values = positions[position]!
        const key = hash(segment)
        let value = values.get(key)
        if (!value) {
          if (values.size >= bounds.values) continue
          value = { owners: new Set(), next: new Set() }
          values.set(key, value)
        }
        if (credential !== null && value.owners.size < bounds.owners) value.owners.add(credential)
        const next = segments[position + 1]
        if (next !== undefined && !isId(next) && value.next.size < bounds.next) value.next.add(next)
      }
    },

    judge(): Judgement {
      for (const [position, values] of positions.entries()) {
        const found = judgePosition(values)
        if (found)
          return {
            by: 'path',
            position,
            organizations: found.owned.length,
            credentials: found.credentials,
            isOne: (segment) => {
              const value = values.get(hash(segment))
              return value !== undefined && sharesWay(value, found.way)
            },
          }
      }
      return credentials.size > 0 ? { by: 'credential', credentials: credentials.size } : { by: 'unknown' }
    },
  }
}

function judgePosition(values: ReadonlyMap<string, Value>) {
  const owned = [...values.values()].filter(({ owners }) => owners.size > 0)
  if (owned.length < 2) return undefined
  const valuesOfCredential = new Map<string, number>()
  for (const { owners } of owned)
    for (const owner of owners) valuesOfCredential.set(owner, (valuesOfCredential.get(owner) ?? 0) + 1)
  if (valuesOfCredential.size < 2 || [...valuesOfCredential.values()].some((count) => count > 1))
    return undefined
  const ways = owned.map(({ next }) => next)
  const way = new Set([...ways[0]!].filter((text) => ways.every((next) => next.has(text))))
  // Two services that happen to have a page of the same name are no organizations.
  const isCertain = way.size >= 2 || (way.size === 1 && owned.length >= 3)
  return isCertain ? { owned, credentials: valuesOfCredential.size, way } : undefined
}

function sharesWay({ next }: Value, way: ReadonlySet<string>): boolean {
  return [...way].some((text) => next.has(text))
}
