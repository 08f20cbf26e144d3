import { constants } from 'node:http2'
import type { ServerHttp2Stream } from 'node:http2'
import { byName, toEntries } from '../client-side.ts'
import type { ClientSide } from '../client-side.ts'
import type { Answer, ClientHead } from '../engine.ts'
import { valuesOf } from '../../ground.ts'

/** So much of a body that nobody wants any more is taken before its client is told so. */
const lingerBytes = 64 * 1024
const lingerMs = 500

/**
 * The client's side of one stream of HTTP/2. `head`: of its request, or what is known of one that could not be read.
 * `takeMs`: in which an answer of our own has to be taken.
 */
export function createHttp2Client(
  stream: ServerHttp2Stream,
  head: Pick<ClientHead, 'method' | 'headers'>,
  takeMs: number,
): ClientSide {
  const [length] = valuesOf(head, 'content-length')
  let whole = false
  // A client's reset ends the writable side as well: what counts is an end of ours that came before it. Where both sides
  // have ended the stream may be closed before it says that it has finished.
  const isWhole = () =>
    stream.writableEnded && !stream.aborted && stream.rstCode === constants.NGHTTP2_NO_ERROR
  stream.once('finish', () => (whole ||= isWhole()))
  stream.prependOnceListener('close', () => (whole ||= isWhole()))
  // By itself it would be over only when somebody has read what came before the reset, be that theirs or ours.
  stream.once('aborted', () => setImmediate(() => stream.destroy()))

  async function* body(): AsyncGenerator<Buffer> {
    const expected = valuesOf(head, 'expect').some((value) => /^100-continue$/i.test(value))
    if (expected && !stream.headersSent && !stream.destroyed) stream.additionalHeaders({ ':status': 100 })
    for await (const chunk of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>)
      yield chunk
    // A reset ends what is read like a body's own end does. It must not pass for one.
    if (stream.closed || stream.aborted) throw new Error('the client broke its body off')
  }

  let pending = 0
  const onFlushed: (() => void)[] = []
  const written = () => {
    pending -= 1
    if (pending === 0) for (const listener of onFlushed.splice(0)) listener()
  }

  let waitForTrailers = false
  /** The answer is out, as far as it goes through here. */
  const sent = new Promise<void>((resolve) => {
    stream.once('finish', () => waitForTrailers || resolve())
    // Node sends trailers in the next turn.
    stream.once('wantTrailers', () => setImmediate(() => setImmediate(resolve)))
  })

  /**
   * RFC 9113 8.1: once the answer is out, the client is told to stop sending, and keeps the answer. What is on its way is
   * taken first: its end makes that needless, and what is wrong with it is told for as long as the stream is there.
   */
  function discardBody(): void {
    if (stream.endAfterHeaders || stream.readableEnded || stream.closed) return
    // Closing it would wait until somebody has read what came.
    const stop = () => void sent.then(() => stream.destroy())
    let left = lingerBytes
    stream.on('data', (chunk: Buffer) => {
      left -= chunk.length
      if (left < 0) {
        stream.pause()
        stop()
      }
    })
    void sent.then(() => {
      const late = setTimeout(stop, lingerMs).unref()
      stream.once('close', () => clearTimeout(late))
    })
  }

  /** Who opens no window for it would hold his stream, and all that waits for its end. */
  function takeInTime(): void {
    const late = setTimeout(() => {
      if (!whole) stream.close(constants.NGHTTP2_CANCEL)
    }, takeMs).unref()
    stream.once('close', () => clearTimeout(late))
  }

  return {
    method: head.method,
    length: length === undefined ? null : Number(length),
    hasBody: !stream.endAfterHeaders && !(length !== undefined && Number(length) === 0),
    body,
    interim(status, headers) {
      if (stream.headersSent) return
      try {
        stream.additionalHeaders({ ':status': status, ...byName(withoutOwn(headers)) })
      } catch {
        // One that may not be written: the answer is whole without it.
      }
    },
    writeHead(status, headers) {
      const fields = withoutOwn(headers)
      // An answer whose length is known has no trailers (RFC 9112 6.5), and waiting for some would cost a frame.
      waitForTrailers = valuesOf({ headers }, 'content-length').length === 0
      stream.respond([':status', String(status), ...fields], { waitForTrailers })
    },
    flushHead: () => {},
    // A status that has no body has ended with its head.
    write(chunk) {
      if (stream.writableEnded) return true
      pending += 1
      return stream.write(chunk, written)
    },
    onDrain: (listener) => void stream.once('drain', listener),
    end(trailers) {
      stream.once('wantTrailers', () => sendTrailers(stream, trailers))
      if (!stream.writableEnded) stream.end()
    },
    answer(answer: Answer) {
      if (stream.destroyed || stream.closed) return 0
      stream.respond([':status', String(answer.status), ...withoutOwn(answer.headers)])
      const body = head.method === 'HEAD' || stream.writableEnded ? '' : answer.body
      if (!stream.writableEnded) stream.end(body)
      discardBody()
      takeInTime()
      return Buffer.byteLength(body)
    },
    discardBody,
    // RFC 9113 8.1: an answer that is not whole is ended by a reset.
    breakOff: () => stream.close(constants.NGHTTP2_INTERNAL_ERROR),
    flushed(listener) {
      if (pending === 0) setImmediate(listener)
      else onFlushed.push(listener)
    },
    reset: () => stream.close(constants.NGHTTP2_INTERNAL_ERROR),
    gone: () => stream.destroyed || stream.closed,
    finished: () => whole,
    onClose: (listener) => void stream.once('close', listener),
  }
}

function sendTrailers(stream: ServerHttp2Stream, trailers: readonly string[]): void {
  try {
    stream.sendTrailers(byName(trailers))
  } catch {
    // One that may not be written: the service's fault, and the answer is whole without it.
    stream.sendTrailers({})
  }
}

/** RFC 9113 8.2.2: nothing about one connection. The rest of such headers the gateway has dropped already. */
function withoutOwn(headers: readonly string[]): string[] {
  return toEntries(headers).flatMap(([name, value]) =>
    name.toLowerCase() === 'http2-settings' ? [] : [name.toLowerCase(), value],
  )
}
