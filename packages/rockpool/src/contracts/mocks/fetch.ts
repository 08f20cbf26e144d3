import { setTimeout as pause } from 'node:timers/promises'
import { problem, toProblem } from '../../kernel/index.ts'
import type { Contract } from '../types.ts'
import { createCallMaker, createCallSender } from './callbacks/index.ts'
import type { CallSender, PlannedCall, ToldCall } from './callbacks/index.ts'
import { bytesOf, CutOff, whole } from './delivery/deliver.ts'
import { createMock } from './mock.ts'
import { answerProblem } from './problem.ts'
import { maxBodyBytes, tooLarge } from './request-body.ts'
import type { Delivery, Mock, MockAnswer, MockOptions } from './types.ts'

/** What stands where `fetch` would: in unit tests of whoever calls a service. */
export type MockFetch = (request: Request) => Promise<Response>

export interface MockFetchOptions extends MockOptions {
  /**
   * Gets the callbacks of the mock once it has answered, whatever they are addressed to, and answers for who receives
   * them. Without it there are none.
   */
  onCallback?: (request: Request) => Promise<Response>
  /** Hears what became of each callback; also of those that cannot be made. */
  onCalled?: (told: ToldCall) => void
}

/**
 * A mock without a port: takes requests as `fetch` does, to any host, and answers them in this process. Paths are the
 * contract's own, from the root. Rejects as `fetch` does when the request is given up, or the connection reset on purpose.
 */
export function createMockFetch(contract: Contract, options: MockFetchOptions = {}): MockFetch {
  const mock = createMock(contract, options)
  const { seed = '', onCallback, onCalled } = options
  const sender =
    onCallback === undefined
      ? null
      : createCallSender({
          maker: () => createCallMaker(contract, { seed }),
          origins: null,
          send: onCallback,
          ...(onCalled === undefined ? {} : { tell: onCalled }),
        })
  return async (request) => {
    const { signal } = request
    signal.throwIfAborted()
    const body = await bodyOf(request)
    signal.throwIfAborted()
    const answer = body === 'too large' ? tooLarge() : answerOf(mock, request, body)
    const { delivery = whole } = answer
    if (delivery.delayMs > 0)
      await pause(delivery.delayMs, null, { signal }).catch(() => signal.throwIfAborted())
    if (delivery.isAborted) throw failure('fetch failed')
    const response = toResponse(request, answer, delivery)
    // Nobody is called before the answer is there.
    if (sender !== null && answer.calls !== undefined) setImmediate(sendAll, sender, answer.calls)
    return response
  }
}

function sendAll(sender: CallSender, calls: readonly PlannedCall[]): void {
  for (const call of calls) void sender.send(call)
}

function answerOf(mock: Mock, { method, url, headers }: Request, body: Buffer | null): MockAnswer {
  const { origin, pathname, search } = new URL(url)
  try {
    const answer = mock.answer({
      method,
      target: pathname + search,
      headers: [...headers].flat(),
      body,
      origin,
    })
    if (answer.status >= 200) return answer
    const detail = `a Response has no status below 200: the contract answers ${answer.status}`
    return answerProblem(problem('mock_unable', detail))
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

function toResponse({ method, signal }: Request, answer: MockAnswer, delivery: Delivery): Response {
  const { status, body } = answer
  const headers = new Headers()
  for (let index = 0; index + 1 < answer.headers.length; index += 2)
    headers.append(answer.headers[index]!, answer.headers[index + 1]!)
  const isWhole = typeof body === 'string' || Buffer.isBuffer(body)
  if (isWhole) headers.set('Content-Length', String(Buffer.byteLength(body)))
  if (bodiless.has(status) || method === 'HEAD') return new Response(null, { status, headers })
  if (isWhole && delivery.cut === null && delivery.bytesPerSecond === null)
    return new Response(body, { status, headers })
  return new Response(streamOf(bytesOf(body, delivery, signal), signal), { status, headers })
}

function streamOf(parts: AsyncGenerator<Buffer>, signal: AbortSignal): ReadableStream {
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          signal.throwIfAborted()
          const { value, done } = await parts.next()
          if (done === true) controller.close()
          else controller.enqueue(value)
        } catch (error) {
          signal.throwIfAborted()
          throw error instanceof CutOff ? failure('terminated') : error
        }
      },
      async cancel() {
        await parts.return(undefined)
      },
    },
    // Nothing is made before somebody reads.
    { highWaterMark: 0 },
  )
}

/** As `fetch` of Node says it when a connection is lost. */
function failure(message: string): TypeError {
  return new TypeError(message, {
    cause: Object.assign(new Error('the connection was reset on purpose'), { code: 'ECONNRESET' }),
  })
}
