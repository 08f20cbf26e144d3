import { shownWith, withoutSecrets } from './credential.ts'
import type { Method } from './types.ts'

export type ClientErrorCode =
  /** The client cannot be made like this; `findings` hold everything that is wrong. */
  | 'invalid_options'
  /** The call cannot be made like this; nothing was sent. */
  | 'invalid_input'
  /** The credential is of another environment than the client; nothing was sent. */
  | 'wrong_environment'
  /** Nothing came back. What was asked for may have been done. */
  | 'no_answer'
  | 'deadline_exceeded'
  /** Its body is not what it is said to be, or broke off. */
  | 'unreadable_answer'
  /** A redirect, which is never followed: it could take the credential elsewhere. */
  | 'redirected'
  /** A list has more pages than may be read, or leads back to a page that was read. */
  | 'too_many_pages'

export interface Finding {
  /** What it is about, such as `baseUrls.sandbox`, `params.path.pet`. */
  path: string
  message: string
}

/** Problem details (RFC 9457); Rockpool's have a `code` that is stable, and all findings at once. */
export interface ProblemDetails {
  type?: string
  title?: string
  status?: number
  detail?: string
  code?: string
  findings?: Finding[]
  [extension: string]: unknown
}

const inspect = Symbol.for('nodejs.util.inspect.custom')

/** Why there is no answer to work with. */
export class ClientError extends Error {
  override readonly name: string = 'ClientError'
  readonly code: ClientErrorCode
  /** Such as `getPet`, or `GET /pets/{pet}`; null where it is about no call. */
  readonly operation: string | null
  readonly findings: readonly Finding[]

  constructor(
    code: ClientErrorCode,
    message: string,
    {
      operation = null,
      findings = [],
      cause,
    }: { operation?: string | null; findings?: Finding[]; cause?: unknown } = {},
  ) {
    const all = findings.map(({ path, message: text }) => `${path}: ${text}`).join('; ')
    super(withoutSecrets(all === '' ? message : `${message}: ${all}`), cause === undefined ? {} : { cause })
    this.code = code
    this.operation = operation
    this.findings = findings
    hide(this, 'findings', 'cause')
  }

  toJSON(): Record<string, unknown> {
    const { name, code, message, operation } = this
    return { name, code, message, operation }
  }

  [inspect](): string {
    return this.stack ?? this.message
  }
}

/** The service refused, or failed: an answer of a status that is no success. */
export class ApiError<Body = unknown> extends Error {
  override readonly name: string = 'ApiError'
  readonly status: number
  /** The operation's id, or its method and path. */
  readonly operation: string
  /** The problem's, when the answer is one. */
  readonly code: string | null
  /** `Rockpool-Request`, or `X-Request-Id`: for whoever looks into a log. */
  readonly requestId: string | null
  /** When the service says that it can be tried again; null: it does not say. */
  readonly retryAfterMs: number | null
  /** JSON where it can be read as such, else the text; undefined: there is none. */
  readonly body: Body
  /** The body, when it is problem details; otherwise null. */
  readonly problem: ProblemDetails | null

  constructor({
    operation,
    response,
    body,
    retryAfterMs,
  }: {
    operation: string
    response: Response
    body: Body
    retryAfterMs: number | null
  }) {
    const problem = problemOf(response, body)
    const said = problem?.detail ?? problem?.title
    const found = (problem?.findings ?? []).map(({ path, message }) => `${path}: ${message}`).join('; ')
    const text = [said, found].filter((part) => part !== undefined && part !== '').join(': ')
    const shown = shownWith(response)
    const clean = (one: string | null) => (one === null ? null : withoutSecrets(one, shown))
    super(clean(`${operation} answered ${response.status}${text === '' ? '' : `: ${text}`}`)!)
    this.status = response.status
    this.operation = operation
    this.code = clean(problem?.code ?? null)
    this.requestId = clean(response.headers.get('rockpool-request') ?? response.headers.get('x-request-id'))
    this.retryAfterMs = retryAfterMs
    this.body = body
    this.problem = problem
    hide(this, 'body', 'problem')
  }

  toJSON(): Record<string, unknown> {
    const { name, status, code, message, operation, requestId } = this
    return { name, status, code, message, operation, requestId }
  }

  [inspect](): string {
    const request = this.requestId === null ? '' : `\n    request ${this.requestId}`
    return `${this.stack ?? this.message}${request}`
  }
}

/** What the contract says of a status: by itself, by its class, else by default. */
type DeclaredFor<O, S extends number> = O extends { responses: infer R }
  ? S extends keyof R
    ? R[S]
    : `${S}` extends `${infer Class}${number}`
      ? `${Class}XX` extends keyof R
        ? R[`${Class}XX`]
        : 'default' extends keyof R
          ? R['default']
          : unknown
      : unknown
  : unknown

export type ErrorBody<O, S extends number> =
  DeclaredFor<O, S> extends { content: infer Content }
    ? NonNullable<Content>[keyof NonNullable<Content>]
    : unknown

/**
 * Whether this is an answer of that status. With the method that was called its `body` has the type that the contract gives
 * to that status; an error of another operation is none of it.
 *
 *     if (isStatus(error, 404, client.pets.getPet)) error.body.code
 */
export function isStatus<S extends number, O = unknown>(
  error: unknown,
  status: S,
  // A method is named for its operation alone; what it takes does not matter here.
  method?: Pick<Method<O, string>, 'operation' | 'declaration'>,
): error is ApiError<ErrorBody<O, S>> & { status: S } {
  return (
    error instanceof ApiError &&
    error.status === status &&
    (method === undefined || error.operation === method.operation)
  )
}

function problemOf(response: Response, body: unknown): ProblemDetails | null {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return null
  if (!/^application\/problem\+json\b/i.test(response.headers.get('content-type') ?? '')) return null
  const { detail, title, code, findings, ...others } = body as Record<string, unknown>
  const texts = Object.entries({ detail, title, code }).filter(([, value]) => typeof value === 'string')
  const good = Array.isArray(findings) ? findings.filter(isFinding).slice(0, 100) : undefined
  return { ...others, ...Object.fromEntries(texts), ...(good ? { findings: good } : {}) }
}

function isFinding(value: unknown): value is Finding {
  const { path, message } = (value ?? {}) as Record<string, unknown>
  return typeof path === 'string' && typeof message === 'string'
}

/** What the caller may read and no printer shows: it may hold what was sent. */
function hide(error: Error, ...names: string[]): void {
  for (const name of names)
    if (Object.hasOwn(error, name)) Object.defineProperty(error, name, { enumerable: false })
}
