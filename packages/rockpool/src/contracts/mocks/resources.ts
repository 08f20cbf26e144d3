import { follow } from '../references.ts'
import type { Contract, Operation, Response, Schema, SchemaObject } from '../types.ts'
import { isJson } from './negotiate.ts'
import { successOf } from './responses.ts'

/** What an operation does with a resource. */
export type Action = 'create' | 'list' | 'read' | 'replace' | 'update' | 'delete'

/**
 * Things of one kind that can be made, and read again: `/things` and `/things/{id}`. Where there is no way to make one, or
 * to read it, there is no resource, and each request is answered by itself.
 */
export interface Resource {
  /** Path of the collection, a template. */
  path: string
  /** The path parameter that names an item. */
  parameter: string
  /** The member of an item that has its value. */
  idMember: string
  /** What `GET` of an item answers. */
  schema: Schema
}

export interface ResourceUse {
  resource: Resource
  action: Action
}

/** What operations do with resources, by operation. Pure. */
export function findResources(contract: Contract): Map<Operation, ResourceUse> {
  const uses = new Map<Operation, ResourceUse>()
  const byPath = new Map<string, Operation[]>()
  for (const operation of contract.operations)
    byPath.set(operation.path, [...(byPath.get(operation.path) ?? []), operation])
  for (const [path, onItem] of byPath) {
    const [, collection, parameter] = /^(.*)\/\{([^{}]+)\}$/.exec(path) ?? []
    if (collection === undefined || parameter === undefined) continue
    const onCollection = byPath.get(collection) ?? []
    const resource = resourceOf(contract, collection, parameter, onItem, onCollection)
    if (resource === undefined) continue
    for (const operation of onItem) {
      const action = itemActions[operation.method]
      if (action !== undefined) uses.set(operation, { resource, action })
    }
    for (const operation of onCollection) {
      const action = operation.method === 'GET' ? 'list' : operation.method === 'POST' ? 'create' : undefined
      if (action !== undefined && !uses.has(operation)) uses.set(operation, { resource, action })
    }
  }
  return uses
}

const itemActions: Readonly<Record<string, Action>> = {
  GET: 'read',
  PUT: 'replace',
  PATCH: 'update',
  // Some update so.
  POST: 'update',
  DELETE: 'delete',
}

function resourceOf(
  contract: Contract,
  path: string,
  parameter: string,
  onItem: readonly Operation[],
  onCollection: readonly Operation[],
): Resource | undefined {
  const read = onItem.find(({ method }) => method === 'GET')
  const makes =
    onCollection.some(({ method }) => method === 'POST') || onItem.some(({ method }) => method === 'PUT')
  const schema = read && jsonSchemaOf(successOf(read.responses)?.response)
  if (!makes || schema === undefined) return undefined
  const idMember = idMemberOf(contract, schema, path, parameter)
  return idMember === undefined ? undefined : { path, parameter, idMember, schema }
}

/** Of the JSON that a response has; undefined: it has none. */
export function jsonSchemaOf(response: Response | undefined): Schema | undefined {
  return response?.content.find(({ name }) => isJson(name))?.schema
}

function idMemberOf(contract: Contract, schema: Schema, path: string, parameter: string): string | undefined {
  const members = membersOf(contract, schema)
  const kind = path.split('/').at(-1)!.replace(/s$/, '')
  const wanted = [
    parameter,
    'id',
    plain(parameter),
    `${kind}_id`,
    `${kind}Id`,
    'key',
    'number',
    'uuid',
    'name',
  ]
  return wanted.find((name) => members.has(name))
}

/** `petId`, `pet_id` and `pet-id` all end in the id of something. */
const plain = (parameter: string) =>
  parameter.replace(/^.*?[_-]?(id|key|name|number)$/i, (_, word: string) => word.toLowerCase())

/** Names of the members that an object of this schema may have, as far as it tells them. */
export function membersOf(contract: Contract, schema: Schema): Set<string> {
  return new Set(schemasOfMembers(contract, schema).keys())
}

/** The same with their schemas: of several that hold for one member, the outermost. */
export function schemasOfMembers(contract: Contract, schema: Schema): Map<string, Schema> {
  const members = new Map<string, Schema>()
  const seen = new Set<Schema>()
  const open: Schema[] = [schema]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const object = follow(contract, at)
    if (typeof object !== 'object' || seen.has(object)) continue
    seen.add(object)
    for (const [name, property] of Object.entries(object.properties ?? {}))
      if (!members.has(name)) members.set(name, property)
    open.push(...partsOf(object))
  }
  return members
}

function partsOf({ $ref, allOf, anyOf, oneOf }: SchemaObject): Schema[] {
  return [...($ref === undefined ? [] : [{ $ref }]), ...(allOf ?? []), ...(anyOf ?? []), ...(oneOf ?? [])]
}
