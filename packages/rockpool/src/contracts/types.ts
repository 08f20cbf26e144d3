/*
 * The vocabulary: contract, operation, parameter, body, response, media type, schema, origin.
 *
 * One model for every format that is read. It is what OpenAPI 3.1 can say, with the references to everything but schemas
 * followed, and schemas in one dialect (JSON Schema 2020-12). What OpenAPI has no word for stands in `extensions`, as
 * `x-rockpool-…`. Each object of a model knows where it was read (origins.ts).
 */

export type Json = null | boolean | number | string | Json[] | JsonObject
export interface JsonObject {
  [name: string]: Json
}

/** The formats of documents that are read. */
export type Format =
  | 'Swagger 2.0'
  | 'OpenAPI 3.0'
  | 'OpenAPI 3.1'
  | 'OpenAPI 3.2'
  /** What people write for API Builder. */
  | 'api.json'
  /** What API Builder makes of it: names resolved, defaults written out. */
  | 'service.json'

/** Members that begin with `x-`, by name. */
export type Extensions = Record<string, Json>

/** What a service offers, as one document of one version says it. */
export interface Contract {
  title: string
  /** `info.version`, as it is written; '' without one. */
  version: string
  summary: string | null
  description: string | null
  /** The rest of `info`: terms of service, contact, licence. */
  info: JsonObject
  servers: Server[]
  /** For operations that say nothing of it themselves. Null: nothing is said. */
  security: SecurityRequirement[] | null
  securitySchemes: ReadonlyMap<string, JsonObject>
  tags: JsonObject[]
  externalDocs: JsonObject | null
  /** In the document's order. */
  operations: Operation[]
  /** What the service sends to whoever asked for it; the `path` is the webhook's name. */
  webhooks: Operation[]
  /** Schemas that have a name; a `$ref` leads to one of these. */
  schemas: ReadonlyMap<string, Schema>
  extensions: Extensions
}

export interface Server {
  url: string
  description: string | null
  variables: JsonObject
  extensions: Extensions
}

/** Schemes that are needed together, and the scopes of each; an empty one: no credential is needed. */
export type SecurityRequirement = Record<string, string[]>

export type HttpMethod = 'GET' | 'PUT' | 'POST' | 'DELETE' | 'OPTIONS' | 'HEAD' | 'PATCH' | 'TRACE' | 'QUERY'

export interface Operation {
  /** `operationId`, or what was made of method and path; no two operations of a contract have the same. */
  id: string
  /** The document says no id: this one is made. */
  isNamed: boolean
  /** In capitals; OpenAPI 3.2 allows others than `HttpMethod`. */
  method: string
  /** With `{name}` for each path parameter. */
  path: string
  summary: string | null
  description: string | null
  tags: string[]
  externalDocs: JsonObject | null
  deprecated: boolean
  /** Those of the path, too. No two have the same name and place. */
  parameters: Parameter[]
  /** Null: it takes none. */
  body: Body | null
  /** In the order in which they are written; no two have the same status. */
  responses: Response[]
  callbacks: Callback[]
  /** Null: the contract's. */
  security: SecurityRequirement[] | null
  /** Null: the contract's. */
  servers: Server[] | null
  extensions: Extensions
}

export type ParameterPlace = 'path' | 'query' | 'header' | 'cookie' | 'querystring'
export type ParameterStyle =
  | 'simple'
  | 'label'
  | 'matrix'
  | 'form'
  | 'spaceDelimited'
  | 'pipeDelimited'
  | 'deepObject'
  | 'cookie'

/** A parameter; also a header of a response, whose place is `header`. */
export interface Parameter {
  name: string
  in: ParameterPlace
  description: string | null
  required: boolean
  deprecated: boolean
  allowEmptyValue: boolean
  /** As it is written, or the default of its place. */
  style: ParameterStyle
  explode: boolean
  allowReserved: boolean
  /** `true`: anything. Of a parameter with `content` it is that content's. */
  schema: Schema
  /** The media type that its value is written in; null: `style` says how it is written. */
  mediaType: string | null
  examples: Example[]
  extensions: Extensions
}

export interface Body {
  description: string | null
  required: boolean
  content: MediaType[]
  extensions: Extensions
}

export interface Response {
  /** Such as `200`, `4XX`, `default`. */
  status: string
  description: string
  headers: Parameter[]
  content: MediaType[]
  links: JsonObject
  extensions: Extensions
}

export interface MediaType {
  /** Such as `application/json`, `text/*`. */
  name: string
  /** `true`: anything. */
  schema: Schema
  /** Of each item of a stream (OpenAPI 3.2); null: it is none. */
  itemSchema: Schema | null
  examples: Example[]
  /** Of a form's fields, by name. */
  encoding: JsonObject
  extensions: Extensions
}

export interface Example {
  /** '' of one that stands alone. */
  name: string
  summary: string | null
  description: string | null
  /** Undefined: it stands elsewhere, at `externalValue`. */
  value?: Json
  externalValue?: string
}

export interface Callback {
  name: string
  /** Their `path` is the expression that says where the call goes to. */
  operations: Operation[]
}

export type SchemaType = 'null' | 'boolean' | 'object' | 'array' | 'number' | 'integer' | 'string'

/** JSON Schema 2020-12: `true` allows everything, `false` nothing. */
export type Schema = boolean | SchemaObject

/**
 * The keywords of JSON Schema 2020-12 (core, validation) and of OpenAPI. Whatever dialect a schema was written in, it is
 * this one here: `nullable` has become a type, a boolean `exclusiveMinimum` a number, a tuple `prefixItems`.
 */
export interface SchemaObject {
  /** `#/components/schemas/<name>`, the name as in a JSON pointer: always one of the contract's. */
  $ref?: string
  type?: SchemaType | SchemaType[]
  enum?: Json[]
  const?: Json
  format?: string

  title?: string
  description?: string
  default?: Json
  examples?: Json[]
  deprecated?: boolean
  readOnly?: boolean
  writeOnly?: boolean
  $comment?: string

  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  exclusiveMaximum?: number
  multipleOf?: number

  minLength?: number
  maxLength?: number
  pattern?: string
  contentEncoding?: string
  contentMediaType?: string
  contentSchema?: Schema

  items?: Schema
  prefixItems?: Schema[]
  contains?: Schema
  minContains?: number
  maxContains?: number
  minItems?: number
  maxItems?: number
  uniqueItems?: boolean
  unevaluatedItems?: Schema

  properties?: Record<string, Schema>
  patternProperties?: Record<string, Schema>
  additionalProperties?: Schema
  propertyNames?: Schema
  required?: string[]
  dependentRequired?: Record<string, string[]>
  dependentSchemas?: Record<string, Schema>
  minProperties?: number
  maxProperties?: number
  unevaluatedProperties?: Schema

  allOf?: Schema[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  not?: Schema
  if?: Schema
  then?: Schema
  else?: Schema

  discriminator?: Discriminator
  xml?: JsonObject
  externalDocs?: JsonObject
  [extension: `x-${string}`]: Json
}

/** OpenAPI 3.1, 4.8.25. */
export interface Discriminator {
  propertyName: string
  /** Values to schemas, each as in `$ref`. */
  mapping?: Record<string, string>
}

/** Where something was read. */
export interface Origin {
  file: string
  /** From 1. */
  line: number
  /** JSON pointer (RFC 6901) within the file. */
  pointer: string
}
