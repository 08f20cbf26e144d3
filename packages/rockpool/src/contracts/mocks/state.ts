import { createHash } from 'node:crypto'
import { isObject } from '../json-object.ts'
import type { Json, JsonObject, Operation } from '../types.ts'
import { membersIn } from './members.ts'
import type { Resource, ResourceUse } from './resources.ts'
import { Store } from './store.ts'
import type { Values } from './values.ts'

/** What a request did, and what of it belongs into the answer. */
export type Outcome =
  | { kind: 'done'; content: Content }
  /** There is no such item. */
  | { kind: 'missing' }
  /** There is one of this id already. */
  | { kind: 'taken'; id: string }

/** Items of a list, or the one that the request was about. */
export type Content = { items: JsonObject[] } | { item: JsonObject }

export interface Act {
  path: string
  parameters: Readonly<Record<string, string>>
  body: unknown
  query: Readonly<Record<string, Json>>
}

/** What was made by requests stays, and begins empty. */
export class State {
  private readonly uses: ReadonlyMap<Operation, ResourceUse>
  private readonly values: Values
  private readonly store = new Store()
  /** Begins what values hang on. */
  private readonly whose: string

  /** @param organization whom values are for, where the path names none */
  constructor(uses: ReadonlyMap<Operation, ResourceUse>, values: Values, organization = '') {
    this.uses = uses
    this.values = values
    this.whose = organization === '' ? '' : `${organization} `
  }

  /** Undefined: the operation is about no resource. */
  act(operation: Operation, act: Act): Outcome | undefined {
    const use = this.uses.get(operation)
    if (use === undefined) return undefined
    const { resource, action } = use
    if (action === 'create') return this.create(resource, act)
    if (action === 'list')
      return { kind: 'done', content: { items: paged(this.store.list(act.path), act.query) } }
    const collection = act.path.slice(0, act.path.lastIndexOf('/'))
    const id = act.parameters[resource.parameter] ?? ''
    const item = this.store.get(collection, id)
    if (action === 'replace') return this.replace(resource, act, collection, id)
    if (item === undefined) return { kind: 'missing' }
    if (action === 'delete') this.store.delete(collection, id)
    return {
      kind: 'done',
      content: { item: action === 'update' ? this.update(resource, act, collection, id, item) : item },
    }
  }

  private create(resource: Resource, { path, body }: Act): Outcome | undefined {
    const members = membersIn(body)
    const given = idOf(members[resource.idMember])
    if (given !== null && this.store.get(path, given) !== undefined) return { kind: 'taken', id: given }
    const item = this.make(resource, path, members)
    const id = item && idOf(item[resource.idMember])
    // What has no id cannot be found again: it is answered, and forgotten.
    if (item === undefined || id === null || id === undefined) return undefined
    this.store.put(path, id, item)
    return { kind: 'done', content: { item } }
  }

  /** One whose id no other one has: of ids that come from examples, some come again. */
  private make(resource: Resource, collection: string, members: JsonObject): JsonObject | undefined {
    const number = this.store.next(collection)
    const { idMember, schema } = resource
    const key = `${this.whose}${collection} ${number}`
    const first = this.values.make(schema, { key, members })
    if (!isObject(first)) return undefined
    const id = first[idMember]
    if ((typeof id !== 'string' && typeof id !== 'number') || this.isFree(collection, id)) return first
    for (const other of otherIds(id, number, key)) {
      const item = this.values.make(schema, { key, members: { ...members, [idMember]: other } })
      if (isObject(item) && item[idMember] === other && this.isFree(collection, other)) return item
    }
    return undefined
  }

  private isFree(collection: string, id: string | number): boolean {
    return this.store.get(collection, String(id)) === undefined
  }

  private replace(resource: Resource, { body }: Act, collection: string, id: string): Outcome | undefined {
    const members = membersIn(body)
    const key = `${this.whose}${collection} ${id}`
    const item = this.values.make(resource.schema, {
      key,
      members: { ...members, ...this.idMembers(resource, id) },
    })
    if (!isObject(item)) return undefined
    this.store.put(collection, id, item)
    return { kind: 'done', content: { item } }
  }

  private update(
    resource: Resource,
    { body }: Act,
    collection: string,
    id: string,
    item: JsonObject,
  ): JsonObject {
    const members = membersIn(body)
    delete members[resource.idMember]
    const changed = this.values.overlay(resource.schema, item, members)
    this.store.put(collection, id, changed)
    return changed
  }

  /** The id as the schema wants it: the path has it as a text. */
  private idMembers({ idMember, schema }: Resource, id: string): JsonObject {
    const number = Number(id)
    const isNumber = id.trim() !== '' && Number.isSafeInteger(number) && String(number) === id
    const asNumber = isNumber
      ? this.values.make(schema, { key: '', members: { [idMember]: number } })
      : undefined
    const holds = isObject(asNumber) && asNumber[idMember] === number
    return { [idMember]: holds ? number : id }
  }
}

/** Of the kind of one that is taken. */
function otherIds(id: string | number, number: number, key: string): (string | number)[] {
  const hash = createHash('sha256').update(key).digest('hex')
  if (typeof id === 'number') return [id + number - 1, number, Number.parseInt(hash.slice(0, 8), 16)]
  const uuid = hash.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5')
  return [uuid, `${id}-${number}`, `${id}_${number}`, id + String(number), id.slice(0, -4) + hash.slice(0, 4)]
}

function idOf(value: Json | undefined): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null
}

/** As far as the query says how many, and from where. */
function paged(items: JsonObject[], query: Readonly<Record<string, Json>>): JsonObject[] {
  const limit = countOf(query, ['limit', 'per_page', 'page_size', 'pageSize']) ?? items.length
  const page = countOf(query, ['page']) ?? 1
  const offset = countOf(query, ['offset', 'skip']) ?? Math.max(0, page - 1) * limit
  return items.slice(offset, offset + limit)
}

function countOf(query: Readonly<Record<string, Json>>, names: readonly string[]): number | undefined {
  const value = names.map((name) => query[name]).find((one) => typeof one === 'number' && one >= 0)
  return typeof value === 'number' ? Math.floor(value) : undefined
}
