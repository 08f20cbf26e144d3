import { setMember } from '../json-object.ts'
import { standsWhere } from '../source/origins.ts'
import type { JsonObject, Schema, SchemaObject } from '../types.ts'
import { extensionsOf } from './extensions.ts'
import { declare } from './declare.ts'
import { qualifiedName } from './scope.ts'
import type { Found, Scope } from './scope.ts'
import type { EnumType, Field, InterfaceType, ModelType } from './service.ts'
import { schemaOfField } from './types-as-schemas.ts'
import { schemaOfUnion } from './unions.ts'
import type { UnionSchemas } from './unions.ts'

/*
 * All types of a service, and those of others that it uses. Its own have their own names; others are called
 * `<namespace>.models.<name>`, an interface that shares its name with a union `interfaces.<name>`, and what a union makes of
 * a type `<union>.<type>`.
 */
export class SchemaWriter implements UnionSchemas {
  readonly schemas = new Map<string, Schema>()
  private readonly names = new Map<object | string, string>()
  private readonly taken = new Set<string>()
  private readonly waiting: Named[] = []

  constructor(root: Scope) {
    const { enums, models, unions, interfaces } = root.service
    for (const type of [...enums, ...models, ...unions]) this.names.set(type, this.take(type.name))
    for (const type of interfaces) {
      const isTaken = this.taken.has(type.name)
      this.names.set(type, this.take(isTaken ? `interfaces.${type.name}` : type.name))
    }
    for (const type of enums) this.write({ kind: 'enum', type, home: root })
    for (const type of interfaces) this.write({ kind: 'interface', type, home: root })
    for (const type of models) this.write({ kind: 'model', type, home: root })
    for (const type of unions) this.write({ kind: 'union', type, home: root })
  }

  /** The name of the schema that a type is. */
  readonly nameOf = (name: string, scope: Scope, at: object): string | undefined => {
    const found = scope.find(name)
    return found === undefined || found.kind === 'primitive' ? undefined : this.nameOfFound(found, at)
  }

  /** Writes what was named and is not the root's own; to be called when everything else is written. */
  finish(): ReadonlyMap<string, Schema> {
    for (let at = 0; at < this.waiting.length; at++) this.write(this.waiting[at]!)
    return this.schemas
  }

  addOnce(key: object, base: string, make: () => SchemaObject): string {
    const known = this.names.get(key)
    if (known !== undefined) return known
    const name = this.take(base)
    this.names.set(key, name)
    this.schemas.set(name, make())
    return name
  }

  private nameOfFound(found: Exclude<Found, { kind: 'primitive' }>, at: object): string {
    const key = found.kind === 'unknown' ? found.name : found.type
    const known = this.names.get(key)
    if (known !== undefined) return known
    const name = this.take(found.kind === 'unknown' ? found.name : qualifiedName(found))
    this.names.set(key, name)
    this.schemas.set(name, found.kind === 'unknown' ? unknownSchema(found.of, at) : true)
    if (found.kind !== 'unknown') this.waiting.push(found)
    return name
  }

  private write(found: Named): void {
    const name = this.names.get(found.type)!
    // The schema of a union comes before those that it makes of its types.
    this.schemas.set(name, true)
    this.schemas.set(name, this.schemaOf(found))
  }

  private schemaOf(found: Named): SchemaObject {
    if (found.kind === 'enum') return schemaOfEnum(found.type)
    if (found.kind === 'union') return schemaOfUnion(found.type, found.home, this)
    const { type, home } = found
    return this.schemaOfFields(found.kind, type, type.fields, home)
  }

  private schemaOfFields(
    kind: string,
    type: ModelType | InterfaceType,
    fields: readonly Field[],
    home: Scope,
  ): SchemaObject {
    const properties: Record<string, Schema> = {}
    for (const field of fields) setMember(properties, field.name, schemaOfField(field, home, this.nameOf))
    const required = new Set(fields.filter((field) => field.required).map(({ name }) => name))
    const schema: SchemaObject = { type: 'object', properties }
    if (required.size > 0) schema.required = [...required]
    const interfaces = 'interfaces' in type ? type.interfaces : []
    return declare(schema, type, kind, { interfaces })
  }

  /** Names of components are made of letters, digits, `.`, `-` and `_` (OpenAPI 3.1, 4.8.7.1). */
  private take(given: string): string {
    const base = given.replaceAll(/[^\w.-]+/g, '_') || '_'
    let name = base
    for (let count = 2; this.taken.has(name); count++) name = `${base}_${count}`
    this.taken.add(name)
    return name
  }
}

type Named = Exclude<Found, { kind: 'primitive' | 'unknown' }>

function schemaOfEnum(type: EnumType): SchemaObject {
  const isPlain = type.values.every(
    ({ name, value, description, deprecation, attributes }) =>
      name === value && description === null && deprecation === null && attributes.length === 0,
  )
  const values = type.values.map(({ name, value, description, deprecation, attributes }): JsonObject => ({
    name,
    ...(name === value ? {} : { value }),
    ...(description === null ? {} : { description }),
    ...(deprecation === null ? {} : { deprecation }),
    ...(attributes.length === 0 ? {} : { attributes }),
  }))
  const schema: SchemaObject = { type: 'string', enum: [...new Set(type.values.map(({ value }) => value))] }
  return declare(schema, type, 'enum', { values: isPlain ? undefined : values })
}

/** Enums are texts on the wire, whatever their values are. */
function unknownSchema(of: string, at: object): SchemaObject {
  const schema: SchemaObject = { type: of === 'enum' ? 'string' : 'object' }
  return standsWhere({ ...schema, ...extensionsOf({ kind: `unknown ${of}` }) }, at)
}
