import { problem, toProblem } from '../../kernel/index.ts'
import type { Contract } from '../types.ts'
import { createMock } from './mock.ts'
import { answerProblem } from './problem.ts'
import { maxBodyBytes, tooLarge } from './request-body.ts'
import type { Mock, MockAnswer, MockOptions } from './types.ts'

/** What stands where `fetch` would: in unit tests of whoever calls a service. */
export type MockFetch = (request: Request) => Promise<Response>

/**
 * A mock without a port: takes requests as `fetch` does, to any host, and answers them in this process. Paths are the
 * contract's own, from the root. Rejects as `fetch` does when the request is given up.
 */
export function createMockFetch(contract: Contract, options: MockOptions = {}): MockFetch {
  const mock = createMock(contract, options)
  return async (request) => {
    request.signal.throwIfAborted()
    const body = await bodyOf(request)
    request.signal.throwIfAborted()
    return toResponse(request, body === 'too large' ? tooLarge : answerOf(mock, request, body))
  }
}

function answerOf(mock: Mock, { method, url, headers }: Request, body: Buffer | null): MockAnswer {
  const { pathname, search } = new URL(url)
  try {
    return mock.answer({ method, target: pathname + search, headers: [...headers].flat(), body })
  } catch (error) {
    return answerProblem(toProblem(error))
  }
}

async function bodyOf({ body }: Request): Promise<Buffer | null | 'too large'> {
  if (body === null) return null
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of body as AsyncIterable<Uint8Array>) {
    size += piece.length
    if (size > maxBodyBytes) return 'too large'
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

/** Statuses that a `Response` has no body with (Fetch, 2.2.3). */
const bodiless = new Set([204, 205, 304])

function toResponse({ method }: Request, answer: MockAnswer): Response {
  if (answer.status < 200) {
    const detail = `a Response has no status below 200: the contract answers ${answer.status}`
    return toResponse({ method } as Request, answerProblem(problem('mock_unable', detail)))
  }
  const { status, body } = answer
  const headers = new Headers()
  for (let index = 0; index + 1 < answer.headers.length; index += 2)
    headers.append(answer.headers[index]!, answer.headers[index + 1]!)
  headers.set('Content-Length', String(Buffer.byteLength(body)))
  return new Response(bodiless.has(status) || method === 'HEAD' ? null : body, { status, headers })
}
