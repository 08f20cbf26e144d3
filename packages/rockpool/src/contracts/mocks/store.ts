import type { JsonObject } from '../types.ts'

/** Items of all collections together; beyond it the oldest are forgotten. */
const mostItems = 10_000

/** What was made by requests, by the path of the collection with all its parameters filled in. */
export class Store {
  private readonly collections = new Map<string, Map<string, JsonObject>>()
  /** How many have ever been made there: no two get the same values. */
  private readonly made = new Map<string, number>()
  private size = 0

  /** In the order in which they were made. */
  list(collection: string): JsonObject[] {
    return [...(this.collections.get(collection)?.values() ?? [])]
  }

  get(collection: string, id: string): JsonObject | undefined {
    return this.collections.get(collection)?.get(id)
  }

  put(collection: string, id: string, item: JsonObject): void {
    let items = this.collections.get(collection)
    if (items === undefined) this.collections.set(collection, (items = new Map()))
    if (!items.has(id)) this.size += 1
    items.set(id, item)
    if (this.size > mostItems) this.forgetOldest()
  }

  delete(collection: string, id: string): boolean {
    const wasThere = this.collections.get(collection)?.delete(id) === true
    if (wasThere) this.size -= 1
    return wasThere
  }

  /** The number of the next one, from 1. */
  next(collection: string): number {
    const number = (this.made.get(collection) ?? 0) + 1
    this.made.set(collection, number)
    return number
  }

  private forgetOldest(): void {
    for (const [collection, items] of this.collections) {
      const oldest = items.keys().next().value
      if (oldest !== undefined) return void this.delete(collection, oldest)
      this.collections.delete(collection)
    }
  }
}
