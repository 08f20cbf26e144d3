import { mergeHeaders } from 'openapi-fetch'
import type { Client as OpenApiClient, HeadersOptions } from 'openapi-fetch'
import { sendInAttempts } from './attempts.ts'
import { ClientError } from './errors.ts'
import { environmentFault, formFault, keepShown } from './credential.ts'
import type { Settings } from './options.ts'
import { isIdempotent, isSafe } from './retry.ts'
import { isStream, pathFindings, querySerializer, serializeBody } from './serialize.ts'
import type { ClientOptions, CreateOptions, LooseInit, OperationNotes } from './types.ts'

export interface Parts {
  settings: Settings
  options: CreateOptions<OperationNotes>
  core: OpenApiClient<object>
  /** Path parameters that are filled in. */
  given: Readonly<Record<string, string>>
}

export interface Result {
  data?: unknown
  error?: unknown
  response: Response
}

/** One call: parameters, headers, body; then attempts; then what openapi-fetch makes of the answer. */
export async function call(
  { settings, options, core, given }: Parts,
  method: string,
  path: string,
  { params = {}, body, headers, signal = null, ...init }: LooseInit,
): Promise<Result> {
  const note = options.operations?.[`${method} ${path}`]
  const operation = note?.id ?? `${method} ${path}`
  const filled = { ...onlyIn(path, given), ...params.path }
  const findings = pathFindings(path, filled)
  if (findings.length > 0)
    throw new ClientError('invalid_input', `${operation} cannot be called like this`, { operation, findings })

  const sent = await headersOf(options, operation, [headers, params.header as HeadersOptions])
  const ownKey = sent.get('idempotency-key')
  if (!isSafe(method) && ownKey === null) sent.set('idempotency-key', newKey())
  const shown = shownIn(sent, settings, operation)
  const media = sent.get('content-type') ?? note?.media ?? 'application/json'
  const lists = note?.numbered === true ? 'numbered' : 'repeated'
  const serialized = body === undefined ? null : serializeBody(body, media, lists)
  // fetch itself writes the one of a form with parts: it knows what stands between them.
  if (serialized !== null && serialized.type === null) sent.delete('content-type')
  else if (serialized !== null) sent.set('content-type', serialized.type!)

  const isStreamed = isStream(body)
  let hasAnswer = false
  const send = async (request: Request) => {
    const response = await sendInAttempts(request, {
      fetch: options.fetch ?? ((one) => globalThis.fetch(one)),
      operation,
      shown,
      retries: settings.retries,
      timeoutMs: settings.timeoutMs,
      signal,
      isRepeatable: isIdempotent(method) || ownKey !== null || note?.keyed === true,
      isReplayable: !isStreamed,
      isStreamed: init.parseAs === 'stream',
    })
    hasAnswer = true
    if (shown !== undefined) keepShown(response, shown)
    return response
  }
  try {
    const result = await (core.request as LooseRequest)(method.toLowerCase(), path, {
      ...init,
      params: { ...params, path: filled, header: undefined },
      headers: sent,
      ...(serialized === null ? {} : { body: serialized.body, bodySerializer: (one: unknown) => one }),
      ...(isStreamed ? { duplex: 'half' } : {}),
      querySerializer: init['querySerializer'] ?? querySerializer(note?.lists),
      fetch: send,
    })
    return result
  } catch (cause) {
    signal?.throwIfAborted()
    if (cause instanceof ClientError || !hasAnswer) throw cause
    if ((cause as Error).name === 'TimeoutError')
      throw new ClientError(
        'deadline_exceeded',
        `the answer of ${operation} took longer than ${settings.timeoutMs} ms`,
        {
          operation,
          cause,
        },
      )
    throw new ClientError(
      'unreadable_answer',
      `the answer of ${operation} cannot be read${init.parseAs === undefined ? ' as JSON (parseAs reads it otherwise)' : ''}`,
      { operation, cause },
    )
  }
}

type LooseRequest = (method: string, path: string, init: Record<string, unknown>) => Promise<Result>

/** Later ones count; a call's own come last. */
async function headersOf(
  { credential, headers, traceparent }: ClientOptions,
  operation: string,
  own: (HeadersOptions | undefined)[],
): Promise<Headers> {
  const shown = typeof credential === 'function' ? await credential() : credential
  // Before it becomes a header: what refuses that says the value.
  const fault = shown === undefined ? null : formFault(shown)
  if (fault !== null)
    throw new ClientError('invalid_input', `${operation} was not sent: the credential ${fault}`, {
      operation,
    })
  const trace = traceparent?.()
  return mergeHeaders(
    typeof headers === 'function' ? headers() : headers,
    shown === undefined ? {} : { authorization: `Bearer ${shown}` },
    trace === undefined ? {} : { traceparent: trace },
    ...own,
  )
}

/** What will be shown as `Authorization`, if anything. @throws ClientError `wrong_environment` */
function shownIn(headers: Headers, { environment }: Settings, operation: string): string | undefined {
  const [, shown] = /^\S+ +(.*)$/.exec(headers.get('authorization') ?? '') ?? []
  const fault = shown === undefined ? null : environmentFault(shown, environment)
  if (fault !== null)
    throw new ClientError('wrong_environment', `${operation} was not sent: the credential ${fault}`, {
      operation,
    })
  return shown
}

const onlyIn = (path: string, given: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(given).filter(([name]) => path.includes(`{${name}}`)))

/** 128 random bits. `crypto.randomUUID` is missing on pages that came without TLS. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
