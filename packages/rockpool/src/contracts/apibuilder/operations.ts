import { setMember } from '../json-object.ts'
import { plainMediaType } from '../plain-media-type.ts'
import { standsWhere } from '../source/origins.ts'
import type { Body, MediaType, Operation, Parameter, ParameterPlace, Response, Schema } from '../types.ts'
import { templateOf } from './exchange.ts'
import type { Exchange, PlacedParameter } from './exchange.ts'
import { extensionsOf, extensionsOfDescribed } from './extensions.ts'
import type { Scope } from './scope.ts'
import type { Header, ResponseNode, Typed } from './service.ts'
import { writeType } from './type-expression.ts'
import type { TypeExpression } from './type-expression.ts'
import { exampleOf, schemaOfField, schemaOfTyped, schemaOfType, settle } from './types-as-schemas.ts'
import type { NameSchema } from './types-as-schemas.ts'

export interface OperationContext {
  scope: Scope
  nameOf: NameSchema
}

/** RFC 9110 tells what they say; OpenAPI 3.1, 4.8.12.2.1, has no parameters of these names. */
const told = /^(?:accept|content-type|authorization)$/i

export function operationOf(context: OperationContext, exchange: Exchange, id: string): Operation {
  const { node, resource, path } = exchange
  const { headers } = context.scope.service
  const inForm = exchange.parameters.filter(({ location }) => location === 'form')
  const others = exchange.parameters.filter(({ location }) => location !== 'form')
  const isOwn = (name: string) =>
    others.some((one) => one.location === 'header' && one.name.toLowerCase() === name.toLowerCase())
  const forAll = headers.filter(({ name }) => !isOwn(name))
  const parameters = [
    ...others.map((one) => parameterOf(context, one, one.location as ParameterPlace)),
    ...forAll.map((header) => parameterOf(context, header, 'header')),
  ]
  return standsWhere(
    {
      id,
      isNamed: false,
      method: node.method,
      path: templateOf(path),
      summary: null,
      description: node.description,
      tags: [writeType(resource.type)],
      externalDocs: null,
      deprecated: node.deprecation !== null || resource.deprecation !== null,
      parameters: distinctBy(parameters, (one) => `${one.in} ${one.name}`).filter(
        (one) => one.in !== 'header' || !told.test(one.name),
      ),
      body: bodyOf(context, exchange, inForm),
      responses: inOrder(exchange.responses).map((response) => responseOf(context, response)),
      callbacks: [],
      security: null,
      servers: null,
      extensions: {
        ...extensionsOfDescribed(node),
        ...extensionsOf({ headers: others.filter(isTold).map(({ at }) => at) }),
      },
    },
    node.at,
  )
}

/** Numbers from the least on, then `default`; each once. */
function inOrder(responses: readonly ResponseNode[]): ResponseNode[] {
  const rank = ({ code }: ResponseNode) => (code === 'default' ? Number.POSITIVE_INFINITY : Number(code))
  return distinctBy(responses, ({ code }) => code).toSorted((one, other) => {
    const [first, second] = [rank(one), rank(other)]
    return first === second ? 0 : first - second
  })
}

/** What stands twice counts once: a finding said so. */
function distinctBy<T>(list: readonly T[], keyOf: (one: T) => string): T[] {
  const seen = new Set<string>()
  return list.filter((one) => {
    const key = keyOf(one)
    const isFirst = !seen.has(key)
    seen.add(key)
    return isFirst
  })
}

function isTold({ location, name }: PlacedParameter): boolean {
  return location === 'header' && told.test(name)
}

/** What has a default need not be sent: API Builder calls it required, since it is always there for the service. */
function parameterOf({ scope, nameOf }: OperationContext, typed: Typed, place: ParameterPlace): Parameter {
  const { at, name, description, required, deprecation } = typed
  const { value, text } = exampleOf(typed, scope)
  return standsWhere(
    {
      name,
      in: place,
      description,
      required: place === 'path' || (required && typed.default === undefined),
      deprecated: deprecation !== null,
      allowEmptyValue: false,
      style: place === 'query' ? 'form' : 'simple',
      explode: place === 'query',
      allowReserved: false,
      schema: settle(schemaOfTyped(typed, scope, nameOf)),
      mediaType: null,
      examples: value === undefined ? [] : [{ name: '', summary: null, description: null, value }],
      extensions: { ...extensionsOfDescribed(typed), ...extensionsOf({ example: text }) },
    },
    at,
  )
}

function bodyOf(context: OperationContext, { node }: Exchange, inForm: PlacedParameter[]): Body | null {
  const { body, at } = node
  const form = inForm.length === 0 ? [] : [formOf(context, inForm, at)]
  const json = body === null ? [] : contentOf(context, body.type, body.at)
  if (json.length + form.length === 0) return null
  const isAsked = (one: PlacedParameter) => one.required && one.default === undefined
  return standsWhere(
    {
      description: body?.description ?? null,
      required: json.length > 0 || inForm.some(isAsked),
      content: [...json, ...form],
      extensions: body === null ? {} : extensionsOfDescribed(body),
    },
    body?.at ?? at,
  )
}

function formOf({ scope, nameOf }: OperationContext, inForm: PlacedParameter[], at: object): MediaType {
  const properties: Record<string, Schema> = {}
  for (const one of inForm) setMember(properties, one.name, schemaOfField(one, scope, nameOf))
  const required = inForm.filter((one) => one.required && one.default === undefined)
  const schema = {
    type: 'object' as const,
    properties,
    ...(required.length > 0 ? { required: [...new Set(required.map(({ name }) => name))] } : {}),
  }
  return plainMediaType('application/x-www-form-urlencoded', standsWhere(schema, at), at)
}

function contentOf({ scope, nameOf }: OperationContext, type: TypeExpression, at: object): MediaType[] {
  if (writeType(type) === 'unit') return []
  return [plainMediaType('application/json', settle(schemaOfType(type, scope, at, nameOf)), at)]
}

function responseOf(context: OperationContext, response: ResponseNode): Response {
  const { at, code, type, description, headers } = response
  return standsWhere(
    {
      status: code,
      description: description ?? '',
      headers: distinctBy(headers, ({ name }) => name).map((header) => headerOf(context, header)),
      content: contentOf(context, type, at),
      links: {},
      extensions: extensionsOfDescribed(response),
    },
    at,
  )
}

/** A service writes what it calls required, whether it has a default or not. */
function headerOf(context: OperationContext, header: Header): Parameter {
  const parameter = parameterOf(context, header, 'header')
  parameter.required = header.required
  return parameter
}
