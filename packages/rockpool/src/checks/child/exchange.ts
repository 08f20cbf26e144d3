import type { Answer, OperationRequest } from '../authoring/types.ts'
import { oneLine } from '../printable.ts'
import { redactBodyText, redactHeaders, redactText, redactValue } from '../redact.ts'
import type { Message } from '../types.ts'
import type { Order } from './protocol.ts'
import { Misuse, withCauses } from './errors.ts'
import { Obstructed } from './obstructed.ts'

/** One operation of one service. */
export interface Target {
  service: string
  operation: string
  method: string
  /** Path template of the contract. */
  path: string
}

/** A request that is ready to be sent. */
export interface Prepared {
  url: string
  init: { method: string; headers: Record<string, string>; body?: string | Uint8Array }
  /** The call names the run's own organization with the run's own credential. */
  isOurs: boolean
}

export interface Exchange {
  answer: Answer<unknown>
  /** Code of the gateway's own problem; null: the service answered. */
  problem: string | null
}

/** Milliseconds that a gateway may take to hear of a new credential; control has told it, or is about to. */
const propagation = 2_000

/** Builds the request: path filled, query, credential, JSON body. @throws Misuse for names that the contract does not have. */
export function prepare(order: Order, target: Target, request: OperationRequest = {}): Prepared {
  const given: Record<string, string | number> = { organization: order.organization, ...request.path }
  const names = [...target.path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1]!)
  const unknown = Object.keys(request.path ?? {}).filter((name) => !names.includes(name))
  const missing = names.filter(
    (name) => given[name] === undefined || given[name] === null || `${given[name]}` === '',
  )
  const called = `${target.service}.${target.operation}`
  if (missing.length > 0)
    throw new Misuse(`${called} needs the path parameter ${missing.join(', ')} (${target.path})`)
  if (unknown.length > 0)
    throw new Misuse(`${called} has no path parameter ${unknown.join(', ')} (${target.path})`)

  const path = target.path.replaceAll(/\{([^}]+)\}/g, (_, name: string) =>
    segment(`${given[name]}`, called, name),
  )
  const url = new URL(order.gateway.replace(/\/$/, '') + path)
  for (const [name, value] of Object.entries(request.query ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined) url.searchParams.append(name, String(one))
    }
  }
  const own = Object.fromEntries(
    Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  )
  const raw = typeof request.body === 'string' || request.body instanceof Uint8Array
  const headers: Record<string, string> = {
    accept: 'application/json',
    ...credentialHeader(order.credential, own),
    'user-agent': 'rockpool-check',
    ...(request.body === undefined || raw ? {} : { 'content-type': 'application/json' }),
    ...own,
  }
  const body =
    request.body === undefined ? {} : { body: raw ? (request.body as string) : JSON.stringify(request.body) }
  return {
    url: url.href,
    init: { method: target.method.toUpperCase(), headers, ...body },
    isOurs: !showsRockpool(own) && given.organization === order.organization,
  }
}

/**
 * How the run's credential is shown. A check that sets `Authorization` shows a credential of Rockpool's there instead, or
 * nothing at all, or speaks to the service itself: then the run's goes beside it, in a header that ends at the gateway.
 */
function credentialHeader(credential: string, own: Readonly<Record<string, string>>): Record<string, string> {
  if (showsRockpool(own)) return {}
  if (own['authorization'] === undefined) return { authorization: `Bearer ${credential}` }
  return { 'rockpool-credential': credential }
}

function showsRockpool(own: Readonly<Record<string, string>>): boolean {
  const { authorization, 'rockpool-credential': beside } = own
  return beside !== undefined || authorization?.trim() === '' || /\brp_[a-z]+_/.test(authorization ?? '')
}

/** One value as one path segment; `.` and `..` would name another route (RFC 3986 section 5.2.4). */
function segment(value: string, called: string, name: string): string {
  if (value === '.' || value === '..')
    throw new Misuse(`${called}: the path parameter ${name} may not be “${value}”`)
  return encodeURIComponent(value)
}

/**
 * Sends it and reads the whole answer.
 *
 * @throws Obstructed where the gateway cannot be reached, or says that the service cannot run here
 */
export async function exchange(prepared: Prepared, signal: AbortSignal): Promise<Exchange> {
  const began = performance.now()
  for (;;) {
    const result = await once(prepared, signal)
    const isNew = result.problem === 'credential_unknown' || result.problem === 'organization_unknown'
    if (!isNew || !prepared.isOurs) return result
    // The gateway forwarded nothing, so the same request may go again.
    if (performance.now() - began > propagation) {
      throw new Obstructed(
        `the gateway does not know this run after ${propagation / 1_000} s: ${detailOf(result.answer)}`,
        { retry: true },
      )
    }
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

async function once(prepared: Prepared, signal: AbortSignal): Promise<Exchange> {
  const began = performance.now()
  let response: Response
  try {
    response = await fetch(prepared.url, { ...prepared.init, signal, redirect: 'manual' })
  } catch (error) {
    signal.throwIfAborted()
    throw new Obstructed(
      `the gateway cannot be reached at ${new URL(prepared.url).origin}: ${withCauses(error)}`,
      { retry: true },
    )
  }
  const headers = Object.fromEntries(response.headers)
  const bytes = new Uint8Array(await response.arrayBuffer())
  const answer = {
    status: response.status,
    headers,
    body: parse(bytes, headers['content-type'] ?? ''),
    ms: Math.round((performance.now() - began) * 10) / 10,
  }
  const problem = headers['rockpool-problem'] ?? null
  if (problem === 'service_unavailable')
    throw new Obstructed(detailOf(answer), { retry: false, optional: true })
  if (problem === 'gateway_not_ready' || problem === 'gateway_cut_off')
    throw new Obstructed(detailOf(answer), { retry: true })
  if (problem === 'credential_ended' && prepared.isOurs)
    throw new Obstructed(`the run has ended: ${detailOf(answer)}`, { retry: false })
  return { answer, problem }
}

function parse(bytes: Uint8Array, type: string): unknown {
  if (bytes.length === 0) return undefined
  if (
    /^(text\/|application\/([\w.-]+\+)?(json|xml)|application\/x-www-form-urlencoded)/i.test(type) ||
    type === ''
  ) {
    const text = new TextDecoder().decode(bytes)
    if (!/json/i.test(type)) return text
    try {
      return JSON.parse(text) as unknown
    } catch {
      return text
    }
  }
  return bytes
}

/** The `detail` of a problem document (RFC 9457), or the answer's body, on one line. */
export function detailOf(answer: Answer<unknown>): string {
  const body = answer.body as { detail?: unknown; title?: unknown } | undefined
  const text = typeof body === 'object' ? (body?.detail ?? body?.title) : body
  return oneLine(redactText(typeof text === 'string' && text ? text : `HTTP ${answer.status}`))
}

const maxBody = 16 * 1_024

/** Headers and body as evidence: sensitive values replaced, then cut to size. */
export function message(headers: Record<string, string>, body: unknown): Message {
  const safe = typeof body === 'string' ? redactBodyText(body) : redactValue(body)
  const text = typeof safe === 'string' ? safe : (JSON.stringify(safe) ?? '')
  const cut = text.length > maxBody
  return {
    headers: redactHeaders(headers),
    body: cut ? text.slice(0, maxBody) : safe,
    cut: cut ? text.length : null,
  }
}
