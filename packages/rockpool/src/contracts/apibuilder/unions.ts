import { setMember } from '../json-object.ts'
import { referenceTo } from '../references.ts'
import { standsWhere } from '../source/origins.ts'
import type { JsonObject, SchemaObject } from '../types.ts'
import { declare } from './declare.ts'
import { extensionsOf } from './extensions.ts'
import type { Scope } from './scope.ts'
import type { UnionMember, UnionType } from './service.ts'
import { asPrimitive, nameInType, writeType } from './type-expression.ts'
import type { TypeExpression } from './type-expression.ts'
import { schemaOfType, settle } from './types-as-schemas.ts'
import type { NameSchema } from './types-as-schemas.ts'
import { walkUnion } from './union-members.ts'

/** Where the schemas of unions go. */
export interface UnionSchemas {
  nameOf: NameSchema
  /** The schema that a union makes of one of its types, once for all unions around it; its name. */
  addOnce(key: object, base: string, make: () => SchemaObject): string
}

/*
 * What a union is on the wire, of a model `user`, an enum `role` and a string:
 *
 *   with a discriminator `type`              without
 *   { "type": "user", "name": "Ada" }        { "user": { "name": "Ada" } }
 *   { "type": "role", "value": "admin" }     { "role": "admin" }
 *   { "type": "string", "value": "a" }       { "string": { "value": "a" } }
 */
export function schemaOfUnion(union: UnionType, scope: Scope, schemas: UnionSchemas): SchemaObject {
  const { discriminator } = union
  const schema =
    discriminator === null
      ? undiscriminated(union, scope, schemas)
      : discriminated(union, discriminator, scope, schemas)
  return declare(schema, union, 'union', { types: typesOf(union), interfaces: union.interfaces })
}

/** Each type is a schema of its own, so that a discriminator can name it; those of nested unions are theirs. */
function discriminated(
  union: UnionType,
  propertyName: string,
  scope: Scope,
  schemas: UnionSchemas,
): SchemaObject {
  const oneOf: SchemaObject[] = []
  const mapping: Record<string, string> = {}
  walkUnion(union, scope, {
    member(member, of, home) {
      const local = nameInType(member.type).split('.').at(-1)!
      const base = `${schemas.nameOf(of.name, home, of.at) ?? of.name}.${local}`
      const name = schemas.addOnce(member, base, () => memberSchema(member, propertyName, home, schemas))
      oneOf.push(standsWhere({ $ref: referenceTo(name) }, member.at))
      setMember(mapping, member.value, referenceTo(name))
    },
  })
  return { oneOf, discriminator: { propertyName, mapping } }
}

/** What a type is within a union. The default type may go without the discriminator. */
function memberSchema(
  member: UnionMember,
  propertyName: string,
  scope: Scope,
  schemas: UnionSchemas,
): SchemaObject {
  const { at, type, value, isDefault, description, deprecation } = member
  const own = schemaOfType(type, scope, at, schemas.nameOf)
  const isObject = own.$ref !== undefined && !isEnum(type, scope)
  const properties: Record<string, SchemaObject | boolean> = {}
  setMember(properties, propertyName, standsWhere<SchemaObject>({ type: 'string', const: value }, at))
  if (!isObject) setMember(properties, 'value', settle(own))
  const required = [...(isDefault ? [] : [propertyName]), ...(isObject ? [] : ['value'])]
  const told: SchemaObject = { type: 'object', properties, ...(required.length > 0 ? { required } : {}) }
  const schema: SchemaObject = isObject ? { allOf: [standsWhere(told, at), own] } : told
  if (description !== null) schema.description = description
  if (deprecation !== null) schema.deprecated = true
  return standsWhere(Object.assign(schema, extensionsOf({ kind: 'union type' })), at)
}

function undiscriminated(union: UnionType, scope: Scope, schemas: UnionSchemas): SchemaObject {
  const oneOf = union.types.map((member) => {
    const { at, type } = member
    const own = schemaOfType(type, scope, at, schemas.nameOf)
    const isPrimitive = type.kind === 'name' && asPrimitive(type.name) !== undefined
    const value = isPrimitive ? wrap(own, at) : settle(own)
    const name = nameInType(type)
    const properties: Record<string, SchemaObject | boolean> = {}
    setMember(properties, name, value)
    const schema: SchemaObject = { type: 'object', properties, required: [name] }
    if (member.description !== null) schema.description = member.description
    if (member.deprecation !== null) schema.deprecated = true
    return standsWhere(schema, at)
  })
  return { oneOf }
}

function wrap(value: SchemaObject, at: object): SchemaObject {
  return standsWhere({ type: 'object', properties: { value: settle(value) }, required: ['value'] }, at)
}

function isEnum(type: TypeExpression, scope: Scope): boolean {
  const found = scope.find(nameInType(type))
  return found?.kind === 'enum' || (found?.kind === 'unknown' && found.of === 'enum')
}

/** As API Builder says them. */
function typesOf({ types }: UnionType): JsonObject[] {
  return types.map(({ type, value, isDefault, description, deprecation, attributes }) => ({
    type: writeType(type),
    ...(value === nameInType(type) ? {} : { discriminator_value: value }),
    ...(isDefault ? { default: true } : {}),
    ...(description === null ? {} : { description }),
    ...(deprecation === null ? {} : { deprecation }),
    ...(attributes.length === 0 ? {} : { attributes }),
  }))
}
