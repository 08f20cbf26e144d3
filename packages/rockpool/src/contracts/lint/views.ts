import { follow, nameOfReference } from '../references.ts'
import type { Contract, Operation, Parameter, Schema, SchemaObject } from '../types.ts'
import { words } from './names.ts'

/** A model: a schema with a name that is an object, and has fields. */
export interface Model {
  name: string
  words: string
  schema: SchemaObject
  /** Its own and those of the models that it is made of (`allOf`), bases first. */
  fields: Field[]
}

export interface Field {
  name: string
  words: string
  /** As it is written: perhaps a reference. */
  schema: Schema
  /** What it leads to. */
  resolved: Schema
  required: boolean
  /** Undefined: it says nothing, and has no place of its own. */
  at: object | undefined
}

/** A union: a schema with a name, which is one of several. */
export interface Union {
  name: string
  words: string
  schema: SchemaObject
  /** Names of the schemas that it is one of; of what has none, undefined. */
  members: (string | undefined)[]
  discriminator: string | null
}

/** What rules look at, gathered once. */
export interface Views {
  models: Model[]
  modelByWords: ReadonlyMap<string, Model>
  unions: Union[]
  /** Calls of others, and not those that the service makes (webhooks, callbacks). */
  operations: Operation[]
  operationsByPath: ReadonlyMap<string, Operation[]>
  /** What a reference leads to. */
  resolve(schema: Schema): Schema
}

/** Bases of bases of …: so many schemas and fields are looked at for all models together. */
const mostVisited = 200_000

/** Pure; takes as long as the contract is large, and no longer. */
export function viewsOf(contract: Contract): Views {
  const gather = createGathering(contract)
  const models: Model[] = []
  const unions: Union[] = []
  for (const [name, schema] of contract.schemas) {
    if (typeof schema !== 'object' || isForeign(schema)) continue
    const union = unionOf(name, schema)
    if (union !== undefined) unions.push(union)
    else if (schema.properties !== undefined || schema.allOf !== undefined)
      models.push({ name, words: words(name), schema, fields: gather(schema) })
  }
  const { operations } = contract
  const operationsByPath = new Map<string, Operation[]>()
  for (const one of operations)
    operationsByPath.set(one.path, [...(operationsByPath.get(one.path) ?? []), one])
  return {
    models,
    modelByWords: new Map(models.map((model) => [model.words, model])),
    unions,
    operations,
    operationsByPath,
    resolve: (schema) => follow(contract, schema),
  }
}

/** Of another service, of which nothing but the name is known; or what a union made of one of its types. */
function isForeign(schema: SchemaObject): boolean {
  const kind = schema['x-rockpool-kind']
  return typeof kind === 'string' && (kind.startsWith('unknown') || kind === 'union type')
}

function unionOf(name: string, schema: SchemaObject): Union | undefined {
  const alternatives = schema.oneOf ?? schema.anyOf
  if (alternatives === undefined) return undefined
  const members = alternatives.map((one) =>
    typeof one === 'object' && one.$ref !== undefined ? memberName(one.$ref, name) : undefined,
  )
  return {
    name,
    words: words(name),
    schema,
    members,
    discriminator: schema.discriminator?.propertyName ?? null,
  }
}

/** API Builder's unions have schemas of their own for their types: `<union>.<type>`. */
function memberName(reference: string, union: string): string {
  const name = nameOfReference(reference)
  return name.startsWith(`${union}.`) ? name.slice(union.length + 1) : name
}

function createGathering(contract: Contract): (schema: SchemaObject) => Field[] {
  let visited = 0
  return (root) => {
    // What says more comes first, its bases after it.
    const layers: Field[][] = []
    const seen = new Set<SchemaObject>()
    const open: Schema[] = [root]
    while (open.length > 0 && visited < mostVisited) {
      const schema = open.pop()!
      if (typeof schema !== 'object' || seen.has(schema)) continue
      seen.add(schema)
      const own = ownFields(contract, schema)
      visited += 1 + own.length
      layers.push(own)
      open.push(...(schema.allOf ?? []))
      if (schema.$ref !== undefined) open.push(follow(contract, { $ref: schema.$ref }))
    }
    const fields = new Map<string, Field>()
    for (const field of layers.toReversed().flat()) fields.set(field.name, field)
    return [...fields.values()]
  }
}

function ownFields(contract: Contract, { properties = {}, required }: SchemaObject): Field[] {
  const isRequired = new Set(required)
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    words: words(name),
    schema,
    resolved: follow(contract, schema),
    required: isRequired.has(name),
    at: typeof schema === 'object' ? schema : undefined,
  }))
}

/** The field of a name, whatever its case. */
export function fieldOf(model: Model, name: string): Field | undefined {
  return model.fields.find((field) => field.words === name)
}

/** Its type is this one, perhaps beside null. */
export function isOfType(schema: Schema, ...types: string[]): boolean {
  if (typeof schema !== 'object') return false
  const own = [schema.type ?? []].flat().filter((type) => type !== 'null')
  return own.length > 0 && own.every((type) => types.includes(type))
}

/** A parameter of the query by its name. */
export function queryOf({ parameters }: Operation, name: string): Parameter | undefined {
  return parameters.find((one) => one.in === 'query' && one.name === name)
}

/** What an operation answers when all is well; undefined: nothing that is JSON. */
export function answerOf({ responses }: Operation, resolve: Views['resolve']): Schema | undefined {
  const content = responses.find(({ status }) => status.startsWith('2'))?.content ?? []
  const json = content.find(({ name }) => /json/.test(name))
  return json && resolve(json.schema)
}
