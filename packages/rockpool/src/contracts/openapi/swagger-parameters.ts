import { isObject, setMember } from '../json-object.ts'
import { standsWhere } from '../source/origins.ts'
import type { JsonObject, Parameter, ParameterStyle, Schema } from '../types.ts'
import { extensionsOf, flagOf, listOf, textOf } from './context.ts'
import type { Context } from './context.ts'
import { isNoParameter } from './parameters.ts'

/* Parameters of OpenAPI 2.0, of which bodies and forms are some; each is its own schema. */

type Place = 'path' | 'query' | 'header' | 'body' | 'formData'

/** One of an operation's parameters, of which bodies and forms are some. */
export interface Given {
  name: string
  place: Place
  node: JsonObject
}

/** Those of the operation, and those of its path that it does not name anew. */
export function parametersOf(context: Context, operation: JsonObject, item: JsonObject): Given[] {
  const byName = new Map<string, Given>()
  for (const holder of [item, operation]) {
    const own = new Set<string>()
    for (const given of parametersIn(context, holder)) {
      const { name, place, node } = given
      const key = place === 'body' ? place : `${place} ${name}`
      if (own.has(key)) context.findings.warning(node, `${repeated(given)}: the first one counts`)
      else byName.set(key, given)
      own.add(key)
    }
  }
  return [...byName.values()]
}

function parametersIn({ budget, documents, findings }: Context, holder: JsonObject): Given[] {
  const list = listOf(holder, 'parameters', findings)
  if (!budget.spend(list.length, list)) return []
  return list.flatMap((value, index) => {
    const node = documents.resolve(value, list, index)
    if (node === undefined) return []
    const { name, in: place } = node
    if (typeof name !== 'string' || !isPlace(place))
      return (findings.error(node, `a parameter must have a name, and in: ${places.join(', ')}`), [])
    if (place !== 'header' || !isNoParameter(name)) return [{ name, place, node }]
    findings.warning(node, `the header ${name} is no parameter since OpenAPI 3: it is left out`, 'name')
    return []
  })
}

const repeated = ({ name, place }: Given): string =>
  place === 'body' ? 'there is another body' : `there is another parameter ${name} in ${place}`

const places: readonly string[] = ['path', 'query', 'header', 'body', 'formData'] satisfies Place[]
const isPlace = (place: unknown): place is Place => typeof place === 'string' && places.includes(place)

export function toParameter(
  context: Context,
  given: JsonObject,
  name: string,
  place: 'path' | 'query' | 'header',
): Parameter {
  const { findings } = context
  const extensions = extensionsOf(given, 'x-nullable')
  const { style, explode, lost } = styleOf(given, place)
  if (lost !== null) extensions['x-rockpool-collection-format'] = lost
  if (place === 'path' && given['required'] !== true)
    findings.warning(given, `the path parameter ${name} must say required: true`, 'required')
  return standsWhere(
    {
      name,
      in: place,
      description: textOf(given, 'description', findings),
      required: place === 'path' || flagOf(given, 'required', findings),
      deprecated: false,
      allowEmptyValue: flagOf(given, 'allowEmptyValue', findings),
      style,
      explode,
      allowReserved: false,
      schema: schemaOf(context, given),
      mediaType: null,
      examples: [],
      extensions,
    },
    given,
  )
}

/** `lost`: a format that OpenAPI 3 has no word for. */
function styleOf(
  given: JsonObject,
  place: 'path' | 'query' | 'header',
): { style: ParameterStyle; explode: boolean; lost: string | null } {
  const format = given['collectionFormat']
  if (place !== 'query')
    return {
      style: 'simple',
      explode: false,
      lost: typeof format === 'string' && format !== 'csv' ? format : null,
    }
  if (given['type'] !== 'array' || format === 'multi') return { style: 'form', explode: true, lost: null }
  if (format === 'ssv') return { style: 'spaceDelimited', explode: false, lost: null }
  if (format === 'pipes') return { style: 'pipeDelimited', explode: false, lost: null }
  return { style: 'form', explode: false, lost: format === 'tsv' ? 'tsv' : null }
}

/** How a list in a form is written (OpenAPI 3.1, 4.8.15); null: as lists in forms are. */
export function encodingOf({ type, items, collectionFormat }: JsonObject): JsonObject | null {
  // Nobody joins files.
  const isFiles = isObject(items) && items['type'] === 'file'
  if (type !== 'array' || isFiles || collectionFormat === 'multi') return null
  if (collectionFormat === 'ssv') return { style: 'spaceDelimited', explode: false }
  if (collectionFormat === 'pipes') return { style: 'pipeDelimited', explode: false }
  const lost = collectionFormat === 'tsv' ? { 'x-rockpool-collection-format': 'tsv' } : {}
  return { style: 'form', explode: false, ...lost }
}

const besideSchema = new Set(['name', 'in', 'description', 'required', 'allowEmptyValue', 'collectionFormat'])

/** A parameter or a header as the schema that it also is; some say it as OpenAPI 3 does. */
export function schemaOf({ schemas, findings }: Context, given: JsonObject): Schema {
  if (given['type'] === undefined && isObject(given['schema'])) {
    findings.warning(given, 'its type stands beside its name in OpenAPI 2.0, and in no schema', 'schema')
    return schemas.read(given, 'schema')
  }
  const node: JsonObject = {}
  for (const [name, value] of Object.entries(given))
    if (!besideSchema.has(name) && (!name.startsWith('x-') || name === 'x-nullable'))
      setMember(node, name, value)
  return schemas.readNode(standsWhere(node, given))
}

/** Some say the type of a body as that of any other parameter. */
export function schemaOfBody(context: Context, given: JsonObject): Schema {
  if (Object.hasOwn(given, 'schema') || given['type'] === undefined)
    return context.schemas.read(given, 'schema')
  context.findings.warning(given, 'the type of a body stands in its schema', 'type')
  return schemaOf(context, given)
}
