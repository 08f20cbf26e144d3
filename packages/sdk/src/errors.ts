/** Every error of the sdk, as one table of stable codes. `retry` says whether the same call may succeed later. */
export const problems = {
  settings_invalid: { status: 500, title: 'The environment of this process is not complete', retry: false },
  identity_missing: { status: 401, title: 'An identity is needed', retry: false },
  identity_malformed: { status: 401, title: 'The identity cannot be read', retry: false },
  identity_unknown_key: { status: 401, title: 'The identity was signed by an unknown key', retry: true },
  identity_forged: { status: 401, title: 'The identity is forged', retry: false },
  identity_expired: { status: 401, title: 'The identity is outside its time', retry: false },
  identity_wrong_audience: { status: 401, title: 'The identity is meant for another service', retry: false },
  identity_wrong_trust: {
    status: 401,
    title: 'The identity was not signed by whom it must be',
    retry: false,
  },
  identity_not_signed: { status: 500, title: 'This work has a plain identity only', retry: false },
  organization_deleted: { status: 410, title: 'The organization is deleted', retry: false },
  organization_busy: { status: 503, title: 'The organization is still at work', retry: true },
  erasure_incomplete: { status: 500, title: 'The organization could not be erased', retry: true },
  effect_no_identity: { status: 500, title: 'Work without an identity may cause no effect', retry: false },
  effect_no_stand_in: { status: 501, title: 'The effect has no stand-in for sandboxes', retry: false },
  effect_not_recorded: {
    status: 503,
    title: 'The effect could not be recorded, so it was not done',
    retry: true,
  },
  event_invalid: { status: 500, title: 'The event is not valid', retry: false },
  event_not_declared: { status: 500, title: 'The event is not declared', retry: false },
  consumer_exists: { status: 500, title: 'The event has a consumer already', retry: false },
  consumer_missing: { status: 500, title: 'No consumer is registered', retry: true },
  consumer_failed: { status: 500, title: 'The consumer failed', retry: true },
  held_behind: { status: 409, title: 'An earlier event of the same key failed', retry: true },
  database_missing: { status: 500, title: 'This needs a database', retry: false },
  database_unreachable: { status: 503, title: 'The database cannot be reached', retry: true },
  call_refused: { status: 500, title: 'The call does not go through the gateway', retry: false },
  malformed_request: { status: 400, title: 'The request is malformed', retry: false },
  body_too_large: { status: 413, title: 'The body is too large', retry: false },
  not_found: { status: 404, title: 'Not found', retry: false },
  method_not_allowed: { status: 405, title: 'The method is not allowed here', retry: false },
  internal: { status: 500, title: 'Something went wrong', retry: true },
} as const

export type ProblemCode = keyof typeof problems

/** One thing that is wrong, and where: the name of a variable, a table, a member of a body. */
export interface Finding {
  path: string
  message: string
}

/** An error with a stable code; over HTTP an RFC 9457 document. */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly status: number
  readonly title: string
  readonly retry: boolean
  readonly findings: readonly Finding[]

  constructor(
    code: ProblemCode,
    detail: string,
    options: { findings?: readonly Finding[]; cause?: unknown } = {},
  ) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'Problem'
    this.code = code
    this.status = problems[code].status
    this.title = problems[code].title
    this.retry = problems[code].retry
    this.findings = options.findings ?? []
  }

  /** As Fastify and Express look for it. */
  get statusCode(): number {
    return this.status
  }

  /** The `application/problem+json` document (RFC 9457 section 3). */
  toJSON(): Record<string, unknown> {
    return {
      type: `https://rockpool.dev/problems/${this.code}`,
      title: this.title,
      status: this.status,
      code: this.code,
      detail: this.message,
      ...(this.findings.length > 0 ? { findings: this.findings } : {}),
    }
  }

  /** As Hono looks for it in a thrown error. */
  getResponse(): Response {
    const { status, headers, body } = problemAnswer(this)
    return new Response(body, { status, headers })
  }
}

export function problem(
  code: ProblemCode,
  detail: string,
  options?: { findings?: readonly Finding[]; cause?: unknown },
): Problem {
  return new Problem(code, detail, options)
}

/** An HTTP answer before any framework. */
export interface Answer {
  status: number
  headers: Record<string, string>
  body: string
}

export function problemAnswer(refused: Problem): Answer {
  return {
    status: refused.status,
    headers: { 'content-type': 'application/problem+json' },
    body: JSON.stringify(refused),
  }
}

// ECONNREFUSED says nothing of who was called: so pools remember what they threw.
const databaseErrors = new WeakSet<object>()

export function noteDatabaseError(error: unknown): void {
  if (error instanceof Error) databaseErrors.add(error)
}

/** A thrown value as a Problem: what the database says is translated; the rest is `internal` and keeps its cause for the log. */
export function toProblem(error: unknown): Problem {
  const known = error instanceof Error && databaseErrors.has(error) ? databaseProblem(error) : error
  if (known instanceof Problem) return known
  return (
    postgresProblem(known) ??
    problem('internal', 'Something went wrong in this service; its log has the cause', { cause: error })
  )
}

/** An error of a query or a connection, as a Problem where it has a meaning of ours; any other is returned as it is. */
export function databaseProblem(error: unknown): unknown {
  if (error instanceof Problem) return error
  const { code } = (error ?? {}) as { code?: unknown }
  if (typeof code === 'string' && /^(?:ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT)$/.test(code))
    return unreachable(error)
  return postgresProblem(error) ?? error
}

// Source of the codes: PostgreSQL manual, appendix A (class 08, 57P01 to 57P03). RP410 is rockpool.hold_organization's.
function postgresProblem(error: unknown): Problem | undefined {
  if (!(error instanceof Error)) return undefined
  const { code } = error as { code?: unknown }
  if (code === 'RP410')
    return problem('organization_deleted', 'its organization is deleted, or is being deleted', {
      cause: error,
    })
  if (typeof code === 'string' && /^(?:08[0-9A-Z]{3}|57P0[123])$/.test(code)) return unreachable(error)
  // pg has no codes for these.
  if (
    /^(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/.test(
      error.message,
    )
  )
    return unreachable(error)
  return undefined
}

function unreachable(cause: unknown): Problem {
  return problem('database_unreachable', `the database cannot be reached: ${messageOf(cause)}`, { cause })
}

export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && !error.message) return error.errors.map(messageOf).join('; ')
  return error instanceof Error ? error.message : String(error)
}

/** Whether an error of a framework says by its own status that the client is at fault. */
export function isClientError(error: unknown): boolean {
  const { status, statusCode } = (error ?? {}) as { status?: unknown; statusCode?: unknown }
  const found = status ?? statusCode
  return typeof found === 'number' && found >= 400 && found < 500
}
