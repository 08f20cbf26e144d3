import { isLegalName } from '../../apibuilder/index.ts'
import { isObject } from '../../json-object.ts'
import { isReference, nameOfReference } from '../../references.ts'
import { fileOf, originOf } from '../../source/origins.ts'
import type { Contract, Json, SchemaObject } from '../../types.ts'
import type { Enum, Holder } from '../expand.ts'
import { ofSchema } from '../places.ts'
import type { SourceDocument, SourceDocuments } from '../patch/documents.ts'
import { valueAt } from '../patch/settle.ts'
import type { Entry, Unpatched } from './types.ts'

/** A member that was seen, with its types in JSON and those of its items. */
export interface SeenField {
  holder: Holder
  name: string
  types: readonly string[]
  items: readonly string[]
}

export interface FieldGround {
  contract: Contract
  documents: SourceDocuments
  /** As `discriminatorsOf` gives them. */
  discriminators: ReadonlyMap<string, ReadonlySet<string>>
}

/** The field that a model of API Builder would get, or the parameter that an operation with a form would. */
export function fieldEntry(
  { contract, documents, discriminators }: FieldGround,
  { holder, name, types, items }: SeenField,
): Entry | Unpatched {
  const model = modelOf(contract, holder)
  const schema = model?.schema ?? holder.schema
  const found = whereIs(documents, schema)
  if ('reason' in found) return found
  const { document, at } = found
  if (!isLegalName(name)) return { reason: `API Builder has no name ${name}` }
  const entry = { document, at, name, type: typeOf(types, items), values: [] }
  const told = Object.keys(schema.properties ?? {})
  if (model === null) {
    const operation = valueAt(document.value, at)
    const isForm = isObject(operation) && typeof operation['method'] === 'string'
    if (isForm) return { ...entry, list: 'parameters', names: [...told, ...namesIn(operation['parameters'])] }
    return { reason: 'it stands in a union beside what its types say, and API Builder has no word for that' }
  }
  if (discriminators.get(model.name)?.has(name) === true)
    return {
      reason: `a union tells by ${name} which type a value has, and its models have no field of that name`,
    }
  return { ...entry, list: 'fields', names: told }
}

/** The value that an enum of API Builder would get. */
export function valueEntry(
  documents: SourceDocuments,
  { schema, keyword }: Enum,
  value: Json,
): Entry | Unpatched {
  if (keyword === 'const' || typeof value !== 'string')
    return { reason: 'it tells which type of a union a value has, and nothing is known of that type' }
  const found = whereIs(documents, schema)
  if ('reason' in found) return found
  const { document, at } = found
  const said = valueAt(document.value, `${at}/values`)
  const values = (schema.enum ?? []).filter((each) => typeof each === 'string')
  return { document, at, list: 'values', name: value, type: null, names: namesIn(said), values }
}

function whereIs(
  documents: SourceDocuments,
  schema: SchemaObject,
): { document: SourceDocument; at: string } | Unpatched {
  const [origin, document] = [originOf(schema), documents.of(schema)]
  if (origin === undefined || document === null) return { reason: 'it stands in no document' }
  if (document.service === null)
    return { reason: `its type is imported, and has to be mended in ${fileOf(schema)!.name}` }
  return { document, at: origin.pointer }
}

/** The model that an object is, or that a type of a union with a discriminator is. */
function modelOf(
  contract: Contract,
  { schema, place }: Holder,
): { schema: SchemaObject; name: string } | null {
  if (schema['x-rockpool-kind'] === 'model') return { schema, name: place.slice(ofSchema('').length) }
  const name = schema['x-rockpool-kind'] === 'union type' ? nameWithin(schema) : undefined
  const model = name === undefined ? undefined : contract.schemas.get(name)
  const isModel = typeof model === 'object' && model['x-rockpool-kind'] === 'model'
  return name !== undefined && isModel ? { schema: model, name } : null
}

/** Of the schema that a type of a union is beside its discriminator. */
function nameWithin({ allOf = [] }: SchemaObject): string | undefined {
  return allOf.flatMap((part) => (isReference(part) ? nameOfReference(part.$ref) : []))[0]
}

/** Of each model the members that tell what a value is, in the unions that it is a type of. */
export function discriminatorsOf({ schemas }: Contract): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>()
  for (const union of schemas.values()) {
    if (typeof union !== 'object' || union.discriminator === undefined) continue
    for (const type of union.oneOf ?? []) {
      const schema = isReference(type) ? schemas.get(nameOfReference(type.$ref)) : undefined
      const model = typeof schema === 'object' ? nameWithin(schema) : undefined
      if (model === undefined) continue
      found.set(model, (found.get(model) ?? new Set()).add(union.discriminator.propertyName))
    }
  }
  return found
}

function namesIn(list: Json | undefined): string[] {
  if (!Array.isArray(list)) return []
  return list.flatMap((item) => (isObject(item) && typeof item['name'] === 'string' ? [item['name']] : []))
}

/**
 * The type of API Builder that takes all that was seen. How large numbers are is not kept, nor what texts say; what may be
 * null is `json`, as no other type has it.
 */
function typeOf(types: readonly string[], items: readonly string[]): string {
  const all = types.includes('number') ? types.filter((type) => type !== 'integer') : types
  const [only = ''] = all
  if (all.length !== 1) return 'json'
  if (only === 'array') return items.length === 0 ? '[json]' : `[${typeOf(items, [])}]`
  return words.get(only) ?? 'json'
}

const words: ReadonlyMap<string, string> = new Map([
  ['string', 'string'],
  ['boolean', 'boolean'],
  ['integer', 'long'],
  ['number', 'decimal'],
  ['object', 'object'],
])
