import { setMember } from '../json-object.ts'
import { plainMediaType } from '../plain-media-type.ts'
import { standsWhere } from '../source/origins.ts'
import type { Body, JsonObject, MediaType, Parameter, Response } from '../types.ts'
import { extensionsOf, flagOf, objectOf, textOf } from './context.ts'
import type { Context } from './context.ts'
import { readExamples } from './examples.ts'
import { readHeader } from './parameters.ts'

/** How `itemSchema` of OpenAPI 3.2 is kept in 3.1. */
const keptItemSchema = 'x-rockpool-item-schema'

/* Bodies, responses and what is in them, of OpenAPI 3. */

/** `among`: bodies that stand among the parameters, as OpenAPI 2.0 has it. */
export function readBody(context: Context, operation: JsonObject, among: readonly JsonObject[]): Body | null {
  const own = readOwnBody(context, operation)
  const meant = own === null ? among.at(-1) : undefined
  for (const given of among) {
    const fate = given === meant ? 'taken for the requestBody' : 'left out'
    context.findings.warning(given, `a parameter in body is of OpenAPI 2.0: it is ${fate}`, 'in')
  }
  return meant === undefined ? own : bodyOf(context, meant, readPlainSchema(context, meant))
}

function readOwnBody(context: Context, operation: JsonObject): Body | null {
  const { documents, findings } = context
  if (!Object.hasOwn(operation, 'requestBody')) return null
  const given = documents.resolve(operation['requestBody'], operation, 'requestBody')
  if (given === undefined) return null
  const body = documents.followed(given, 'content')
  const content = readContent(context, body)
  if (content.length === 0) findings.warning(body, 'a body must name at least one media type', 'content')
  return bodyOf(context, body, content)
}

function bodyOf({ findings }: Context, given: JsonObject, content: MediaType[]): Body {
  return standsWhere(
    {
      description: textOf(given, 'description', findings),
      required: flagOf(given, 'required', findings),
      content,
      extensions: extensionsOf(given),
    },
    given,
  )
}

/** A schema outside of content, as OpenAPI 2.0 has it. */
function readPlainSchema({ schemas }: Context, holder: JsonObject): MediaType[] {
  return [plainMediaType('application/json', schemas.read(holder, 'schema'), holder)]
}

export function readResponses(context: Context, operation: JsonObject): Response[] {
  const { findings } = context
  const responses = objectOf(operation, 'responses', findings)
  if (responses === null) {
    findings.warning(operation, 'responses are missing: nobody knows what is answered', 'responses')
    return []
  }
  if (!context.budget.spend(Object.keys(responses).length, responses)) return []
  return Object.keys(responses).flatMap((status) => {
    if (status.startsWith('x-')) return []
    const response = readResponse(context, responses, status)
    return response === undefined ? [] : [response]
  })
}

/** Of a response, as it is written. */
export function statusOf({ findings }: Context, responses: JsonObject, status: string): string {
  if (!/^(?:[1-5]\d\d|[1-5]XX|default)$/i.test(status))
    findings.warning(
      responses,
      `“${status.slice(0, 100)}” is no status: write one such as 200, 4XX or default`,
      status,
    )
  return /^\dxx$/i.test(status) ? status.toUpperCase() : status
}

function readResponse(context: Context, responses: JsonObject, status: string): Response | undefined {
  const { documents, findings } = context
  const given = documents.resolve(responses[status], responses, status)
  if (given === undefined) return undefined
  const response = documents.followed(given, 'headers', 'content', 'links')
  const isPlain = Object.hasOwn(response, 'schema') && !Object.hasOwn(response, 'content')
  if (isPlain)
    findings.warning(
      response,
      'since OpenAPI 3.0 a schema stands in content: it is taken for that of application/json',
      'schema',
    )
  return standsWhere(
    {
      status: statusOf(context, responses, status),
      description: textOf(response, 'description', findings) ?? '',
      headers: readHeaders(context, response),
      content: isPlain ? readPlainSchema(context, response) : readContent(context, response),
      links: readLinks(context, response),
      extensions: extensionsOf(response),
    },
    response,
  )
}

export function readHeaders(context: Context, holder: JsonObject): Parameter[] {
  const headers = objectOf(holder, 'headers', context.findings)
  if (headers === null || !context.budget.spend(Object.keys(headers).length, headers)) return []
  return Object.keys(headers).flatMap((name) => {
    const header = context.documents.resolve(headers[name], headers, name)
    return header === undefined ? [] : [readHeader(context, header, name)]
  })
}

function readLinks({ documents, findings }: Context, response: JsonObject): JsonObject {
  const links: JsonObject = {}
  const given = objectOf(response, 'links', findings)
  for (const name of Object.keys(given ?? {})) {
    const link = documents.resolve(given![name], given!, name)
    if (link !== undefined) setMember(links, name, link)
  }
  return links
}

/** `content` of a body, a response or a parameter. */
export function readContent(context: Context, holder: JsonObject): MediaType[] {
  const content = objectOf(holder, 'content', context.findings)
  if (content === null || !context.budget.spend(Object.keys(content).length, content)) return []
  return Object.keys(content).flatMap((name) => {
    const media = context.documents.resolve(content[name], content, name)
    return media === undefined ? [] : [readMediaType(context, media, name)]
  })
}

function readMediaType(context: Context, given: JsonObject, name: string): MediaType {
  const { documents, schemas, findings } = context
  const media = documents.followed(given, 'examples', 'encoding')
  const itemSchema = ['itemSchema', keptItemSchema].find((member) => Object.hasOwn(media, member))
  return standsWhere(
    {
      name,
      schema: schemas.read(media, 'schema'),
      itemSchema: itemSchema === undefined ? null : schemas.read(media, itemSchema),
      examples: readExamples(context, media),
      encoding: objectOf(media, 'encoding', findings) ?? {},
      extensions: extensionsOf(media, keptItemSchema),
    },
    media,
  )
}
