import { isObject } from '../json-object.ts'
import { plainMediaType } from '../plain-media-type.ts'
import { standsWhere } from '../source/origins.ts'
import type { Json, JsonObject, MediaType, Response } from '../types.ts'
import { statusOf } from './content.ts'
import { extensionsOf, objectOf, textOf, textsOf } from './context.ts'
import type { Context } from './context.ts'
import { toParameter } from './swagger-parameters.ts'

/** Responses of OpenAPI 2.0, whose media types stand in `produces`. */
export function readResponses(context: Context, operation: JsonObject): Response[] {
  const { root, documents, findings } = context
  const responses = objectOf(operation, 'responses', findings)
  if (responses === null) {
    findings.warning(operation, 'responses are missing: nobody knows what is answered', 'responses')
    return []
  }
  if (!context.budget.spend(Object.keys(responses).length, responses)) return []
  const produces = textsOf(Object.hasOwn(operation, 'produces') ? operation : root, 'produces', findings)
  return Object.keys(responses).flatMap((status) => {
    if (status.startsWith('x-')) return []
    const given = documents.resolve(responses[status], responses, status)
    return given === undefined
      ? []
      : [toResponse(context, given, statusOf(context, responses, status), produces)]
  })
}

function toResponse(
  context: Context,
  written: JsonObject,
  status: string,
  produces: readonly string[],
): Response {
  const { findings, documents } = context
  const given = documents.followed(written, 'headers', 'examples')
  const headers = objectOf(given, 'headers', findings) ?? {}
  return standsWhere(
    {
      status,
      description: textOf(given, 'description', findings) ?? '',
      headers: Object.keys(headers).flatMap((name) => {
        const header = documents.resolve(headers[name], headers, name)
        return header === undefined ? [] : [toParameter(context, header, name, 'header')]
      }),
      content: contentOf(context, given, produces),
      links: {},
      extensions: extensionsOf(given),
    },
    given,
  )
}

/** What is produced, and what there are examples of beyond it: what fails is JSON, whatever the rest is. */
function contentOf(context: Context, given: JsonObject, produces: readonly string[]): MediaType[] {
  const { schemas, findings, documents } = context
  const schema = schemas.read(given, 'schema')
  const usual = isFile(given['schema']) ? 'application/octet-stream' : 'application/json'
  const names = Object.hasOwn(given, 'schema') ? (produces.length > 0 ? produces : [usual]) : []
  const content = new Map(names.map((name) => [name, plainMediaType(name, schema, given)]))
  const examples = objectOf(given, 'examples', findings) ?? {}
  for (const of of Object.keys(examples)) {
    if (!of.includes('/')) {
      findings.warning(examples, `an example stands under its media type, and ${of} is none: left out`, of)
      continue
    }
    const name = names.find((one) => one === of) ?? names.find((one) => plain(one) === plain(of)) ?? of
    if (names.length > 0 && !names.includes(name))
      findings.warning(examples, `${of} is not produced here: it is taken for answered as well`, of)
    const media = content.get(name) ?? plainMediaType(name, schema, given)
    content.set(name, {
      ...media,
      examples: [{ name: '', summary: null, description: null, value: documents.shown(examples, of) }],
    })
  }
  return [...content.values()]
}

const isFile = (schema: Json | undefined): boolean => isObject(schema) && schema['type'] === 'file'

const plain = (name: string): string => name.split(';')[0]!.trim().toLowerCase()
