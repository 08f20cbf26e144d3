import { detailOf, kindsOf, labelOf, simplify, tokenOf, valuesByName } from '../differences/index.ts'
import { isReference, nameOfReference, referenceTo } from '../references.ts'
import { escapeToken } from '../source/origins.ts'
import type { Contract, Json, Schema, SchemaObject } from '../types.ts'
import { below, ofSchema } from './places.ts'

/** A schema, and the place at which what it says is counted. */
export interface Entry {
  schema: Schema
  place: string
}

/** An object of the document that says what is at a place. */
export interface Holder {
  schema: SchemaObject
  place: string
}

export interface Branch {
  label: string
  entry: Entry
}

export interface Union {
  /** Of the model: what is met by two ways is one. */
  origin: object
  place: string
  branches: Branch[]
  /** Values of the discriminator to indices of branches; null: there is none. */
  discriminator: { property: string; values: ReadonlyMap<string, number> } | null
  /** The branches are the heirs of this very schema: a value that is none of them is what it says itself. */
  isOfHeirs: boolean
}

export interface Enum {
  place: string
  /** As JSON, as details of differences have them. */
  values: ReadonlySet<string>
  schema: SchemaObject
  keyword: 'enum' | 'const' | 'x-extensible-enum'
  /** Not even values that are not declared may be kept. */
  isSecret: boolean
}

/** All that a contract says of what stands at one place, in every schema that holds there. */
export interface Expansion {
  /** No two are the same; the first one is the nearest. */
  places: string[]
  /** From a place to that of a schema with a name. */
  leads: [from: string, to: string][]
  properties: Map<string, Entry[]>
  required: Set<string>
  /** Of members that are not told by name. */
  others: Entry[]
  /** Members may have names of all kinds. */
  isMap: boolean
  items: Entry[]
  prefix: Entry[][]
  unions: Union[]
  enums: Enum[]
  /** Types in JSON that may stand there; null: any. */
  kinds: ReadonlySet<string> | null
  /** Where a further member would be declared; null: nowhere, it is not known what it is. */
  holder: Holder | null
}

/** More schemas than that hold nowhere at once. */
const mostSchemas = 500

/** Gathers what several schemas say that all hold at one place: names are followed, and what they are composed of. */
export function expand(contract: Contract, entries: readonly Entry[]): Expansion {
  const expansion: Expansion = {
    places: [],
    leads: [],
    properties: new Map(),
    required: new Set(),
    others: [],
    isMap: false,
    items: [],
    prefix: [],
    unions: [],
    enums: [],
    kinds: null,
    holder: null,
  }
  const places = new Set<string>()
  const open = [...entries]
  const seen = new Set<object>()
  for (let index = 0; index < open.length && index < mostSchemas; index += 1) {
    const { schema: given, place } = open[index]!
    places.add(place)
    const { schema } = simplify(given, new WeakMap())
    if (typeof schema === 'boolean') continue
    if (isReference(schema)) {
      const name = nameOfReference(schema.$ref)
      const to = ofSchema(name)
      expansion.leads.push([place, to])
      if (!places.has(to)) open.push({ schema: contract.schemas.get(name) ?? true, place: to })
    } else if (!seen.has(schema)) {
      seen.add(schema)
      // Of what is composed, the whole says it, and no part.
      expansion.holder ??= { schema, place }
      open.push(...partsOf(schema, place))
      readInto(expansion, contract, schema, place)
    }
  }
  expansion.places = [...places]
  return expansion
}

/** Schemas that hold for the very same value. What holds on a condition may hold. */
function partsOf(schema: SchemaObject, place: string): Entry[] {
  const parts: Entry[] = (schema.allOf ?? []).map((part) => ({ schema: part, place }))
  for (const keyword of ['then', 'else'] as const) {
    const part = schema[keyword]
    if (typeof part === 'object') parts.push({ schema: part, place: below(place, `<${keyword}>`) })
  }
  for (const [name, part] of Object.entries(schema.dependentSchemas ?? {}))
    parts.push({ schema: part, place: below(place, `<dependentSchemas ${escapeToken(name)}>`) })
  return parts
}

function readInto(expansion: Expansion, contract: Contract, schema: SchemaObject, place: string): void {
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const entry = { schema: property, place: below(place, escapeToken(name)) }
    const known = expansion.properties.get(name)
    if (known === undefined) expansion.properties.set(name, [entry])
    else known.push(entry)
  }
  for (const name of schema.required ?? []) expansion.required.add(name)
  const { additionalProperties: others, items, prefixItems = [] } = schema
  if (typeof others === 'object' && Object.keys(others).length > 0)
    expansion.others.push({ schema: others, place: below(place, '{}') })
  if (expansion.others.length > 0 || schema.patternProperties !== undefined) expansion.isMap = true
  if (items !== undefined && items !== false)
    expansion.items.push({ schema: items, place: below(place, '[]') })
  prefixItems.forEach((item, index) =>
    (expansion.prefix[index] ??= []).push({ schema: item, place: below(place, String(index)) }),
  )
  expansion.kinds ??= kindsOf(schema)
  readUnions(expansion, contract, schema, place)
  readEnums(expansion, schema, place)
}

function readUnions({ unions }: Expansion, contract: Contract, schema: SchemaObject, place: string): void {
  for (const keyword of ['oneOf', 'anyOf'] as const) {
    const schemas = schema[keyword]
    if (schemas !== undefined) unions.push(unionOf(schema, schemas, place, false))
  }
  if (schema.discriminator !== undefined && schema.oneOf === undefined && schema.anyOf === undefined) {
    const heirs = heirsOf(contract, schema).map((name): Schema => ({ $ref: referenceTo(name) }))
    if (heirs.length > 0) unions.push(unionOf({ ...schema, oneOf: heirs }, heirs, place, true))
  }
}

function unionOf(schema: SchemaObject, schemas: readonly Schema[], place: string, isOfHeirs: boolean): Union {
  const branches = schemas.map((branch) => ({
    label: labelOf(branch),
    entry: { schema: branch, place: below(place, tokenOf(branch)) },
  }))
  const property = schema.discriminator?.propertyName
  const origin = isOfHeirs ? schema.discriminator! : schemas
  if (property === undefined) return { origin, place, branches, discriminator: null, isOfHeirs }
  const values = new Map<string, number>()
  for (const [name, all] of valuesByName(schema)) {
    const index = branches.findIndex(({ label }) => label === name)
    if (index >= 0) for (const value of all) values.set(value, index)
  }
  return { origin, place, branches, discriminator: { property, values }, isOfHeirs }
}

/** Names of the schemas that a mapping leads to, or that say that they are of this one, too (OpenAPI 3.1, 4.8.25). */
function heirsOf({ schemas }: Contract, { discriminator, ...base }: SchemaObject): string[] {
  const mapped = Object.values(discriminator?.mapping ?? {}).map(nameOfReference)
  const own = [...schemas].find(
    ([, schema]) => typeof schema === 'object' && schema.properties === base.properties && base.properties,
  )?.[0]
  const heirs = [...schemas].filter(
    ([, schema]) =>
      typeof schema === 'object' &&
      schema.allOf?.some(
        (part) => typeof part === 'object' && own !== undefined && part.$ref === referenceTo(own),
      ),
  )
  const names = new Set([...mapped, ...heirs.map(([name]) => name)])
  if (own !== undefined) names.delete(own)
  return [...names].filter((name) => schemas.has(name))
}

function readEnums({ enums }: Expansion, schema: SchemaObject, place: string): void {
  const isSecret = schema['x-sensitive'] !== undefined || schema.format === 'password'
  const add = (keyword: Enum['keyword'], values: readonly Json[]) =>
    enums.push({ place, values: new Set(values.map(valueText)), schema, keyword, isSecret })
  const open = schema['x-extensible-enum']
  if (schema.enum !== undefined) add('enum', schema.enum)
  else if (schema.const !== undefined) add('const', [schema.const])
  else if (Array.isArray(open)) add('x-extensible-enum', open)
}

/** A value of an enum, as it is counted. */
export function valueText(value: Json): string {
  return JSON.stringify(detailOf(value))
}
