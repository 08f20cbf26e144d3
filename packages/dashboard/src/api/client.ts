import { ClientError } from '@rockpool/client'
import { askControl } from '@rockpool/client/control'
import type { Answer, Input, LooseInput, RouteName } from '@rockpool/client/control'
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

/** Calls an operation of control. Throws a Refusal. */
export async function call<R extends RouteName>(
  route: R,
  input: Input<R>,
  { signal }: { signal?: AbortSignal } = {},
): Promise<Answer<R>> {
  const headers = { accept: 'application/json, application/problem+json' }
  return (await send(route, input, { headers, signal: signal ?? null })) as Answer<R>
}

/** Bytes that control keeps: pictures of a run. Throws a Refusal. */
export async function callBytes(
  path: string,
  params: Record<string, string>,
  signal?: AbortSignal,
): Promise<Blob> {
  const headers = { accept: '*/*;q=0.5, application/problem+json' }
  return (await send(`GET ${path}`, { params }, { headers, signal: signal ?? null, parseAs: 'blob' })) as Blob
}

/** What is answered, of a status that says that all is well. Asking again is react-query's: it knows what is shown meanwhile. */
async function send(
  route: string,
  input: LooseInput,
  init: { headers: Record<string, string>; signal: AbortSignal | null; parseAs?: 'blob' },
): Promise<unknown> {
  const options = { baseUrl: window.location.origin, headers: sessionHeaders }
  const asked = askControl(options, route, input, init).catch((reason: unknown) => {
    init.signal?.throwIfAborted()
    throw unanswered(reason)
  })
  const { data, error, response } = await asked
  if (response.ok) return data
  const document = typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : {}
  throw new Refusal(document, response.status)
}

function unanswered(reason: unknown): unknown {
  if (!(reason instanceof ClientError) || reason.code === 'invalid_input') return reason
  if (reason.code === 'unreadable_answer')
    return new Refusal({ detail: 'Control’s answer cannot be read.' }, 0)
  const title = 'Control cannot be reached'
  const detail = 'Control does not answer. The gateways go on serving without it.'
  return new Refusal({ code: 'control_unreachable', title, detail }, 0)
}
