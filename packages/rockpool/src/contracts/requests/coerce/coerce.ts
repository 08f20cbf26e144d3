import { nameOfReference } from '../../references.ts'
import type { Contract, Json, Schema, SchemaObject, SchemaType } from '../../types.ts'
import { tagOf } from '../../validation/discriminator.ts'
import type { Validator } from '../../validation/index.ts'
import type { Value } from '../types.ts'
import { toBoolean, toEnumValue, toInteger, toNumber } from './scalars.ts'
import { asJson, isCompound, isMembers, mapItems, mapMembers, sizeOf } from './values.ts'
import type { Members } from './values.ts'

/** `text`: a string may be meant as anything, as in forms and parameters. `json`: it is a string where that is allowed. */
export type Source = 'text' | 'json'

export interface Coerced {
  value: Value
  /** There was more to do than is done for one value; what was left stays as it came. */
  isCutShort: boolean
}

/** Schemas within schemas. */
const mostDepth = 800
/** Schemas asked of values, and values that branches are tried with. */
const mostSteps = 1_000_000
/** Values for which it is looked which branch of a union comes nearest, where none fits: to explain costs more than to judge. */
const mostCompared = 20_000

export type CoercionContext = {
  contract: Pick<Contract, 'schemas'>
  validator: Pick<Validator, 'validate' | 'isValid'>
}

/** A value with the types of a schema, as far as it can be meant so. It judges nothing: what does not fit stays as it is. */
export function coerce(context: CoercionContext, schema: Schema, value: Value, source: Source): Coerced {
  const coercion = new Coercion(context, source)
  return { value: coercion.apply(schema, value, 0), isCutShort: coercion.isCutShort }
}

class Coercion {
  isCutShort = false
  private steps = 0
  private compared = 0
  /** Schemas that ask the same again at each level would double the work. */
  private readonly done = new Map<Schema, Map<Value, Value>>()
  private readonly context: CoercionContext
  private readonly source: Source

  constructor(context: CoercionContext, source: Source) {
    this.context = context
    this.source = source
  }

  apply(schema: Schema, value: Value, depth: number): Value {
    if (typeof schema === 'boolean' || !this.spend(1)) return value
    if (depth > mostDepth) {
      this.isCutShort = true
      return value
    }
    if (!isCompound(value)) return this.all(schema, value, depth)
    let known = this.done.get(schema)
    if (known === undefined) this.done.set(schema, (known = new Map()))
    const before = known.get(value)
    if (before !== undefined) return before
    // What leads back to itself without a member between says nothing more.
    known.set(value, value)
    const coerced = this.all(schema, value, depth)
    known.set(value, coerced)
    return coerced
  }

  /** All that a schema says of a value, from what it is made of to what it says itself. */
  private all(schema: SchemaObject, given: Value, depth: number): Value {
    let value = given
    if (schema.$ref !== undefined)
      value = this.apply(
        this.context.contract.schemas.get(nameOfReference(schema.$ref)) ?? true,
        value,
        depth + 1,
      )
    for (const part of schema.allOf ?? []) value = this.apply(part, value, depth + 1)
    value = toEnumValue(schema, this.toType(schema, value))
    if (Array.isArray(value)) value = this.items(schema, value, depth)
    else if (isMembers(value)) value = this.members(schema, value, depth)
    for (const branches of [schema.oneOf, schema.anyOf])
      if (branches !== undefined) value = this.branch(schema, branches, value, depth)
    for (const [name, dependent] of Object.entries(schema.dependentSchemas ?? {}))
      if (isMembers(value) && Object.hasOwn(value, name)) value = this.apply(dependent, value, depth + 1)
    if (schema.if !== undefined) {
      const next = this.holds(schema.if, value) ? schema.then : schema.else
      value = this.apply(next ?? true, value, depth + 1)
    }
    return value
  }

  /** The first type that it can be meant as. */
  private toType(schema: SchemaObject, value: Value): Value {
    if (schema.type === undefined) return value
    const types = [schema.type].flat()
    const isFree = this.source === 'text' && typeof value === 'string'
    if (!isFree && types.some((type) => isOfType(value, type))) return value
    for (const type of types) {
      const converted = convert(value, type)
      if (converted !== undefined) return converted
    }
    return value
  }

  private items({ items, prefixItems }: SchemaObject, list: Value[], depth: number): Value[] {
    if (items === undefined && prefixItems === undefined) return list
    return mapItems(list, (item, index) => this.apply(prefixItems?.[index] ?? items ?? true, item, depth + 1))
  }

  private members(schema: SchemaObject, object: Members, depth: number): Members {
    const { properties, patternProperties, additionalProperties } = schema
    if (!properties && !patternProperties && additionalProperties === undefined) return object
    return mapMembers(object, (value, name) => {
      const spoken = this.schemasOf(schema, name)
      if (value === null && spoken.some((one) => typeof one === 'object' && !this.holds(one, null)))
        return undefined
      return spoken.reduce((at: Value, one) => this.apply(one, at, depth + 1), value)
    })
  }

  /** JSON Schema 2020-12 core, 10.3.2. */
  private schemasOf(schema: SchemaObject, name: string): Schema[] {
    const { properties, patternProperties, additionalProperties } = schema
    const found: Schema[] = []
    if (properties !== undefined && Object.hasOwn(properties, name)) found.push(properties[name]!)
    for (const [pattern, inner] of Object.entries(patternProperties ?? {}))
      if (this.context.validator.isValid(namePattern(schema, pattern), name)) found.push(inner)
    return found.length > 0 || additionalProperties === undefined ? found : [additionalProperties]
  }

  /** Of a union the branch that the discriminator names; else the first that holds; else what comes nearest. */
  private branch(schema: SchemaObject, branches: readonly Schema[], value: Value, depth: number): Value {
    const named = this.namedBranch(schema, branches, value)
    if (named !== undefined) return this.apply(branches[named.index]!, named.value, depth + 1)
    if (this.source === 'json' && branches.some((branch) => this.holds(branch, value))) return value
    let nearest = value
    let fewest = Infinity
    for (const branch of branches) {
      const coerced = this.apply(branch, value, depth + 1)
      if (this.holds(branch, coerced)) return coerced
      if (this.isCutShort) return value
      if (!isCompound(coerced) || this.compared >= mostCompared) continue
      this.compared += sizeOf(coerced, mostCompared)
      const { length } = this.context.validator.validate(branch, this.asSeen(coerced))
      if (length >= fewest) continue
      fewest = length
      nearest = coerced
    }
    return nearest
  }

  /** In any letter case; the value has it as the contract writes it then. */
  private namedBranch(schema: SchemaObject, branches: readonly Schema[], value: Value) {
    const tag = isMembers(value) ? tagOf(schema, branches, this.context.contract) : null
    if (tag === null || !isMembers(value) || !Object.hasOwn(value, tag.property)) return undefined
    const given = value[tag.property]
    if (typeof given !== 'string') return undefined
    const isSame = (one: string) => one.toLowerCase() === given.toLowerCase()
    const name = tag.names.includes(given) ? given : tag.names.find(isSame)
    const index = name === undefined ? undefined : tag.branchOf({ [tag.property]: name })
    if (name === undefined || index === undefined) return undefined
    return { index, value: mapMembers(value, (one, member) => (member === tag.property ? name : one)) }
  }

  private holds(schema: Schema, value: Value): boolean {
    if (!this.spend(sizeOf(value, mostSteps - this.steps + 1))) return false
    return this.context.validator.isValid(schema, this.asSeen(value))
  }

  /** What came as JSON has no bytes. */
  private asSeen(value: Value): Json {
    return this.source === 'json' ? (value as Json) : asJson(value)
  }

  private spend(steps: number): boolean {
    this.steps += steps
    if (this.steps > mostSteps) this.isCutShort = true
    return !this.isCutShort
  }
}

function isOfType(value: Value, type: SchemaType): boolean {
  if (type === 'null') return value === null
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return isMembers(value)
  if (type === 'integer') return Number.isInteger(value)
  // Bytes stand for a text.
  if (type === 'string') return typeof value === 'string' || Buffer.isBuffer(value)
  return typeof value === type
}

/** Undefined: it cannot be meant as that. */
function convert(value: Value, type: SchemaType): Value | undefined {
  if (isOfType(value, type)) return value
  if (type === 'array') return value === null ? undefined : [value]
  if (type === 'boolean') return toBoolean(value)
  if (type === 'number') return typeof value === 'string' ? toNumber(value) : undefined
  if (type === 'integer') return typeof value === 'string' ? toInteger(value) : undefined
  if (type !== 'string') return undefined
  if (Array.isArray(value) && value.length === 1 && !isCompound(value[0]!)) return convert(value[0]!, type)
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

const namePatterns = new WeakMap<SchemaObject, Map<string, SchemaObject>>()

/** The schema of names that a pattern is about: always the same one, which a validator has prepared. */
function namePattern(schema: SchemaObject, pattern: string): SchemaObject {
  let known = namePatterns.get(schema)
  if (known === undefined) namePatterns.set(schema, (known = new Map()))
  let made = known.get(pattern)
  if (made === undefined) known.set(pattern, (made = { pattern }))
  return made
}
