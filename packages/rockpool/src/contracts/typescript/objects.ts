import type { Schema, SchemaObject } from '../types.ts'
import { commentOfSchema } from './comments.ts'
import { keyOf } from './names.ts'
import { isWord, member, never, object, optional, union, unknown, word } from './type.ts'
import type { Member, Type } from './type.ts'

/** Types that an index signature lists; of more it says `unknown`. */
const maxIndexed = 12

export interface ObjectParts {
  /** Names that every value has. */
  required: ReadonlySet<string>
  /** Members whose type is known better than the schema says it. */
  fixed: ReadonlyMap<string, Type>
  /** Members that the schema does not declare, and that are there. */
  further: ReadonlyMap<string, Type>
  /** What has a default is always there. */
  requireDefaults: boolean
  of: (schema: Schema) => Type
}

/** The type of a schema's objects: declared members, and an index signature that none of them contradicts. */
export function objectType(schema: SchemaObject, parts: ObjectParts): Type {
  const { required, fixed, further, requireDefaults, of } = parts
  const listed = schema.properties === undefined ? namesOf(schema, required, of) : null
  if (listed !== null) return object(listed)
  const declared = Object.entries(schema.properties ?? {}).map(([name, each]): [string, Member] => {
    const type = fixed.get(name) ?? of(each)
    const hasDefault = typeof each === 'object' && each.default !== undefined
    const make = required.has(name) || (requireDefaults && hasDefault) ? member : optional
    return [name, make(keyOf(name), type, commentOfSchema(each))]
  })
  for (const [name, type] of further) declared.push([name, member(keyOf(name), type)])
  const members = declared.map(([, each]) => each)
  return object([...members, ...indexSignatures(schema, declared, of)])
}

/** `propertyNames` that lists them: these are its members. */
function namesOf(
  schema: SchemaObject,
  required: ReadonlySet<string>,
  of: (schema: Schema) => Type,
): Member[] | null {
  const names = typeof schema.propertyNames === 'object' ? schema.propertyNames.enum : undefined
  if (names === undefined || names.length === 0 || schema.patternProperties !== undefined) return null
  const type = of(schema.additionalProperties ?? true)
  return names
    .filter((name) => typeof name === 'string')
    .map((name) => (required.has(name) ? member : optional)(keyOf(name), type))
}

function indexSignatures(
  schema: SchemaObject,
  declared: readonly [string, Member][],
  of: (schema: Schema) => Type,
): Member[] {
  const patterns = Object.entries(schema.patternProperties ?? {})
  const others = schema.additionalProperties ?? schema.unevaluatedProperties
  const isOpen = others !== undefined && others !== false
  const prefixes = patterns.map(([pattern]) => prefixOf(pattern))
  if (!isOpen && patterns.length > 0 && prefixes.every((prefix) => prefix !== null)) {
    const types = patterns.map(([, each], index) => [prefixes[index]!, of(each)] as const)
    return types.map(([prefix, type]) => {
      const longer = types.filter(([other]) => other !== prefix && other.startsWith(prefix))
      const alike = declared.filter(([name]) => name.startsWith(prefix)).map(([, each]) => each)
      return signature(`\`${prefix}\${string}\``, [type, ...longer.map(([, each]) => each)], alike)
    })
  }
  const types = patterns.map(([, each]) => of(each))
  if (isOpen) types.push(of(others))
  else if (patterns.length === 0) {
    if (declared.length > 0) return []
    types.push(others === false ? never : unknown)
  }
  return [
    signature(
      'string',
      types,
      declared.map(([, each]) => each),
    ),
  ]
}

/** TypeScript holds every declared member to the index signature: it has to allow theirs, too. */
function signature(names: string, types: readonly Type[], declared: readonly Member[]): Member {
  const theirs = declared.map(({ type }) => type)
  if (declared.some((each) => each.optional)) theirs.push(word('undefined'))
  const all = union([...types, ...theirs])
  const isLong = all.kind === 'union' && all.of.length > maxIndexed
  return member(`[key: ${names}]`, isLong || isWord(all, 'undefined') ? unknown : all)
}

/** What names begin with that match; null: the pattern says something else. */
function prefixOf(pattern: string): string | null {
  return /^\^([\w-]+)(\.[*+]\$?)?$/.exec(pattern)?.[1] ?? null
}
