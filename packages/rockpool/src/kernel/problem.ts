/**
 * Every error that Rockpool answers with, as one table of stable codes (RFC 9457 problem details).
 * `retry` says whether the same call may succeed later without a change by the caller.
 */
export const problems = {
  // the caller's input
  invalid_input: { status: 422, title: 'The input is not valid', retry: false },
  malformed_request: { status: 400, title: 'The request is malformed', retry: false },
  unsupported_media_type: { status: 415, title: 'The content type is not supported', retry: false },
  not_acceptable: { status: 406, title: 'None of the media types is accepted', retry: false },
  body_too_large: { status: 413, title: 'The body is too large', retry: false },
  request_timeout: { status: 408, title: 'The request did not arrive in time', retry: true },
  headers_too_large: { status: 431, title: 'The headers are too large', retry: false },
  config_invalid: { status: 422, title: 'The configuration is not valid', retry: false },
  not_found: { status: 404, title: 'Not found', retry: false },
  conflict: { status: 409, title: 'This conflicts with what exists', retry: false },
  contract_breaks: { status: 409, title: 'The contract would break callers', retry: false },
  // who calls, and what it may do
  host_refused: { status: 403, title: 'This host name is not served here', retry: false },
  credential_missing: { status: 401, title: 'A credential is needed', retry: false },
  credential_unknown: { status: 401, title: 'The credential is not known', retry: false },
  credential_ended: { status: 401, title: 'The credential has ended', retry: false },
  token_refused: { status: 401, title: 'The token is refused', retry: false },
  scope_missing: { status: 403, title: 'The credential lacks a scope', retry: false },
  organization_unknown: { status: 404, title: 'There is no such organization', retry: false },
  organization_not_allowed: {
    status: 403,
    title: 'The credential does not allow this organization',
    retry: false,
  },
  organization_required: { status: 400, title: 'The organization must be named', retry: false },
  organization_deleted: { status: 410, title: 'The organization is deleted', retry: false },
  environment_mismatch: { status: 403, title: 'The environment does not match', retry: false },
  environment_fixed: { status: 409, title: 'The environment of an organization never changes', retry: false },
  identity_missing: { status: 403, title: 'An identity is needed', retry: false },
  identity_refused: { status: 403, title: 'The identity is refused', retry: false },
  ticket_refused: { status: 403, title: 'The ticket is refused', retry: false },
  origin_refused: { status: 403, title: 'Another site may not do this by a cookie', retry: false },
  grant_missing: { status: 403, title: 'A grant is needed', retry: false },
  budget_spent: { status: 429, title: 'The grant’s budget is spent', retry: false },
  write_refused: { status: 403, title: 'This write would be real', retry: false },
  too_many_requests: { status: 429, title: 'Too many requests', retry: true },
  rate_limited: { status: 429, title: 'The rate limit is reached', retry: true },
  // the way through the gateway
  route_unknown: { status: 404, title: 'There is no such route', retry: false },
  release_unknown: { status: 400, title: 'There is no such release', retry: false },
  method_not_allowed: { status: 405, title: 'The method is not allowed here', retry: false },
  path_refused: { status: 400, title: 'The path is refused', retry: false },
  upgrade_refused: { status: 501, title: 'This is no proxy for tunnels', retry: false },
  upgrade_version: { status: 426, title: 'Another version of the protocol is needed', retry: false },
  fault_injected: { status: 503, title: 'It is broken on purpose', retry: true },
  service_unavailable: { status: 503, title: 'The service cannot run here', retry: false },
  upstream_unreachable: { status: 502, title: 'The service cannot be reached', retry: true },
  upstream_failed: { status: 502, title: 'The service broke off its answer', retry: true },
  answer_unfit: { status: 502, title: 'The answer does not fit the form that is asked for', retry: false },
  upstream_timeout: { status: 504, title: 'The service took too long', retry: true },
  overloaded: { status: 503, title: 'The service has too much to do', retry: true },
  circuit_open: { status: 503, title: 'The service fails, and is left alone', retry: true },
  token_unjudged: { status: 503, title: 'The token cannot be judged yet', retry: true },
  gateway_cut_off: { status: 503, title: 'The gateway is cut off from control', retry: true },
  gateway_not_ready: { status: 503, title: 'The gateway is not ready', retry: true },
  mock_unable: { status: 501, title: 'The mock has no valid answer', retry: false },
  // Rockpool itself
  database_unreachable: { status: 503, title: 'The database cannot be reached', retry: true },
  control_unreachable: { status: 503, title: 'Control cannot be reached', retry: true },
  deadline_exceeded: { status: 504, title: 'It took too long', retry: true },
  already_running: { status: 409, title: 'It is already running', retry: false },
  not_possible_here: { status: 501, title: 'This machine cannot do it', retry: false },
  internal: { status: 500, title: 'Something went wrong inside Rockpool', retry: true },
} as const satisfies Record<string, { status: number; title: string; retry: boolean }>

export type ProblemCode = keyof typeof problems

/** One thing that is wrong with an input, and where: a path such as `services.catalog.start`, a file, a line. */
export interface Finding {
  path: string
  message: string
  file?: string
  line?: number
}

export interface ProblemOptions {
  findings?: Finding[]
  /** Members added to the problem document, such as `{ service: 'catalog' }`. */
  extra?: Record<string, unknown>
  cause?: unknown
}

/** An error with a stable code; over HTTP an RFC 9457 document, in a terminal one clear message. */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly status: number
  readonly title: string
  readonly retry: boolean
  readonly findings: Finding[]
  readonly extra: Record<string, unknown>

  constructor(code: ProblemCode, detail: string, options: ProblemOptions = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'Problem'
    this.code = code
    this.status = problems[code].status
    this.title = problems[code].title
    this.retry = problems[code].retry
    this.findings = options.findings ?? []
    this.extra = options.extra ?? {}
  }

  get detail(): string {
    return this.message
  }

  /** The `application/problem+json` document (RFC 9457 section 3). */
  toJSON(): Record<string, unknown> {
    return {
      ...this.extra,
      type: `https://rockpool.dev/problems/${this.code}`,
      title: this.title,
      status: this.status,
      code: this.code,
      detail: this.message,
      ...(this.findings.length > 0 ? { findings: this.findings } : {}),
    }
  }
}

export function problem(code: ProblemCode, detail: string, options?: ProblemOptions): Problem {
  return new Problem(code, detail, options)
}

/** Any thrown value as a Problem: unknown ones become `internal`, and keep their cause for the log alone. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  return new Problem('internal', 'Something went wrong inside Rockpool; its log has the cause', {
    cause: error,
  })
}

/** The message of any thrown value, for logs and terminals. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && !error.message) return error.errors.map(messageOf).join('; ')
  return error instanceof Error ? error.message : String(error)
}
