import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import type { Agent, Dispatcher } from 'undici'
import { discardRest, sendAnswer } from './node-answer.ts'
import type { End, Exchange, Failure, Forward } from './engine.ts'

// Nothing of these got as far as the service.
const unreachable = /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT)$/
// A kept connection that the service closed while we took it up again.
const stale = /^(UND_ERR_SOCKET|ECONNRESET|EPIPE)$/
const repeatable = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * One call through undici, streamed both ways with back-pressure: the client's body is read as fast as the service
 * takes it, the answer as fast as the client takes it. Who goes away takes the other side with it; a client that takes
 * nothing for `slowReaderMs` is given up.
 */
export function forwardByUndici(
  exchange: Exchange,
  forward: Forward,
  request: IncomingMessage,
  response: ServerResponse,
  agent: Agent,
  slowReaderMs = 300_000,
): void {
  const end: End = { bytesIn: 0, bytesOut: 0, aborted: null }
  const hasBody = 'transfer-encoding' in request.headers || Number(request.headers['content-length'] ?? 0) > 0
  let controller: Dispatcher.DispatchController | undefined
  let answering = false
  let retried = false
  let over = false
  let stalledMs = 0
  let lateClient: NodeJS.Timeout | undefined

  // Without progress for the whole deadline the call is broken off; a client that reads slowly gets more time.
  const deadline = setTimeout(() => {
    if (controller?.paused && (stalledMs += forward.deadlineMs) < slowReaderMs) return void deadline.refresh()
    end.aborted = controller?.paused ? 'client' : 'deadline'
    controller?.abort(new Error('deadline'))
    if (!controller) fail(new Error('deadline'))
  }, forward.deadlineMs)

  response.once('close', () => {
    over = true
    clearTimeout(deadline)
    clearTimeout(lateClient)
    if (!response.writableFinished) {
      end.aborted ??= 'client'
      controller?.abort(new Error('the client went away'))
    }
    exchange.ended(end)
  })

  dispatch()

  function dispatch(): void {
    if (over || response.destroyed) return
    const { origin, method, target, headers } = forward
    try {
      agent.dispatch(
        {
          origin,
          method,
          path: target,
          headers,
          body: hasBody ? Readable.from(body(), { objectMode: false }) : null,
        },
        handler(),
      )
    } catch (error) {
      fail(error as Error)
    }
  }

  async function* body(): AsyncGenerator<Buffer> {
    if (/^100-continue$/i.test(request.headers.expect ?? '')) response.writeContinue()
    // Left open at the end: destroying the request would destroy the connection that the answer has to take.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      end.bytesIn += chunk.length
      deadline.refresh()
      yield chunk
    }
  }

  /** The service is done, and the client still has not taken the rest. */
  function giveUp(): void {
    end.aborted ??= 'client'
    response.destroy()
  }

  function handler(): Dispatcher.DispatchHandler {
    return {
      onRequestStart(started) {
        controller = started
        if (over || end.aborted) started.abort(new Error('the client went away'))
      },
      onResponseStart(started, status) {
        if (status < 200 || over) return
        deadline.refresh()
        try {
          response.writeHead(status, exchange.answered(status, toPairs(started.rawHeaders)))
          answering = true
        } catch (error) {
          // A header that may not be written: the service's fault.
          return started.abort(error as Error)
        }
        // Most bodies come at once, and then the head goes with them in one piece.
        setImmediate(() => {
          if (!response.writableEnded && end.bytesOut === 0) response.flushHeaders()
        })
      },
      onResponseData(started, chunk) {
        deadline.refresh()
        exchange.take?.(chunk)
        end.bytesOut += chunk.length
        if (response.write(chunk)) return
        started.pause()
        response.once('drain', () => {
          stalledMs = 0
          deadline.refresh()
          started.resume()
        })
      },
      onResponseEnd(started) {
        clearTimeout(deadline)
        const trailers = exchange.trailers(toPairs(started.rawTrailers))
        if (trailers.length > 0) response.addTrailers(toEntries(trailers))
        response.end()
        lateClient = setTimeout(giveUp, slowReaderMs)
        discardRest(request)
      },
      onResponseError: (_, error) => fail(error),
    }
  }

  function fail(error: Error): void {
    if (over) return
    const code = (error as NodeJS.ErrnoException).code ?? ''
    const again = !retried && !answering && !hasBody && end.aborted === null
    if (again && repeatable.has(forward.method) && stale.test(code)) {
      retried = true
      return dispatch()
    }
    clearTimeout(deadline)
    // Half an answer cannot be taken back: an end that the client can tell from a whole one is all that is left.
    if (answering) {
      end.aborted ??= 'upstream'
      return void response.destroy()
    }
    const failure: Failure =
      end.aborted === 'deadline' ? 'deadline' : unreachable.test(code) ? 'unreachable' : 'broken'
    end.aborted ??= 'upstream'
    end.bytesOut = sendAnswer(exchange.failed(failure, `${code} ${error.message}`.trim()), request, response)
  }
}

/** undici's raw headers: names and values in turns, as bytes. */
function toPairs(raw: unknown): string[] {
  if (!Array.isArray(raw)) return []
  return raw.map((part: unknown) => (Buffer.isBuffer(part) ? part.toString('latin1') : String(part)))
}

function toEntries(pairs: readonly string[]): [string, string][] {
  const entries: [string, string][] = []
  for (let index = 0; index < pairs.length; index += 2) entries.push([pairs[index]!, pairs[index + 1]!])
  return entries
}
