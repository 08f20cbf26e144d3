import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import { valuesOf } from '../ground.ts'
import { fieldsOf } from '../header-fields.ts'
import { withoutHeaders } from '../header-list.ts'
import { BodyTimer, inTime } from './body-time.ts'
import type { BodyTimes } from './body-time.ts'
import type { ClientSide } from './client-side.ts'
import { newEnd } from './end.ts'
import type { Answer, End, Exchange, Failure, Forward } from './engine.ts'
import { createSpoiledOutlet } from './node-spoil.ts'
import type { SpoiledOutlet } from './node-spoil.ts'
import { openTunnel } from './node-tunnel.ts'
import type { Order, ServiceAgent } from './service-agent.ts'
import { Collector } from './splice/collector.ts'

// Nothing of these got as far as the service.
const unreachable = /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT)$/
// A kept connection that the service closed while we took it up again.
const stale = /^(UND_ERR_SOCKET|ECONNRESET|EPIPE)$/
const repeatable = new Set(['GET', 'HEAD', 'OPTIONS'])

export interface ForwardOptions extends BodyTimes {
  /** Bytes of the client's body, which has been read: the service gets `Forward.body`, and nothing else. */
  gathered?: number
  slowReaderMs?: number
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
  agent: Pick<ServiceAgent, 'dispatch'>,
  { gathered, slowReaderMs = 300_000, ...times }: ForwardOptions,
): void {
  const end: End = { ...newEnd(), bytesIn: gathered ?? 0 }
  const hasBody = client.hasBody && gathered === undefined
  let controller: Dispatcher.DispatchController | undefined
  /** The service's answer has begun. */
  let answered = false
  /** Some of it has gone out, and cannot be taken back. */
  let answering = false
  /** The service is not wanted any more: whatever it does changes nothing. */
  let left = false
  /** It is told: what may come of the service any more changes nothing. */
  let failed = false
  let switched = false
  let collector: Collector | undefined
  let outlet: SpoiledOutlet | undefined
  let connection: { readonly address: string } | undefined
  /** It has no connection that stands; since when, in milliseconds of `performance.now()`, where it did not get one at once. */
  let isWaiting = false
  let waitsSince = 0
  let ended = false
  let over = false
  let stalledMs = 0
  let trailers: string[] = []
  let lateClient: NodeJS.Timeout | undefined
  /** Why there will be no answer of the service, where that is not its fault. */
  let refused: 'slow' | 'too large' | 'total' | undefined
  const { maxBodyBytes = Infinity } = forward
  const bodyTimer = new BodyTimer(times, () => refuse('slow'))

  // Without progress for the whole deadline the call is broken off; a client that reads slowly gets more time.
  const deadline = setTimeout(() => {
    if (controller?.paused && (stalledMs += forward.deadlineMs) < slowReaderMs) return void deadline.refresh()
    end.aborted = controller?.paused ? 'client' : 'deadline'
    controller?.abort(new Error('deadline'))
    if (!controller) fail(new Error('deadline'))
  }, forward.deadlineMs)
  const total = forward.totalMs === undefined ? undefined : setTimeout(endTotal, forward.totalMs)

  client.onClose(() => {
    if (switched) return
    over = true
    stopWaiting()
    stopClocks()
    clearTimeout(lateClient)
    outlet?.stop()
    if (!client.finished()) {
      end.aborted ??= 'client'
      controller?.abort(new Error('the client went away'))
    }
    exchange.ended(end)
  })

  if ((forward.body?.length ?? (hasBody ? client.length : null) ?? 0) > maxBodyBytes) {
    refuse('too large')
    fail(new Error('its length says so'))
  } else dispatch()

  function dispatch(): void {
    if (over || client.gone()) return
    const { origin, method, target, upgrade } = forward
    const headers =
      gathered === undefined
        ? [...forward.headers.list]
        : withoutHeaders(forward.headers.list, (name) => name === 'content-length')
    const own = forward.body ?? null
    const call: Order = {
      origin,
      method,
      path: target,
      headers,
      body: hasBody ? bodyForService() : own,
      onConnection(given) {
        connection = given
      },
    }
    end.connectMs ??= 0
    isWaiting = true
    waitsSince = 0
    try {
      agent.dispatch(upgrade && client.switchTo ? { ...call, upgrade } : call, handler())
    } catch (error) {
      fail(error as Error)
    }
    if (isWaiting) waitsSince = performance.now()
  }

  /** Where a connection was free, without a look at the clock. */
  function stopWaiting(): void {
    if (!isWaiting) return
    isWaiting = false
    if (waitsSince > 0) end.connectMs! += Math.round(performance.now() - waitsSince)
    end.upstream = connection?.address ?? null
  }

  function bodyForService(): Readable {
    const readable = Readable.from(body(), { objectMode: false })
    // undici pauses it while the service takes no more.
    return readable.on('pause', () => bodyTimer.hold()).on('resume', () => bodyTimer.release())
  }

  async function* body(): AsyncGenerator<Uint8Array> {
    for await (const chunk of inTime(client.body(), bodyTimer)) {
      end.bytesIn += chunk.length
      if (end.bytesIn > maxBodyBytes) {
        refuse('too large')
        throw new Error('too large')
      }
      deadline.refresh()
      yield chunk
    }
  }

  /** What the client sends is not served, whatever the service says. */
  function refuse(why: 'slow' | 'too large'): void {
    if (over || left || ended) return
    refused = why
    end.aborted ??= 'client'
    controller?.abort(new Error(why))
  }

  /** It made progress all the while, or could have. */
  function endTotal(): void {
    if (answering && exchange.isEndless?.()) return
    refused = 'total'
    end.aborted ??= controller?.paused ? 'client' : 'deadline'
    if (controller) controller.abort(new Error('total'))
    else fail(new Error('total'))
  }

  /** By the answer. */
  function sawProgress(): void {
    deadline.refresh()
    bodyTimer.sawProgress()
  }

  function stopClocks(): void {
    clearTimeout(deadline)
    clearTimeout(total)
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
        stopWaiting()
        if (over || end.aborted) started.abort(new Error('the client went away'))
      },
      onRequestUpgrade(started, status, _, service) {
        try {
          switchTo(status, toPairs(started.rawHeaders), service as Socket)
        } catch (error) {
          service.on('error', () => {}).destroy()
          fail(error as Error)
        }
      },
      onResponseStart(started, status) {
        if (status === 101) return started.abort(new Error('the service switches to what nobody asked for'))
        if (over) return
        if (status < 200) return passInterim(status, started)
        sawProgress()
        try {
          const headers = exchange.answered(status, fieldsOf(toPairs(started.rawHeaders)))
          answered = true
          if (exchange.reshape) collector = new Collector(exchange.reshape.maxBytes)
          else begin(status, [...headers.list])
        } catch (error) {
          // A header that may not be written: the service's fault.
          return started.abort(error as Error)
        }
        // Most bodies come at once, and then the head goes with them in one piece.
        if (answering && !outlet)
          setImmediate(() => {
            if (!ended && end.bytesOut === 0) client.flushHead()
          })
      },
      onResponseData(started, chunk) {
        if (left) return
        sawProgress()
        exchange.take?.(chunk)
        if (collector) {
          collector.pass(chunk, 0, chunk.length)
          if (collector.isTooLong) reshape(null)
          return
        }
        if (outlet) return outlet.pass(chunk)
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
        if (left) return
        ended = true
        if (collector) return reshape(collector.whole())
        trailers = toPairs(started.rawTrailers)
        if (outlet) outlet.end()
        else client.end(exchange.trailers(trailers))
        serviceIsDone()
        client.discardBody()
      },
      onResponseError: (_, error) => fail(error),
    }
  }

  /** 100 is the gateway's own to say; the others (103) are for whom they concern. */
  function passInterim(status: number, { rawHeaders }: Dispatcher.DispatchController): void {
    if (status === 100 || !exchange.interim || !client.interim || client.gone()) return
    client.interim(status, exchange.interim(toPairs(rawHeaders)))
  }

  /** From here on all that is waited for is the client. */
  function serviceIsDone(): void {
    stopClocks()
    lateClient = setTimeout(giveUp, slowReaderMs)
  }

  function leave(): void {
    if (left) return
    left = true
    serviceIsDone()
    if (!ended) controller?.abort(new Error('the rest of the answer is not wanted'))
  }

  /** The head goes out, and nothing of what follows can be taken back. */
  function begin(status: number, headers: string[]): void {
    client.writeHead(status, headers)
    answering = true
    if (!exchange.spoil) return
    outlet = createSpoiledOutlet(client, exchange.spoil, {
      holdSource: (holds) => (holds ? controller?.pause() : controller?.resume()),
      leaveSource: leave,
      cut: () => (end.aborted = 'upstream'),
      sent(size) {
        end.bytesOut += size
        stalledMs = 0
        if (left || ended) lateClient?.refresh()
        else deadline.refresh()
      },
      over: () => client.end(collector ? [] : exchange.trailers(trailers)),
    })
    outlet.begin()
  }

  /** In place of the service's answer goes what is made of it. Null: it was too long. */
  function reshape(body: Buffer | null): void {
    const answer = exchange.reshape!.whole(body)
    // Where its head may not be written it has failed, as the service would have.
    if (!exchange.spoil) end.bytesOut = client.answer(answer)
    else spoil(answer)
    leave()
  }

  function spoil({ status, headers, body }: Answer): void {
    begin(status, headers)
    if (client.method !== 'HEAD') outlet!.pass(Buffer.from(body))
    outlet!.end()
    client.discardBody()
  }

  function switchTo(status: number, headers: string[], service: Socket): void {
    if (over) throw new Error('the client went away')
    const asked = forward.upgrade!.toLowerCase()
    const [protocol = ''] = valuesOf({ headers }, 'upgrade')
    // RFC 9110 7.8: to nothing but what was asked for.
    if (status !== 101 || !exchange.switched || protocol.toLowerCase() !== asked)
      throw new Error('the service switches to what nobody asked for')
    const socket = client.switchTo!(protocol, exchange.switched(headers))
    switched = true
    stopClocks()
    const tunnel = openTunnel(socket, service, end, () => exchange.ended(end))
    exchange.tunnelled?.(() => tunnel.cut())
  }

  function fail(error: Error): void {
    if (over || left || failed) return
    stopWaiting()
    const code = (error as NodeJS.ErrnoException).code ?? ''
    const again = end.retries === 0 && !answered && !hasBody && end.aborted === null
    // A 101 that nobody asked for (undici’s words) has been said: the connection was not stale.
    const isStale = stale.test(code) && error.message !== 'bad upgrade'
    if (again && isStale && repeatable.has(forward.method)) {
      end.retries = 1
      return dispatch()
    }
    failed = true
    stopClocks()
    // Half an answer cannot be taken back: an end that the client can tell from a whole one is all that is left.
    if (answering) {
      end.aborted ??= 'upstream'
      return client.breakOff()
    }
    const unanswered = unreachable.test(code) ? 'unreachable' : 'broken'
    const failure: Failure = refused ?? (end.aborted === 'deadline' ? 'deadline' : unanswered)
    end.aborted ??= 'upstream'
    end.bytesOut = client.answer(exchange.failed(failure, `${code} ${error.message}`.trim()))
  }
}

/** undici's raw headers: names and values in turns, as bytes. */
function toPairs(raw: unknown): string[] {
  if (!Array.isArray(raw)) return []
  return raw.map((part: unknown) => (Buffer.isBuffer(part) ? part.toString('latin1') : String(part)))
}
