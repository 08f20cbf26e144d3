import { ClientError } from '@rockpool/client'
import { problem, problems } from '../../kernel/index.ts'
import type { Finding, Problem, ProblemCode } from '../../kernel/index.ts'

/** Why there is no answer to work with, of whatever the client threw. Pure. */
export function problemOf(
  error: unknown,
  { url, startedBy, id, params }: { url: string; startedBy: string; id: string; params: object },
): Problem {
  const { code, findings = [], cause } = error instanceof ClientError ? error : { code: null, cause: error }
  if (code === 'invalid_input' || code === 'invalid_options') {
    const name = findings[0]?.path.replace('params.path.', '') ?? ''
    const value = Object.entries(params).find(([given]) => given === name)?.[1]
    const detail = name in params ? `${name} cannot be “${value}”` : 'control cannot be asked like this'
    return problem('invalid_input', detail, { findings: [...findings], cause: error })
  }
  // What answers is JSON to the end, or broke off; only the former is told by its reader.
  if (code === 'unreadable_answer' && cause instanceof SyntaxError) return unexpected(url, id, cause)
  const reason = code === 'redirected' ? 'unexpected redirect' : reasonOf(cause)
  return problem(
    'control_unreachable',
    `control at ${url} cannot be reached (${reason}); is “${startedBy}” running there?`,
    { cause: error },
  )
}

/** An answer that is none of the operation's. Pure. */
export const unexpected = (url: string, id: string, cause: unknown): Problem =>
  problem(
    'internal',
    `control at ${url} answers ${id} otherwise than this client expects; are both of the same version?`,
    { cause },
  )

/** The code of the failed connection, which fetch keeps in the cause. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as {
    message?: string
    cause?: { code?: string; message?: string; errors?: { code?: string }[] }
  }
  return cause?.code ?? cause?.errors?.[0]?.code ?? cause?.message ?? message ?? String(error)
}

/** The Problem that control answered; `control_unreachable` for an answer of somebody else. Pure. */
export function refusalOf(url: string, status: number, body: unknown): Problem {
  const {
    code,
    detail,
    findings,
    type: _,
    title: _title,
    status: _status,
    ...extra
  } = (typeof body === 'object' && body !== null ? body : {}) as {
    code?: string
    detail?: string
    findings?: Finding[]
    [key: string]: unknown
  }
  if (code && Object.hasOwn(problems, code)) {
    return problem(code as ProblemCode, detail ?? code, { extra, ...(findings ? { findings } : {}) })
  }
  return problem('control_unreachable', `what answers at ${url} is not Rockpool’s control (status ${status})`)
}
