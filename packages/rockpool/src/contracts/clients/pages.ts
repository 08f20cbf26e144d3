import type { Pagination } from '@rockpool/client'
import { follow } from '../references.ts'
import type { Contract, Operation, Schema, SchemaObject } from '../types.ts'

const cursors = ['cursor', 'page_token', 'pageToken']
const nexts = ['next', 'next_cursor', 'nextCursor', 'next_page_token', 'nextPageToken']
/** How a list is called beside others. */
const lists = ['items', 'data', 'results', 'values']

/**
 * How the list of an operation is read on: by a cursor that the answer gives, or by limit and offset. Null: it is no list, or
 * read on in another way. Pure.
 */
export function paginationOf(contract: Contract, operation: Operation): Pagination | null {
  if (operation.method !== 'GET') return null
  const inQuery = operation.parameters.filter((parameter) => parameter.in === 'query')
  const query = new Set(inQuery.map(({ name }) => name))
  const answer = answerOf(contract, operation)
  if (answer === null) return null
  const members = membersOf(contract, answer)
  const items = isList(answer) ? null : listIn(contract, members)
  if (items === undefined) return null
  const cursor = cursors.find((name) => query.has(name))
  const next = nexts.find((name) => isText(contract, members.get(name)))
  if (cursor !== undefined && next !== undefined && items !== null)
    return { kind: 'cursor', parameter: cursor, next, items }
  if (query.has('offset') && query.has('limit')) return { kind: 'offset', parameter: 'offset', items }
  return null
}

/** What its success is answered with, where that is one JSON value. */
function answerOf(contract: Contract, { responses }: Operation): SchemaObject | null {
  const success = responses.find(({ status }) => /^2(\d\d|XX)$/.test(status))
  const json = success?.content.find(({ name }) => /^[^;]*[/+]json\b/.test(name))
  const schema = json === undefined ? true : follow(contract, json.schema)
  return typeof schema === 'object' ? schema : null
}

/** Members of an object, with those of everything that it consists of. */
function membersOf(contract: Contract, schema: SchemaObject): Map<string, Schema> {
  const members = new Map<string, Schema>()
  const open: Schema[] = [schema]
  const seen = new Set<Schema>()
  for (const one of open) {
    const at = follow(contract, one)
    if (typeof at !== 'object' || seen.has(at)) continue
    seen.add(at)
    for (const [name, member] of Object.entries(at.properties ?? {})) members.set(name, member)
    open.push(...(at.allOf ?? []))
  }
  return members
}

/** The member that is the list: the only one, or the one with the usual name. Undefined: nobody can tell. */
function listIn(contract: Contract, members: ReadonlyMap<string, Schema>): string | undefined {
  const found = [...members].flatMap(([name, schema]) => {
    const at = follow(contract, schema)
    return typeof at === 'object' && isList(at) ? [name] : []
  })
  return found.length === 1 ? found[0] : lists.find((name) => found.includes(name))
}

const typesOf = ({ type }: SchemaObject): string[] =>
  type === undefined ? [] : Array.isArray(type) ? type : [type]

const isList = (schema: SchemaObject): boolean =>
  typesOf(schema).includes('array') || (schema.type === undefined && schema.items !== undefined)

/** A text, or null. */
function isText(contract: Contract, schema: Schema | undefined): boolean {
  if (schema === undefined) return false
  const at = follow(contract, schema)
  if (typeof at !== 'object') return false
  const branches = at.anyOf ?? at.oneOf
  if (branches !== undefined) return branches.some((branch) => isText(contract, branch))
  return typesOf(at).includes('string')
}
