import type { Json, SchemaObject, SchemaType } from '../../types.ts'
import { canonical } from '../../json-equal.ts'
import { Impossible } from '../impossible.ts'
import type { Conjunct, Gathered, Shape } from './types.ts'

const allTypes: readonly SchemaType[] = ['string', 'integer', 'number', 'boolean', 'object', 'array', 'null']

/** Sums up which types and values are left; contradictions are found here. */
export function shapeOf(gathered: Gathered): Shape | Impossible {
  const types = typesOf(gathered)
  const isTyped = gathered.conjuncts.some(({ schema }) => schema.type !== undefined)
  const listed = listedIn(gathered.conjuncts)
  const denied = new Set(gathered.deniedValues.map(canonical))
  const values =
    listed?.filter(
      (value) => isOfType(value, types, gathered.deniedTypes) && !denied.has(canonical(value)),
    ) ?? null
  if (types.length === 0) return new Impossible('no type is allowed')
  if (values?.length === 0) return new Impossible('none of the listed values is allowed')
  return { ...gathered, kind: 'shape', types, isTyped, values, denied, rules: new Map() }
}

/** What a maker of values made of a shape, kept. */
export function rulesFor<T>(shape: Shape, type: string, make: () => T): T {
  const known = shape.rules.get(type)
  if (known !== undefined) return known as T
  const made = make()
  shape.rules.set(type, made)
  return made
}

function typesOf({ conjuncts, deniedTypes }: Gathered): SchemaType[] {
  let types: SchemaType[] | undefined
  for (const { schema } of conjuncts) {
    if (schema.type === undefined) continue
    const own = [schema.type].flat()
    types = types === undefined ? own : sharedTypes(types, own)
  }
  types ??= likelyTypes(conjuncts)
  // Whoever excludes numbers excludes whole ones, too; not the other way round.
  const left = types.filter(
    (type) => !deniedTypes.has(type) && !(type === 'integer' && deniedTypes.has('number')),
  )
  return [...new Set(left)].toSorted((a, b) => Number(a === 'null') - Number(b === 'null'))
}

function sharedTypes(some: SchemaType[], others: SchemaType[]): SchemaType[] {
  const shared: SchemaType[] = []
  for (const type of some) {
    if (others.includes(type)) shared.push(type)
    else if (type === 'number' && others.includes('integer')) shared.push('integer')
    else if (type === 'integer' && others.includes('number')) shared.push('integer')
  }
  return shared
}

const about: [SchemaType, (keyof SchemaObject)[]][] = [
  ['object', ['properties', 'required', 'additionalProperties', 'patternProperties', 'propertyNames']],
  ['object', ['minProperties', 'maxProperties', 'dependentRequired', 'unevaluatedProperties']],
  ['array', ['items', 'prefixItems', 'contains', 'minItems', 'maxItems', 'uniqueItems', 'unevaluatedItems']],
  ['string', ['minLength', 'maxLength', 'pattern', 'contentEncoding', 'contentMediaType']],
  ['number', ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']],
]
const numberFormats = new Set(['int32', 'int64', 'float', 'double'])

/** Where no type is said, all are allowed; those that the other keywords are about come first. */
function likelyTypes(conjuncts: Conjunct[]): SchemaType[] {
  const likely: SchemaType[] = []
  for (const { schema } of conjuncts) {
    for (const [type, keywords] of about)
      if (keywords.some((keyword) => schema[keyword] !== undefined)) likely.push(type)
    if (schema.format !== undefined) likely.push(numberFormats.has(schema.format) ? 'number' : 'string')
  }
  return [...likely, ...allTypes]
}

function listedIn(conjuncts: Conjunct[]): Json[] | undefined {
  let listed: Map<string, Json> | undefined
  for (const { schema } of conjuncts)
    for (const own of [schema.enum, Object.hasOwn(schema, 'const') ? [schema.const!] : undefined]) {
      if (own === undefined) continue
      const values = new Map(own.map((value) => [canonical(value), value]))
      const before = listed
      listed =
        before === undefined ? values : new Map([...values].filter(([canonical]) => before.has(canonical)))
    }
  return listed === undefined ? undefined : [...listed.values()]
}

function isOfType(value: Json, types: SchemaType[], denied: ReadonlySet<SchemaType>): boolean {
  if (Number.isInteger(value))
    return !denied.has('integer') && (types.includes('integer') || types.includes('number'))
  return types.includes(typeOf(value))
}

function typeOf(value: Json): SchemaType {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value as 'boolean' | 'number' | 'string' | 'object'
}
