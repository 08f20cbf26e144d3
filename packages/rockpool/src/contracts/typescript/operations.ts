import type {
  Body,
  Contract,
  MediaType,
  Operation,
  Parameter,
  ParameterPlace,
  Response,
  Schema,
} from '../types.ts'
import { commentOf, commentOfSchema } from './comments.ts'
import { keyOf, quoted } from './names.ts'
import { list, member, never, object, optional, record, union, unknown, word } from './type.ts'
import type { Member, Type } from './type.ts'

type TypeOf = (schema: Schema) => Type

const places: readonly ParameterPlace[] = ['query', 'header', 'path', 'cookie']
const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']

/** Those of paths, of webhooks, and of callbacks. */
export function allOperations({
  operations,
  webhooks,
}: Pick<Contract, 'operations' | 'webhooks'>): Operation[] {
  const all: Operation[] = []
  const queue = [...operations, ...webhooks].toReversed()
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    all.push(at)
    const called = at.callbacks.flatMap((callback) => callback.operations)
    for (const each of called.toReversed()) queue.push(each)
  }
  return all
}

/** The schemas that an operation is written with. */
export function schemasOf({ parameters, body, responses }: Operation): Schema[] {
  const content = [...(body?.content ?? []), ...responses.flatMap((response) => response.content)]
  const all = [...parameters, ...responses.flatMap(({ headers }) => headers), ...content].map(
    ({ schema }) => schema,
  )
  return [...all, ...content.flatMap(({ itemSchema }) => (itemSchema === null ? [] : [itemSchema]))]
}

/** Members of `paths`, of `webhooks`, of a callback: each path with what is at it, by method. */
export function pathMembers(operations: readonly Operation[]): Member[] {
  const byPath = Map.groupBy(operations, ({ path }) => path)
  return [...byPath].map(([path, at]) => {
    const byMethod = new Map(at.map((operation) => [operation.method.toLowerCase(), operation]))
    const further = [...byMethod.keys()].filter((method) => !methods.includes(method))
    const members = [...methods, ...further].map((method) => {
      const operation = byMethod.get(method)
      return operation === undefined
        ? optional(method, never)
        : member(keyOf(method), word(`operations[${quoted(operation.id)}]`), deprecation(operation))
    })
    return member(quoted(path), object([parametersMember([], () => unknown), ...members]))
  })
}

/** A member of `operations`. */
export function operationMember(operation: Operation, typeOf: TypeOf): Member {
  const { summary, description, callbacks } = operation
  const members = [
    parametersMember(operation.parameters, typeOf),
    bodyMember(operation.body, typeOf),
    member('responses', responsesType(operation.responses, typeOf)),
  ]
  if (callbacks.length > 0) {
    const each = callbacks.map(({ name, operations }) => member(keyOf(name), object(pathMembers(operations))))
    members.push(member('callbacks', object(each)))
  }
  const comment = commentOf(summary, description, ...deprecation(operation))
  return member(keyOf(operation.id), object(members), comment)
}

function deprecation({ deprecated }: { deprecated: boolean }): string[] {
  return deprecated ? ['@deprecated'] : []
}

function parametersMember(parameters: readonly Parameter[], typeOf: TypeOf): Member {
  const members = places.map((place) => {
    // OpenAPI 3.2: the whole query is one value, whose members are the query's.
    const whole = place === 'query' ? parameters.find((each) => each.in === 'querystring') : undefined
    if (whole !== undefined)
      return whole.required ? member(place, typeOf(whole.schema)) : optional(place, typeOf(whole.schema))
    const here = parameters.filter((each) => each.in === place)
    if (here.length === 0) return optional(place, never)
    const make = here.some(({ required }) => required) ? member : optional
    return make(place, object(here.map((each) => parameterMember(each, typeOf))))
  })
  return member('parameters', object(members))
}

function parameterMember(parameter: Parameter, typeOf: TypeOf): Member {
  const { name, schema, description, required, deprecated } = parameter
  const isToldTwice = typeof schema === 'object' && schema.deprecated === true
  const comment = [
    ...commentOfSchema(schema, description),
    ...(deprecated && !isToldTwice ? ['@deprecated'] : []),
  ]
  return (required ? member : optional)(keyOf(name), typeOf(schema), comment)
}

function bodyMember(body: Body | null, typeOf: TypeOf): Member {
  if (body === null) return optional('requestBody', never)
  const content = body.content.length === 0 ? record(unknown) : contentType(body.content, typeOf)
  const make = body.required ? member : optional
  return make('requestBody', object([member('content', content)]), commentOf(body.description))
}

function responsesType(responses: readonly Response[], typeOf: TypeOf): Type {
  if (responses.length === 0) return never
  return object(
    responses.map((response) => {
      const headers = response.headers.map((each) => parameterMember(each, typeOf))
      const content =
        response.content.length === 0
          ? optional('content', never)
          : member('content', contentType(response.content, typeOf))
      const members = [member('headers', object([...headers, member('[name: string]', unknown)])), content]
      const { status } = response
      const key = /^\d{3}$/.test(status) ? status : keyOf(status)
      return member(key, object(members), commentOf(response.description))
    }),
  )
}

function contentType(content: readonly MediaType[], typeOf: TypeOf): Type {
  const byName = Map.groupBy(content, ({ name }) => name)
  return object(
    [...byName].map(([name, each]) => member(quoted(name), union(each.map((one) => valueType(one, typeOf))))),
  )
}

/** OpenAPI 3.2, 4.14.3: a stream is the list of its items. */
function valueType({ schema, itemSchema }: MediaType, typeOf: TypeOf): Type {
  return schema === true && itemSchema !== null ? list(typeOf(itemSchema)) : typeOf(schema)
}
