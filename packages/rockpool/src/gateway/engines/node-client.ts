import type { IncomingMessage, ServerResponse } from 'node:http'
import { byName, resetSocket, toEntries } from './client-side.ts'
import type { ClientSide } from './client-side.ts'
import type { Answer } from './engine.ts'

/** A body that nobody wants is read and thrown away for this long, so that the client can read why. */
const discardMs = 5_000

/** The client's side of a request of node:http. */
export function createNodeClient(request: IncomingMessage, response: ServerResponse): ClientSide {
  const length = request.headers['content-length']
  // RFC 9110 15.2: there are no interim answers in it.
  const isOld = request.httpVersion === '1.0'

  /** A body that nobody wants any more is read on for a while: a connection reset would take the answer with it. */
  function discardBody(): void {
    if (request.complete || request.destroyed) return
    request.resume()
    const timer = setTimeout(() => request.socket.destroy(), discardMs).unref()
    request.once('close', () => clearTimeout(timer))
  }

  return {
    method: request.method ?? '',
    length: length === undefined ? null : Number(length),
    hasBody: 'transfer-encoding' in request.headers || Number(length ?? 0) > 0,
    body() {
      if (!isOld && /^100-continue$/i.test(request.headers.expect ?? '')) response.writeContinue()
      // Left open at the end: destroying the request would destroy the connection that the answer has to take.
      return request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>
    },
    interim(status, headers) {
      if (isOld || response.headersSent) return
      if (status === 102) return response.writeProcessing()
      if (status !== 103) return
      const hints = byName(headers)
      try {
        response.writeEarlyHints({ ...hints, link: hints['link'] ?? [] })
      } catch {
        // Links that node:http does not take.
      }
    },
    writeHead: (status, headers) => void response.writeHead(status, headers),
    flushHead: () => response.flushHeaders(),
    write: (chunk) => response.write(chunk),
    onDrain: (listener) => void response.once('drain', listener),
    end(trailers) {
      if (trailers.length > 0) response.addTrailers(toEntries(trailers))
      response.end()
    },
    answer(answer: Answer) {
      response.writeHead(answer.status, answer.headers)
      // As bytes: with a text Node would write the head in the text's encoding too.
      const body = Buffer.from(request.method === 'HEAD' ? '' : answer.body)
      response.end(body)
      discardBody()
      return body.length
    },
    discardBody,
    breakOff: () => void response.destroy(),
    flushed(listener) {
      response.flushHeaders()
      response.write('', () => listener())
    },
    reset: () => resetSocket(request.socket),
    gone: () => response.destroyed || response.closed,
    finished: () => response.writableFinished,
    onClose: (listener) => void response.once('close', listener),
  }
}
