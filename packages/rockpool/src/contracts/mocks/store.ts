import type { JsonObject } from '../types.ts'

/** Items of all collections together, and their characters as JSON; beyond either the oldest are forgotten. */
const mostItems = 10_000
const mostCharacters = 8 * 1024 * 1024
/** Collections whose items are counted: a path may have anything in it. */
const mostCounted = 100_000

interface Kept {
  item: JsonObject
  characters: number
}

/** What was made by requests, by the path of the collection with all its parameters filled in. */
export class Store {
  private readonly collections = new Map<string, Map<string, Kept>>()
  /** How many have ever been made there: no two get the same values. */
  private readonly made = new Map<string, number>()
  private size = 0
  private characters = 0

  /** In the order in which they were made. */
  list(collection: string): JsonObject[] {
    return [...(this.collections.get(collection)?.values() ?? [])].map(({ item }) => item)
  }

  get(collection: string, id: string): JsonObject | undefined {
    return this.collections.get(collection)?.get(id)?.item
  }

  put(collection: string, id: string, item: JsonObject): void {
    let items = this.collections.get(collection)
    if (items === undefined) this.collections.set(collection, (items = new Map()))
    const before = items.get(id)
    if (before === undefined) this.size += 1
    const characters = JSON.stringify(item).length
    this.characters += characters - (before?.characters ?? 0)
    items.set(id, { item, characters })
    while (this.size > mostItems || (this.characters > mostCharacters && this.size > 1)) this.forgetOldest()
  }

  delete(collection: string, id: string): boolean {
    const items = this.collections.get(collection)
    const kept = items?.get(id)
    if (items === undefined || kept === undefined) return false
    items.delete(id)
    if (items.size === 0) this.collections.delete(collection)
    this.size -= 1
    this.characters -= kept.characters
    return true
  }

  /** The number of the next one, from 1. */
  next(collection: string): number {
    const number = (this.made.get(collection) ?? 0) + 1
    this.made.set(collection, number)
    if (this.made.size > mostCounted) this.made.delete(this.made.keys().next().value!)
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
