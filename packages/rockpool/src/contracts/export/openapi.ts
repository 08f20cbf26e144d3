import { setMember } from '../json-object.ts'
import type {
  Body,
  Callback,
  Contract,
  Example,
  Json,
  JsonObject,
  MediaType,
  Operation,
  Parameter,
  Response,
  Schema,
  Server,
} from '../types.ts'

/** What is written; each member once, in the order of the specification. */
type Members = Record<string, Json | undefined>

/**
 * A contract as a document of OpenAPI 3.1. Reading it again gives the same contract, origins aside; what OpenAPI has no word
 * for stands in members that begin with `x-rockpool-`. The document shares parts with the contract: nobody may change it.
 */
export function toOpenApi(contract: Contract): JsonObject {
  const { info, title, version, summary, description } = contract
  const schemas = mapOf(contract.schemas, schemaOf)
  const securitySchemes = mapOf(contract.securitySchemes, (scheme) => scheme)
  const components = compact({ schemas: orNothing(schemas), securitySchemes: orNothing(securitySchemes) })
  return compact({
    openapi: '3.1.1',
    info: compact({
      title,
      version,
      summary: summary ?? undefined,
      description: description ?? undefined,
      ...info,
    }),
    servers: contract.servers.length > 0 ? contract.servers.map(serverOf) : undefined,
    security: contract.security ?? undefined,
    tags: contract.tags.length > 0 ? contract.tags : undefined,
    externalDocs: contract.externalDocs ?? undefined,
    paths: itemsOf(contract.operations),
    webhooks: orNothing(itemsOf(contract.webhooks)),
    components: orNothing(components),
    ...contract.extensions,
  })
}

/** Operations by path and method. */
function itemsOf(operations: readonly Operation[]): JsonObject {
  const items: Record<string, JsonObject> = {}
  for (const operation of operations) {
    if (!Object.hasOwn(items, operation.path)) setMember(items, operation.path, {})
    const item = items[operation.path]!
    const method = operation.method.toLowerCase()
    if (methods.has(method)) item[method] = operationOf(operation)
    else {
      // What OpenAPI 3.1 has no place for: it reads what is kept here as an extension.
      const others = (item['x-rockpool-operations'] ??= {}) as JsonObject
      setMember(others, operation.method, operationOf(operation))
    }
  }
  return items
}

const methods = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'])

function operationOf(operation: Operation): JsonObject {
  const { callbacks, servers, parameters, body, responses } = operation
  return compact({
    operationId: operation.isNamed ? operation.id : undefined,
    summary: operation.summary ?? undefined,
    description: operation.description ?? undefined,
    tags: operation.tags.length > 0 ? operation.tags : undefined,
    externalDocs: operation.externalDocs ?? undefined,
    deprecated: operation.deprecated || undefined,
    parameters: parameters.length > 0 ? parameters.map(parameterOf) : undefined,
    requestBody: body === null ? undefined : bodyOf(body),
    responses: byName(responses, ({ status }) => status, responseOf),
    callbacks: orNothing(byName(callbacks, ({ name }) => name, callbackOf)),
    security: operation.security ?? undefined,
    servers: servers?.map(serverOf),
    ...operation.extensions,
  })
}

const callbackOf = ({ operations }: Callback) => itemsOf(operations)

function serverOf({ url, description, variables, extensions }: Server): JsonObject {
  return compact({
    url,
    description: description ?? undefined,
    variables: orNothing(variables),
    ...extensions,
  })
}

function parameterOf(parameter: Parameter): JsonObject {
  const { name, in: place, ...rest } = parameter
  // OpenAPI 3.2 has it, 3.1 has not.
  const known = place === 'querystring' ? { in: 'query', 'x-rockpool-in': place } : { in: place }
  return compact({ name, ...known, ...valueOf({ name, in: place, ...rest }) })
}

/** What parameters and headers have in common. */
function valueOf(parameter: Parameter): Members {
  const { description, required, deprecated, allowEmptyValue, allowReserved, style, explode, mediaType } =
    parameter
  const isDefault = style === defaultStyles[parameter.in]
  const schema = schemaOf(parameter.schema)
  const examples = examplesOf(parameter.examples)
  return {
    description: description ?? undefined,
    required: required || undefined,
    deprecated: deprecated || undefined,
    allowEmptyValue: allowEmptyValue || undefined,
    style: isDefault ? undefined : style,
    explode: explode === (style === 'form' || style === 'cookie') ? undefined : explode,
    allowReserved: allowReserved || undefined,
    ...(mediaType === null
      ? { schema, ...examples }
      : { content: named(mediaType, compact({ schema, ...examples })) }),
    ...parameter.extensions,
  }
}

const defaultStyles: Readonly<Record<Parameter['in'], Parameter['style']>> = {
  path: 'simple',
  query: 'form',
  header: 'simple',
  cookie: 'form',
  querystring: 'form',
}

function bodyOf({ description, required, content, extensions }: Body): JsonObject {
  return compact({
    description: description ?? undefined,
    required: required || undefined,
    content: contentOf(content),
    ...extensions,
  })
}

function responseOf({ description, headers, content, links, extensions }: Response): JsonObject {
  return compact({
    description,
    headers: orNothing(
      byName(
        headers,
        ({ name }) => name,
        (header) => compact(valueOf(header)),
      ),
    ),
    content: orNothing(contentOf(content)),
    links: orNothing(links),
    ...extensions,
  })
}

function contentOf(content: readonly MediaType[]): JsonObject {
  return byName(content, ({ name }) => name, mediaTypeOf)
}

function mediaTypeOf({ schema, itemSchema, examples, encoding, extensions }: MediaType): JsonObject {
  return compact({
    schema: schema === true ? undefined : schemaOf(schema),
    ...examplesOf(examples),
    encoding: orNothing(encoding),
    'x-rockpool-item-schema': itemSchema === null ? undefined : schemaOf(itemSchema),
    ...extensions,
  })
}

function examplesOf(examples: readonly Example[]): Members {
  const alone = examples.find(({ name }) => name === '')
  const others = examples.filter(({ name }) => name !== '')
  return {
    example: alone?.value,
    examples: orNothing(byName(others, ({ name }) => name, exampleOf)),
  }
}

function exampleOf({ summary, description, value, externalValue }: Example): JsonObject {
  return compact({
    summary: summary ?? undefined,
    description: description ?? undefined,
    value,
    externalValue,
  })
}

/** A schema of the model is one of JSON Schema 2020-12 as it stands. */
function schemaOf(schema: Schema): Json {
  return schema as Json
}

// Building objects

function compact(members: Members): JsonObject {
  const object: JsonObject = {}
  for (const [name, value] of Object.entries(members)) if (value !== undefined) setMember(object, name, value)
  return object
}

function orNothing(object: JsonObject): JsonObject | undefined {
  return Object.keys(object).length === 0 ? undefined : object
}

function named(name: string, value: Json): JsonObject {
  const object: JsonObject = {}
  setMember(object, name, value)
  return object
}

function byName<T>(
  list: readonly T[],
  nameOf: (one: T) => string,
  toJson: (one: T) => JsonObject,
): JsonObject {
  const object: JsonObject = {}
  for (const one of list) setMember(object, nameOf(one), toJson(one))
  return object
}

function mapOf<T>(map: ReadonlyMap<string, T>, toJson: (one: T) => Json): JsonObject {
  const object: JsonObject = {}
  for (const [name, one] of map) setMember(object, name, toJson(one))
  return object
}
