import { Readable } from 'node:stream'
import { Agent } from 'undici'
import type { Dispatcher } from 'undici'
import type { ClientSide } from './client-side.ts'
import type { End, Exchange, Failure, Forward } from './engine.ts'

// Nothing of these got as far as the service.
const unreachable = /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT)$/
// A kept connection that the service closed while we took it up again.
const stale = /^(UND_ERR_SOCKET|ECONNRESET|EPIPE)$/
const repeatable = new Set(['GET', 'HEAD', 'OPTIONS'])

/** The connections to services. */
export function createAgent(): Agent {
  return new Agent({
    connections: 256,
    pipelining: 1,
    allowH2: false,
    maxHeaderSize: 16 * 1024,
    // The gateway's own deadline is exact; these would be a second, coarser one.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: 2_000 },
  })
}

/** Does what the exchange plans: answers at once, or forwards. */
export function carry(exchange: Exchange, client: ClientSide, agent: Agent): void {
  // Gone while something was still on its way to the disk: its end has passed.
  if (client.gone()) return exchange.ended({ bytesIn: 0, bytesOut: 0, aborted: 'client' })
  if ('forward' in exchange.plan) return forwardByUndici(exchange, exchange.plan.forward, client, agent)
  const bytesOut = client.answer(exchange.plan.answer)
  client.onClose(() => exchange.ended({ bytesIn: 0, bytesOut, aborted: client.finished() ? null : 'client' }))
}

/**
 * One call through undici, streamed both ways with back-pressure: the client's body is read as fast as the service
 * takes it, the answer as fast as the client takes it. Who goes away takes the other side with it; a client that takes
 * nothing for `slowReaderMs` is given up.
 */
export function forwardByUndici(
  exchange: Exchange,
  forward: Forward,
  client: ClientSide,
  agent: Agent,
  slowReaderMs = 300_000,
): void {
  const end: End = { bytesIn: 0, bytesOut: 0, aborted: null }
  const { hasBody } = client
  let controller: Dispatcher.DispatchController | undefined
  let answering = false
  let retried = false
  let ended = false
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

  client.onClose(() => {
    over = true
    clearTimeout(deadline)
    clearTimeout(lateClient)
    if (!client.finished()) {
      end.aborted ??= 'client'
      controller?.abort(new Error('the client went away'))
    }
    exchange.ended(end)
  })

  dispatch()

  function dispatch(): void {
    if (over || client.gone()) return
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

  async function* body(): AsyncGenerator<Uint8Array> {
    for await (const chunk of client.body()) {
      end.bytesIn += chunk.length
      deadline.refresh()
      yield chunk
    }
  }

  /** The service is done, and the client still has not taken the rest. */
  function giveUp(): void {
    end.aborted ??= 'client'
    client.breakOff()
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
          client.writeHead(status, exchange.answered(status, toPairs(started.rawHeaders)))
          answering = true
        } catch (error) {
          // A header that may not be written: the service's fault.
          return started.abort(error as Error)
        }
        // Most bodies come at once, and then the head goes with them in one piece.
        setImmediate(() => {
          if (!ended && end.bytesOut === 0) client.flushHead()
        })
      },
      onResponseData(started, chunk) {
        deadline.refresh()
        exchange.take?.(chunk)
        end.bytesOut += chunk.length
        if (client.write(chunk)) return
        started.pause()
        client.onDrain(() => {
          stalledMs = 0
          deadline.refresh()
          started.resume()
        })
      },
      onResponseEnd(started) {
        clearTimeout(deadline)
        ended = true
        client.end(exchange.trailers(toPairs(started.rawTrailers)))
        lateClient = setTimeout(giveUp, slowReaderMs)
        client.discardBody()
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
      return client.breakOff()
    }
    const failure: Failure =
      end.aborted === 'deadline' ? 'deadline' : unreachable.test(code) ? 'unreachable' : 'broken'
    end.aborted ??= 'upstream'
    end.bytesOut = client.answer(exchange.failed(failure, `${code} ${error.message}`.trim()))
  }
}

/** undici's raw headers: names and values in turns, as bytes. */
function toPairs(raw: unknown): string[] {
  if (!Array.isArray(raw)) return []
  return raw.map((part: unknown) => (Buffer.isBuffer(part) ? part.toString('latin1') : String(part)))
}
