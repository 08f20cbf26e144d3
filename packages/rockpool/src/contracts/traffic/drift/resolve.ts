import { expand } from '../expand.ts'
import type { Entry, Expansion } from '../expand.ts'
import { ofBody, ofResponse, ofSchema, operationKey, partsOf } from '../places.ts'
import { unescapeToken } from '../../source/origins.ts'
import type { Contract, Operation } from '../../types.ts'

/** What a contract says at places that were counted, which may be those of another version. */
export interface Resolver {
  operation(key: string): Operation | undefined
  /** Null: there is no such place any more. */
  at(operation: string, place: string): Expansion | null
}

export function createResolver(contract: Contract): Resolver {
  const operations = new Map(contract.operations.map((each) => [operationKey(each), each]))
  const roots = new Map<string, Map<string, Entry>>()
  const known = new Map<string, Expansion | null>()

  function rootsOf(key: string): Map<string, Entry> {
    let entries = roots.get(key)
    if (entries === undefined) roots.set(key, (entries = entriesOf(operations.get(key))))
    return entries
  }

  function resolve(operation: string, place: string): Expansion | null {
    const entries = rootsOf(operation)
    const named = (root: string) =>
      root.startsWith('schema ') ? contract.schemas.get(root.slice(7)) : undefined
    const parts = partsOf(place, (root) => entries.has(root) || named(root) !== undefined)
    if (parts === null) return null
    const { root, tokens } = parts
    const schema = named(root)
    let at: Entry[] =
      schema === undefined ? [entries.get(root)!] : [{ schema, place: ofSchema(root.slice(7)) }]
    for (const token of tokens) {
      at = below(expand(contract, at), token)
      if (at.length === 0) return null
    }
    return expand(contract, at)
  }

  return {
    operation: (key) => operations.get(key),
    at(operation, place) {
      const key = `${place.startsWith('schema ') ? '' : operation}\n${place}`
      let expansion = known.get(key)
      if (expansion === undefined) known.set(key, (expansion = resolve(operation, place)))
      return expansion
    },
  }
}

/** Where schemas of an operation begin. */
function entriesOf(operation: Operation | undefined): Map<string, Entry> {
  const entries = new Map<string, Entry>()
  const add = (place: string, schema: Entry['schema']) => entries.set(place, { place, schema })
  for (const { in: where, name, schema } of operation?.parameters ?? [])
    add(`parameter ${where} ${name}`, schema)
  const contents = [
    { place: ofBody, content: operation?.body?.content ?? [] },
    ...(operation?.responses ?? []).map(({ status, content }) => ({ place: ofResponse(status), content })),
  ]
  for (const { place, content } of contents)
    for (const { name, schema, itemSchema } of content) {
      add(`${place} ${name}`, schema)
      if (itemSchema !== null) add(`${place} ${name} item`, itemSchema)
    }
  return entries
}

function below({ properties, others, items, prefix, unions }: Expansion, token: string): Entry[] {
  const member = properties.get(unescapeToken(token))
  if (member !== undefined) return member
  if (token === '{}') return others
  if (token === '[]') return items
  if (/^\d+$/.test(token) && prefix[Number(token)] !== undefined) return prefix[Number(token)]!
  return unions.flatMap(({ branches }) =>
    branches.flatMap(({ entry }) => (entry.place.endsWith(`/${token}`) ? [entry] : [])),
  )
}
