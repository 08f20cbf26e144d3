import type { Json, JsonObject } from '../types.ts'
import type { TypeExpression } from './type-expression.ts'

/*
 * The vocabulary of API Builder: service, enum, model, interface, union, field, resource, operation, parameter.
 *
 * One form of what api.json and service.json say: everything is written out, nothing is judged yet. `at` is the node that
 * it was read from.
 */

export type ServiceFormat = 'api.json' | 'service.json'

/** What may be said of nearly everything. */
export interface Described {
  at: JsonObject
  description: string | null
  /** As it is written: perhaps with a `description`. */
  deprecation: JsonObject | null
  /** As they are written: `name`, `value`, perhaps more. */
  attributes: JsonObject[]
}

export interface Service extends Described {
  name: string
  /** Of the application; made of the name where none is written. */
  key: string
  /** Such as `io.flow.v0`; null: nobody said whose service it is. */
  namespace: string | null
  version: string
  baseUrl: string | null
  info: JsonObject
  /** Members that say nothing about the API, as they are written: `apidoc`, `organization`, `application`. */
  about: JsonObject
  imports: Import[]
  headers: Header[]
  enums: EnumType[]
  interfaces: InterfaceType[]
  models: ModelType[]
  unions: UnionType[]
  resources: Resource[]
  annotations: Annotation[]
}

export interface Import {
  at: JsonObject
  uri: string
  /** Null: api.json does not say it. */
  namespace: string | null
}

export interface Annotation extends Described {
  name: string
}

/** What enums, interfaces, models and unions have in common. */
export interface Declared extends Described {
  name: string
  plural: string
}

export interface EnumType extends Declared {
  values: EnumValue[]
}

export interface EnumValue extends Described {
  name: string
  /** On the wire. */
  value: string
}

export interface InterfaceType extends Declared {
  fields: Field[]
}

export interface ModelType extends Declared {
  fields: Field[]
  interfaces: string[]
}

export interface UnionType extends Declared {
  /** The member that says which type a value has; null: its type stands around the value. */
  discriminator: string | null
  types: UnionMember[]
  interfaces: string[]
}

export interface UnionMember extends Described {
  type: TypeExpression
  /** On the wire, in the discriminator. */
  value: string
  isDefault: boolean
}

/** What fields, parameters and headers have in common. */
export interface Typed extends Described {
  name: string
  type: TypeExpression
  required: boolean
  /** As it is written: in service.json always a text. */
  default: Json | undefined
  example: string | null
  minimum: number | null
  maximum: number | null
}

export interface Field extends Typed {
  annotations: string[]
}

export type Header = Typed

export interface Resource extends Described {
  type: TypeExpression
  /** Null: that of its type. */
  plural: string | null
  /** Null: it follows from the type's plural. */
  path: string | null
  operations: OperationNode[]
}

export interface OperationNode extends Described {
  method: string
  /** Of api.json what follows the resource's path, of service.json the whole. */
  path: string
  body: BodyNode | null
  parameters: ParameterNode[]
  /** None: 204. */
  responses: ResponseNode[]
}

export interface BodyNode extends Described {
  type: TypeExpression
}

export type ParameterLocation = 'path' | 'query' | 'form' | 'header'

export interface ParameterNode extends Typed {
  /** In small letters, as it is written; null: it is inferred. */
  location: string | null
}

export interface ResponseNode extends Described {
  /** A number or `default`, as it is written. */
  code: string
  type: TypeExpression
  headers: Header[]
}
