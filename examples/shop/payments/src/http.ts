import type { IncomingMessage, ServerResponse } from 'node:http'
import { BankUnavailable } from './bank.ts'
import { Problem } from './problem.ts'

const largestBody = 64 * 1024

/** Reads a JSON body. Throws `bad_request`, which never repeats what was sent: it may be a card number. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > largestBody) throw new Problem(413, 'bad_request', 'The body is longer than 64 KiB.')
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString())
  } catch {
    throw new Problem(400, 'bad_request', 'The body is no JSON.')
  }
}

/** Reads `limit` and `cursor` of a list. Throws `invalid_input` with all findings. */
export function readPage(query: URLSearchParams): { limit: number; cursor: string | null } {
  const text = query.get('limit') ?? '20'
  const cursor = query.get('cursor')
  const findings = []
  if (!/^([1-9][0-9]?|100)$/.test(text)) {
    findings.push({ path: '/querystring/limit', message: 'must be a whole number from 1 to 100' })
  }
  if (cursor && cursor.length > 100) {
    findings.push({ path: '/querystring/cursor', message: 'must not be longer than 100 characters' })
  }
  if (findings.length > 0) throw new Problem(422, 'invalid_input', 'The input is not valid.', findings)
  return { limit: Number(text), cursor }
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

/** Answers our own errors as problems; all others are Rockpool's to answer, such as a database that is down. */
export function sendProblem(response: ServerResponse, error: unknown): void {
  const problem = toProblem(error)
  if (response.headersSent) throw error
  response.writeHead(problem.status, {
    'content-type': 'application/problem+json',
    ...(problem.status === 413 ? { connection: 'close' } : {}),
  })
  response.end(JSON.stringify(problem))
}

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof URIError)
    return new Problem(400, 'bad_request', 'The path is not encoded as it must be.')
  if (error instanceof BankUnavailable) {
    return new Problem(503, 'unavailable', 'The bank cannot be reached just now.')
  }
  throw error
}
