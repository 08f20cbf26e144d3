import { isObject, member } from '../json-object.ts'
import type { Json, JsonObject } from '../types.ts'
import { checkNode, flagOf, numberOf, objectsOf, readDescribed, shorten, textOf, textsOf } from './nodes.ts'
import type { Report } from './nodes.ts'
import { pluralOf } from './plural.ts'
import type { EnumType, Field, InterfaceType, ModelType, Typed, UnionMember, UnionType } from './service.ts'
import { nameInType, readTypeExpression, text } from './type-expression.ts'
import type { TypeExpression } from './type-expression.ts'

/** What reading gathers: the types of the sections, and those that stand where they are used. */
export interface Reading {
  report: Report
  enums: EnumType[]
  interfaces: InterfaceType[]
  models: ModelType[]
  unions: UnionType[]
  /** Names of the models that unions make of the fields that they say. */
  made: Set<string>
}

type Reader = (reading: Reading, node: JsonObject, name: string, marker?: string) => void

/** The readers of types, by the word that stands before the name of one that is declared where it is used. */
export const typeReaders: Readonly<Record<'enum' | 'interface' | 'model' | 'union', Reader>> = {
  enum: (reading, node, name, marker) => {
    checkNode(reading.report, node, 'enum', marker)
    const values = objectsOf(node, 'values').map((at) => {
      checkNode(reading.report, at, 'enum value')
      const own = textOf(at, 'name') ?? ''
      return { ...readDescribed(reading.report, at), name: own, value: textOf(at, 'value') ?? own }
    })
    reading.enums.push({ ...declared(reading, node, name), values })
  },
  interface: (reading, node, name, marker) => {
    checkNode(reading.report, node, 'interface', marker)
    reading.interfaces.push({ ...declared(reading, node, name), fields: readFields(reading, node) })
  },
  model: (reading, node, name, marker) => {
    checkNode(reading.report, node, 'model', marker)
    const fields = readFields(reading, node)
    const interfaces = textsOf(node, 'interfaces')
    reading.models.push({ ...declared(reading, node, name), fields, interfaces })
  },
  union: (reading, node, name, marker) => {
    checkNode(reading.report, node, 'union', marker)
    const types = objectsOf(node, 'types').map((at) => readUnionMember(reading, at))
    const discriminator = textOf(node, 'discriminator')
    const interfaces = textsOf(node, 'interfaces')
    reading.unions.push({ ...declared(reading, node, name), discriminator, types, interfaces })
  },
}

function declared({ report }: Reading, node: JsonObject, name: string) {
  return { ...readDescribed(report, node), name, plural: textOf(node, 'plural') ?? pluralOf(name) }
}

function readUnionMember(reading: Reading, at: JsonObject): UnionMember {
  checkNode(reading.report, at, 'union type')
  const described = readDescribed(reading.report, at)
  const type = readType(reading, at)
  const name = nameInType(type)
  if (Array.isArray(member(at, 'fields')) && !reading.made.has(name)) {
    reading.made.add(name)
    const plain = { at, description: null, deprecation: null, attributes: [] }
    const fields = readFields(reading, at)
    reading.models.push({ ...plain, name, plural: pluralOf(name), fields, interfaces: [] })
  }
  const value = textOf(at, 'discriminator_value') ?? name
  return { ...described, type, value, isDefault: flagOf(at, 'default') ?? false }
}

export function readFields(reading: Reading, node: JsonObject): Field[] {
  return objectsOf(node, 'fields').map((at) => {
    checkNode(reading.report, at, 'field')
    return { ...readTyped(reading, at), annotations: textsOf(at, 'annotations') }
  })
}

/** Of a field, a parameter, a header. */
export function readTyped(reading: Reading, at: JsonObject): Typed {
  return {
    ...readDescribed(reading.report, at),
    name: textOf(at, 'name') ?? '',
    type: readType(reading, at),
    required: flagOf(at, 'required') ?? true,
    default: readDefault(member(at, 'default')),
    example: textOf(at, 'example'),
    minimum: numberOf(at, 'minimum'),
    maximum: numberOf(at, 'maximum'),
  }
}

/** No default is what is null, or an empty text. */
function readDefault(value: Json | undefined): Json | undefined {
  return value === null || (typeof value === 'string' && value.trim() === '') ? undefined : value
}

/** The type at `type`: named, or declared there. Where it is none, a finding says so, and it is taken for a text. */
export function readType(reading: Reading, node: JsonObject): TypeExpression {
  const value = member(node, 'type')
  if (isObject(value)) return readInline(reading, value)
  if (value === undefined || value === null) return text
  const type = typeof value === 'string' ? readTypeExpression(value) : undefined
  if (type === undefined)
    reading.report.impossible(
      node,
      typeof value === 'string' ? `“${shorten(value)}” is no type` : '“type” must be a text or an object',
      'type',
    )
  return type ?? text
}

function readInline(reading: Reading, node: JsonObject): TypeExpression {
  for (const [marker, read] of Object.entries(typeReaders)) {
    const name = textOf(node, marker)
    if (name === null) continue
    const type = readTypeExpression(name)
    if (type === undefined) break
    read(reading, node, nameInType(type), marker)
    return type
  }
  reading.report.impossible(
    node,
    'a type that is declared where it is used must say its name: enum, interface, model or union',
  )
  return text
}
