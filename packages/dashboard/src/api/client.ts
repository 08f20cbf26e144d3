import type { Answer, Input, RouteName } from './operations.ts'
import { sessionHeaders } from './session.ts'

/** What control refused, with its stable code; or why it could not be asked. */
export class Refusal extends Error {
  /** Of the table of problems; `control_unreachable` when there was no answer at all. */
  readonly code: string
  /** HTTP status; 0 when there was no answer. */
  readonly status: number
  readonly title: string
  /** `req_…`, for the log. */
  readonly request: string | null
  readonly findings: readonly { path: string; message: string }[]

  constructor(document: Record<string, unknown>, status: number) {
    const text = (name: string) => (typeof document[name] === 'string' ? document[name] : null)
    super(text('detail') ?? `control answered ${status}`)
    this.code = text('code') ?? 'internal'
    this.status = status
    this.title = text('title') ?? 'The answer is not one of control'
    this.request = text('request')
    this.findings = Array.isArray(document['findings']) ? (document['findings'] as Refusal['findings']) : []
  }
}

/** Longer than anything that the pages call takes. */
const timeoutMs = 30_000

/** Values of a path and of a query. */
type Plain = string | number | boolean | null | undefined

interface LooseInput {
  params?: Record<string, Plain>
  query?: Record<string, Plain>
  body?: unknown
}

/** Calls an operation of control. Throws a Refusal. */
export async function call<R extends RouteName>(
  route: R,
  input: Input<R>,
  options: { signal?: AbortSignal } = {},
): Promise<Answer<R>> {
  const [method = '', path = ''] = route.split(' ')
  const { params = {}, query = {}, body } = input as LooseInput
  const response = await send(method, targetOf(path, params, query), {
    ...options,
    ...(body === undefined ? {} : { body }),
  })
  return readJson(await response.text()) as Answer<R>
}

/** Bytes that control keeps: pictures of a run. Throws a Refusal. */
export async function callBytes(
  path: string,
  params: Record<string, string>,
  signal?: AbortSignal,
): Promise<Blob> {
  const accept = '*/*;q=0.5, application/problem+json'
  const response = await send('GET', targetOf(path, params, {}), { accept, ...(signal ? { signal } : {}) })
  return response.blob()
}

interface SendOptions {
  body?: unknown
  accept?: string
  signal?: AbortSignal
}

/** The answer, of a status that says that all is well. */
async function send(
  method: string,
  target: string,
  { body, accept = 'application/json, application/problem+json', signal }: SendOptions = {},
): Promise<Response> {
  const timeout = AbortSignal.timeout(timeoutMs)
  const response = await fetch(target, {
    method,
    headers: {
      accept,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...sessionHeaders(),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    redirect: 'error',
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error
    throw new Refusal(
      {
        code: 'control_unreachable',
        title: 'Control cannot be reached',
        detail: 'Control does not answer. The gateways go on serving without it.',
      },
      0,
    )
  })
  if (!response.ok) throw new Refusal(readJson(await response.text()), response.status)
  return response
}

/** The path with its parameters filled in, and the query. Pure. */
export function targetOf(path: string, params: Record<string, Plain>, query: Record<string, Plain>): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null) search.set(name, String(value))
  }
  return search.size > 0 ? `${filled}?${search}` : filled
}

function readJson(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
