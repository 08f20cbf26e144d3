import type { Findings } from '../findings.ts'
import { isObject, setMember } from '../json-object.ts'
import { standsWhere, textAt } from '../source/origins.ts'
import type { Json, JsonObject, Schema, SchemaObject, SchemaType } from '../types.ts'
import { applyPattern } from './patterns.ts'
import { fateOf, shown, types, typesElsewhere } from './schema-types.ts'
import type { Dialect } from './version.ts'

/*
 * The keywords that were said otherwise before JSON Schema 2020-12, and what people write who have several dialects in mind.
 * What can only be meant in one way is understood so, whatever the version of the document, and a finding says what to write.
 */

/** A schema whose keywords are read, but for those that are listed here. */
export type Draft = Record<string, unknown>

export interface DialectTools {
  dialect: Dialect
  findings: Findings
  /** The schema at `holder[key]`. */
  read(holder: JsonObject | Json[], key: string | number): Schema
  /** What a text of a discriminator's mapping says as `$ref`; undefined: nothing. */
  readMapping(text: string, holder: JsonObject, key: string): string | undefined
}

/** Finishes a draft. `node`: what it was read from. */
export function applyDialect(draft: Draft, node: JsonObject, tools: DialectTools): Schema {
  applyType(draft, node, tools)
  applyEnum(draft, node, tools)
  applyTuple(draft, node, tools)
  applyEnumOfItems(draft, node, tools)
  applyBounds(draft, node, tools)
  applyPattern(draft, node, tools.findings)
  applyRequired(draft, node, tools)
  applyExamples(draft, node, tools)
  applyDependencies(draft, node, tools)
  applyDiscriminator(draft, node, tools)
  return applyNullable(draft, node, tools)
}

function applyType(draft: Draft, node: JsonObject, { dialect, findings }: DialectTools): void {
  const given = draft['type']
  if (given === undefined) return
  delete draft['type']
  const list: unknown[] = Array.isArray(given) ? given : [given]
  if (Array.isArray(given) && (dialect === '2.0' || dialect === '3.0'))
    findings.warning(node, `a list of types is of OpenAPI 3.1: this document says ${dialect}`, 'type')
  const known = new Set<SchemaType>()
  for (const type of list) {
    if (typeof type === 'string' && types.has(type)) known.add(type as SchemaType)
    else if (type === null) {
      findings.warning(node, 'type must be "null" in quotes', 'type')
      known.add('null')
    } else if (type === 'file') {
      known.add('string')
      draft['format'] ??= 'binary'
    } else {
      const meant = typeof type === 'string' ? typesElsewhere.get(type.toLowerCase()) : undefined
      if (meant !== undefined) known.add(meant.type)
      if (meant?.format !== undefined) draft['format'] ??= meant.format
      findings.warning(node, `${shown(type)} is no type: it is ${fateOf(meant)}`, 'type')
    }
  }
  if (known.size > 0) draft['type'] = known.size === 1 ? [...known][0] : [...known]
}

function applyEnum(draft: Draft, node: JsonObject, { findings }: DialectTools): void {
  const given = draft['enum']
  if (given === undefined) return
  delete draft['enum']
  if (!Array.isArray(given) || given.length === 0)
    return findings.warning(node, 'enum must be a list of values: it is left out', 'enum')
  let values = distinct(given as Json[])
  if (values.length < given.length) findings.warning(node, 'enum has the same value twice', 'enum')
  // YAML takes `- 1` for a number, and `- yes` of its old version for a flag.
  const isMisread =
    draft['type'] === 'string' && values.every((value) => value !== null && typeof value !== 'object')
  if (isMisread && values.some((value) => typeof value !== 'string')) {
    findings.warning(node, 'its type is string: the values of enum must stand in quotes', 'enum')
    values = distinct(given.map((value, index) => textAt(given, index, value)))
  }
  draft['enum'] = values
}

function applyTuple(draft: Draft, node: JsonObject, { dialect, findings, read }: DialectTools): void {
  const { items, additionalItems } = node
  delete draft['items']
  delete draft['additionalItems']
  if (Array.isArray(items)) {
    if (dialect === '3.1' || dialect === '3.2')
      findings.warning(node, 'a list of items is called prefixItems since OpenAPI 3.1', 'items')
    draft['prefixItems'] = items.map((_, index) => read(items, index))
    if (additionalItems !== undefined) draft['items'] = read(node, 'additionalItems')
  } else if (items !== undefined) draft['items'] = read(node, 'items')
}

/** Of a list that says which values there are, its items are meant: no list is one of them. */
function applyEnumOfItems(draft: Draft, node: JsonObject, { findings }: DialectTools): void {
  const { type, enum: values, items = {} } = draft as SchemaObject
  if (type !== 'array' || values === undefined || values.some((value) => Array.isArray(value))) return
  if (typeof items === 'boolean' || items.enum !== undefined || values.includes(null)) return
  findings.warning(node, 'its type is array: the values of its items stand in the enum of items', 'enum')
  delete draft['enum']
  draft['items'] = standsWhere({ ...items, enum: values }, isObject(node['items']) ? node['items'] : node)
}

function applyBounds(draft: Draft, node: JsonObject, { dialect, findings }: DialectTools): void {
  const isOld = dialect === '2.0' || dialect === '3.0'
  for (const [plain, exclusive] of [
    ['minimum', 'exclusiveMinimum'],
    ['maximum', 'exclusiveMaximum'],
  ] as const) {
    const bound = numberOf(draft, node, plain, findings)
    const flag = draft[exclusive]
    if (typeof flag === 'boolean') {
      if (!isOld) findings.warning(node, `${exclusive} is a number since OpenAPI 3.1`, exclusive)
      delete draft[exclusive]
      if (!flag || bound === undefined) continue
      delete draft[plain]
      draft[exclusive] = bound
    } else numberOf(draft, node, exclusive, findings)
  }
}

/** Leaves a number in the draft, or nothing. */
function numberOf(draft: Draft, node: JsonObject, keyword: string, findings: Findings): number | undefined {
  const given = draft[keyword]
  if (given === undefined || typeof given === 'number' || typeof given === 'boolean')
    return typeof given === 'number' ? given : undefined
  const number = typeof given === 'string' && given.trim() !== '' ? Number(given) : Number.NaN
  const isNumber = Number.isFinite(number)
  findings.warning(
    node,
    `${keyword} must be a number${isNumber ? ' without quotes' : ': it is left out'}`,
    keyword,
  )
  if (isNumber) draft[keyword] = number
  else delete draft[keyword]
  return isNumber ? number : undefined
}

/** `required` is a list of the object's; what says `required: true` of itself means the same. */
function applyRequired(draft: Draft, node: JsonObject, { findings }: DialectTools): void {
  const given = draft['required']
  delete draft['required']
  const names = new Set<string>()
  if (Array.isArray(given)) {
    for (const name of given) if (typeof name === 'string') names.add(name)
    if (names.size < given.length)
      findings.warning(node, 'required must be a list of names, each of them once', 'required')
  } else if (given !== undefined && typeof given !== 'boolean')
    findings.warning(node, 'required must be a list of names: it is left out', 'required')
  const { properties } = node
  if (isObject(properties))
    for (const [name, property] of Object.entries(properties))
      if (isObject(property) && property['required'] === true) {
        findings.warning(property, `that ${name} is required is said in the list of the object`, 'required')
        names.add(name)
      }
  if (names.size > 0) draft['required'] = [...names]
}

function applyExamples(draft: Draft, node: JsonObject, { findings }: DialectTools): void {
  const { example, examples } = draft
  delete draft['example']
  if (examples !== undefined && !Array.isArray(examples)) {
    findings.warning(node, 'examples of a schema are a list', 'examples')
    draft['examples'] = isObject(examples) ? Object.values(examples).map(valueOfExample) : [examples]
  }
  if (Array.isArray(draft['examples']) && draft['examples'].length === 0) delete draft['examples']
  if (example !== undefined) draft['examples'] ??= [example]
}

const valueOfExample = (example: Json) =>
  isObject(example) && Object.hasOwn(example, 'value') ? example['value']! : example

/** Of the drafts of JSON Schema before 2019-09. */
function applyDependencies(draft: Draft, node: JsonObject, { read }: DialectTools): void {
  const { dependencies } = node
  delete draft['dependencies']
  if (!isObject(dependencies)) return
  const required: Record<string, string[]> = {}
  const schemas: Record<string, Schema> = {}
  for (const [name, needed] of Object.entries(dependencies))
    if (Array.isArray(needed)) setMember(required, name, needed.map(String))
    else setMember(schemas, name, read(dependencies, name))
  if (Object.keys(required).length > 0) draft['dependentRequired'] ??= required
  if (Object.keys(schemas).length > 0) draft['dependentSchemas'] ??= schemas
}

function applyDiscriminator(draft: Draft, node: JsonObject, { findings, readMapping }: DialectTools): void {
  const given = draft['discriminator']
  if (given === undefined) return
  delete draft['discriminator']
  if (typeof given === 'string') draft['discriminator'] = { propertyName: given }
  else if (!isObject(given) || typeof given['propertyName'] !== 'string')
    findings.warning(node, 'discriminator must have a propertyName: it is left out', 'discriminator')
  else {
    const mapping: Record<string, string> = {}
    if (isObject(given['mapping']))
      for (const [value, text] of Object.entries(given['mapping'])) {
        const reference = typeof text === 'string' ? readMapping(text, given['mapping'], value) : undefined
        if (reference !== undefined) setMember(mapping, value, reference)
        else findings.warning(given['mapping'], `${value} leads to no schema: it is left out`, value)
      }
    const { propertyName } = given
    draft['discriminator'] = Object.keys(mapping).length === 0 ? { propertyName } : { propertyName, mapping }
  }
}

/** OpenAPI 3.0's `nullable`, and what OpenAPI 2.0 is extended by for the same. */
function applyNullable(draft: Draft, node: JsonObject, { dialect, findings }: DialectTools): Schema {
  const isNullable = draft['nullable'] === true || (dialect === '2.0' && draft['x-nullable'] === true)
  if (draft['nullable'] !== undefined && dialect !== '3.0')
    findings.warning(node, 'nullable is of OpenAPI 3.0: write the type as ["…", "null"]', 'nullable')
  delete draft['nullable']
  if (dialect === '2.0') delete draft['x-nullable']
  const schema = draft as SchemaObject
  if (!isNullable) return schema
  if (schema.enum !== undefined && !schema.enum.includes(null)) {
    findings.warning(node, 'it is nullable: then null belongs to the values of its enum', 'enum')
    schema.enum = [...schema.enum, null]
  }
  if (schema.type !== undefined) {
    const list = Array.isArray(schema.type) ? schema.type : [schema.type]
    if (!list.includes('null')) schema.type = [...list, 'null']
    return schema
  }
  if (!restricts(schema)) return schema
  findings.warning(
    node,
    'nullable counts beside a type only (OpenAPI 3.0.3): here it is taken for “or null”',
    'nullable',
  )
  return orNull(schema)
}

/** Something in it may refuse null. */
function restricts(schema: SchemaObject): boolean {
  return ['$ref', 'allOf', 'anyOf', 'oneOf', 'not', 'if', 'const'].some((keyword) => keyword in schema)
}

/** What says something about a schema stays outside, what restricts it goes into a branch. */
function orNull(schema: SchemaObject): SchemaObject {
  const outside: Draft = {}
  const inside: Draft = {}
  for (const [keyword, value] of Object.entries(schema))
    (keyword.startsWith('x-') || aboutSchema.has(keyword) ? outside : inside)[keyword] = value
  return { ...outside, anyOf: [inside as SchemaObject, { type: 'null' }] }
}

const aboutSchema: ReadonlySet<string> = new Set([
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
  'externalDocs',
])

function distinct(values: Json[]): Json[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()]
}
