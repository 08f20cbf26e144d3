import {
  bytesRuleOf,
  mediaType,
  readBytes,
  type BytesValue,
  type Problem,
  problem,
  problems,
  type Finding,
  type Operation,
  type OperationAnswer,
  type OperationInput,
  type ProblemCode,
} from '../kernel/index.ts'

export interface ControlClientOptions {
  /** Origin of control, such as `http://127.0.0.1:8471`. */
  url: string
  /** `rp_control_…`, or a parent's `rp_sandbox_…`; not needed for public operations. */
  credential?: string
  /** Path that the operations stand below, such as `/internal/checks`; a role's credential there is its token. */
  prefix?: string
  /** The command that starts control, to be told where nothing answers; default `rockpool up`. */
  startedBy?: string
}

/** Calls the control API; the operation's own data gives path, method and types. */
export interface ControlClient {
  /**
   * The body of the answer. Throws the server's Problem; `control_unreachable` when there is no answer at all, and
   * `deadline_exceeded` when it takes longer than `timeoutMs` (default 30 s). `credential`: is shown instead of the
   * client's own, at the operation's public path.
   */
  call<const O extends Operation>(
    operation: O,
    input: OperationInput<O>,
    options?: { signal?: AbortSignal; timeoutMs?: number; credential?: string },
  ): Promise<OperationAnswer<O>>
}

/** Values of a query, and of a path. */
type Plain = string | number | boolean | null | undefined

interface LooseInput {
  params?: Record<string, Plain>
  query?: Record<string, Plain>
  body?: unknown
}

export function createControlClient({
  url,
  credential,
  prefix = '',
  startedBy = 'rockpool up',
}: ControlClientOptions): ControlClient {
  return {
    async call(operation, input, { signal, timeoutMs = 30_000, credential: other } = {}) {
      const { params = {}, query = {}, body } = input as LooseInput
      const given = bytesRuleOf(operation.body) ? (body as BytesValue) : undefined
      const [produced] = Object.values(operation.answers).map(bytesRuleOf)
      const timeout = AbortSignal.timeout(timeoutMs)
      const request = new Request(targetOf(url, `${other ? '' : prefix}${operation.path}`, params, query), {
        method: operation.method,
        headers: {
          accept: ['application/json', 'application/problem+json', ...(produced?.types ?? [])].join(', '),
          ...((other ?? credential) ? { authorization: `Bearer ${other ?? credential}` } : {}),
          ...(body === undefined ? {} : { 'content-type': given ? given.type : 'application/json' }),
        },
        ...(body === undefined
          ? {}
          : { body: given ? (given.bytes as Uint8Array<ArrayBuffer>) : JSON.stringify(body) }),
        // A redirect could carry the credential to another host.
        redirect: 'error',
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      })
      const unanswered = (error: unknown): never => {
        if (signal?.aborted) throw signal.reason
        if (timeout.aborted)
          throw problem('deadline_exceeded', `control at ${url} did not answer within ${timeoutMs} ms`)
        throw problem(
          'control_unreachable',
          `control at ${url} cannot be reached (${reasonOf(error)}); is “${startedBy}” running there?`,
          { cause: error },
        )
      }
      const response = await fetch(request).catch(unanswered)
      if (response.ok && produced) {
        const bytes = await readBytes(response, produced.limit).catch(unanswered)
        return { type: mediaType(response.headers.get('content-type')), bytes } as never
      }
      const text = await response.text().catch(unanswered)
      if (!response.ok) throw readProblem(url, response, text)
      return readAnswer(url, operation, text) as never
    },
  }
}

function targetOf(
  url: string,
  path: string,
  params: Record<string, Plain>,
  query: Record<string, Plain>,
): URL {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = encodeURIComponent(String(params[name]))
    // `.` and `..` would be resolved away by the URL.
    if (value === '' || value === '.' || value === '..') {
      throw problem('invalid_input', `${name} cannot be “${value}”`, {
        findings: [{ path: `params.${name}`, message: 'is missing' }],
      })
    }
    return value
  })
  const target = new URL(filled, url)
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null) target.searchParams.set(name, String(value))
  }
  return target
}

/** The code of the failed connection, which fetch keeps in the cause. */
function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: { code?: string; message?: string; errors?: { code?: string }[] } }
  return cause?.code ?? cause?.errors?.[0]?.code ?? cause?.message ?? String(error)
}

function readProblem(url: string, response: Response, text: string): Problem {
  const {
    code,
    detail,
    findings,
    type: _,
    title: _title,
    status: _status,
    ...extra
  } = readJson(text) as {
    code?: string
    detail?: string
    findings?: Finding[]
    [key: string]: unknown
  }
  if (code && Object.hasOwn(problems, code)) {
    return problem(code as ProblemCode, detail ?? code, { extra, ...(findings ? { findings } : {}) })
  }
  return problem(
    'control_unreachable',
    `what answers at ${url} is not Rockpool’s control (status ${response.status})`,
  )
}

function readAnswer(url: string, operation: Operation, text: string): unknown {
  const [schema] = Object.values(operation.answers)
  if (!schema) return undefined
  const answer = schema.safeParse(readJson(text))
  if (answer.success) return answer.data
  throw problem(
    'internal',
    `control at ${url} answers ${operation.id} otherwise than this client expects; are both of the same version?`,
    { cause: answer.error },
  )
}

function readJson(text: string): object {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}
