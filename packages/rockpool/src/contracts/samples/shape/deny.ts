import type { Schema, SchemaObject } from '../../types.ts'
import type { Names } from './names.ts'
import type { Gathered } from './types.ts'

interface Gathering {
  readonly result: Gathered
  readonly names: Names
  add(schema: Schema): void
  refuse(reason: string): void
}

/**
 * What follows from a schema that must not hold, where that is plain: values, types, members that are not there. All else
 * is left to validation.
 */
export function deny(schema: Schema, gathering: Gathering, depth = 0): void {
  if (depth > 10) return
  if (schema === true) return gathering.refuse('what must not hold always does')
  if (schema === false) return
  const { result } = gathering
  const { keywords, only } = keywordsOf(schema)
  if (keywords.length === 0) return gathering.refuse('what must not hold always does')
  if (only === '$ref') deny(gathering.names.target(schema.$ref!), gathering, depth + 1)
  else if (only === 'not') gathering.add(schema.not!)
  else if (only === 'const') result.deniedValues.push(schema.const!)
  else if (only === 'enum') result.deniedValues.push(...schema.enum!)
  else if (only === 'type') for (const type of [schema.type!].flat()) result.deniedTypes.add(type)
  else if (only === 'anyOf') for (const branch of schema.anyOf!) deny(branch, gathering, depth + 1)
  else if (only === 'allOf' && schema.allOf!.length === 1) deny(schema.allOf![0]!, gathering, depth + 1)
  else if (only === 'required' && schema.required!.length === 1)
    result.deniedMembers.add(schema.required![0]!)
  else denyMember(schema, keywords, gathering)
}

/** `properties` with one member: that one is there and is something else, or `required` too: it may be missing. */
function denyMember(schema: SchemaObject, keywords: string[], { result }: Gathering): void {
  const names = Object.keys(schema.properties ?? {})
  const name = names[0]
  if (names.length !== 1 || name === undefined) return
  const { required = [] } = schema
  const isPlain = keywords.every((keyword) => ['properties', 'required', 'type'].includes(keyword))
  if (!isPlain || required.some((other) => other !== name)) return
  result.members.set(name, [...(result.members.get(name) ?? []), { not: schema.properties![name]! }])
  if (required.length === 0) result.required.add(name)
}

const silent = new Set([
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  '$comment',
  'xml',
  'externalDocs',
])

function keywordsOf(schema: SchemaObject): { keywords: string[]; only: string | undefined } {
  const keywords = Object.keys(schema).filter((keyword) => !silent.has(keyword) && !keyword.startsWith('x-'))
  return { keywords, only: keywords.length === 1 ? keywords[0] : undefined }
}
