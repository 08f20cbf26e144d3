import createClient, {
  serializeArrayParam,
  serializeObjectParam,
  serializePrimitiveParam,
} from 'openapi-fetch'
import type { Json, Operation, Parameter } from '../../src/contracts/types.ts'
import { formOf, written } from './mock-calls.ts'
import type { Call } from './mock-calls.ts'

export interface FetchedAnswer {
  status: number
  /** Without its parameters; '' of an answer without a body. */
  type: string
  body: string
}

/** Calls operations as users of openapi-fetch do: it writes paths, queries, headers and bodies, and sends them. */
export function openApiFetcher(
  baseUrl: string,
): (operation: Operation, call: Call) => Promise<FetchedAnswer> {
  // Which paths there are only a document says that is read as the test runs.
  const client = createClient<Record<string, Record<string, never>>>({ baseUrl, redirect: 'manual' })
  const request = client.request as unknown as (
    method: string,
    path: string,
    init: object,
  ) => Promise<{ data?: string; error?: unknown; response: Response }>

  return async ({ method, path, parameters }, { body, ...params }) => {
    const { data, error, response } = await request(method, path, {
      params: { path: params.path, header: textsOf(params.header) },
      ...(Object.keys(params.query).length > 0 ? { params } : {}),
      querySerializer: (query: Record<string, Json>) => queryOf(query, parameters),
      ...(body === null ? {} : bodyOf(body)),
      parseAs: 'text',
    })
    return {
      status: response.status,
      type: (response.headers.get('content-type') ?? '').split(';')[0]!,
      body: data ?? (error === undefined ? '' : JSON.stringify(error)),
    }
  }
}

const textsOf = (header: Record<string, Json>) =>
  Object.fromEntries(Object.entries(header).map(([name, value]) => [name, written(value)]))

/** As each parameter's style says, by what openapi-fetch has for it. */
function queryOf(query: Record<string, Json>, parameters: readonly Parameter[]): string {
  return Object.entries(query)
    .map(([name, value]) => {
      const { style, explode } = parameters.find((one) => one.in === 'query' && one.name === name)!
      const options = { style, explode } as never
      if (Array.isArray(value)) return serializeArrayParam(name, value, options)
      if (typeof value === 'object' && value !== null) return serializeObjectParam(name, value, options)
      return serializePrimitiveParam(name, String(value))
    })
    .filter((text) => text !== '')
    .join('&')
}

function bodyOf({ type, value }: NonNullable<Call['body']>): object {
  if (type.includes('json')) return { body: value, headers: { 'Content-Type': type } }
  if (!type.includes('multipart'))
    return { body: value, headers: { 'Content-Type': type }, bodySerializer: (form: Json) => formOf(form) }
  const form = new FormData()
  for (const [name, inner] of Object.entries(value ?? {})) form.append(name, written(inner as Json))
  return { body: form }
}
