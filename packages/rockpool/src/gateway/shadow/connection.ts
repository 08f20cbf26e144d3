import { TLSSocket } from 'node:tls'
import type { Socket } from 'node:net'
import { bodyOfAnswer, bodyOfRequest, readAnswer, readRequest, requestLine, statusLine } from './framing.ts'
import { createReader } from './reader.ts'
import type { AnswerHead, RequestHead } from './types.ts'

/** So many requests may wait for their answers on one connection; with more of them it is handed through unread. */
const mostPending = 100

/** Looks at heads as they pass. What it throws is caught, and touches no byte. */
export interface Observer {
  /** A request was seen; hears of its answer, once. */
  request(head: RequestHead): (answer: AnswerHead) => void
  failed(error: unknown): void
}

export interface ConnectionOptions {
  client: Socket
  upstream: Socket
  /** What stands in for a line of a request's headers. */
  hostLine: (line: Buffer) => Buffer
  observer: Observer
}

/**
 * Ties a client's connection to one of its own at the upstream, byte by byte: what one side ends, aborts or holds back,
 * the other side ends, aborts and holds back. Gives back whether it only waits for a next request.
 */
export function tie({ client, upstream, hostLine, observer }: ConnectionOptions): () => boolean {
  const pending: { method: string; answered: ((answer: AnswerHead) => void) | undefined }[] = []
  let isUpgraded = false

  const observe = <T>(work: () => T): T | undefined => {
    try {
      return work()
    } catch (error) {
      observer.failed(error)
      return undefined
    }
  }
  const up = createReader({
    firstLine: requestLine,
    line: hostLine,
    onHead(line, headers) {
      const request = readRequest(line, headers)
      if (pending.length >= mostPending) throw new Error('too many requests wait for their answers')
      pending.push({ method: request.method, answered: observe(() => observer.request(request)) })
      return bodyOfRequest(request)
    },
  })
  const down = createReader({
    firstLine: statusLine,
    onHead(line, headers) {
      const answer = readAnswer(line, headers)
      const request = pending[0]
      const body = bodyOfAnswer(answer, request?.method ?? null)
      if (answer.status >= 200 || answer.status === 101) {
        pending.shift()
        observe(() => request?.answered?.(answer))
      }
      if (body === 'raw') isUpgraded = true
      return body
    },
  })

  const goingUp = (chunk: Buffer) => {
    // An upgrade is the answer's to grant; until then these are requests.
    if (isUpgraded) up.goRaw()
    return up.take(chunk)
  }
  // Of answers nothing is held back and nothing changed: they are only read along.
  const comingDown = (chunk: Buffer) => {
    down.take(chunk)
    return [chunk]
  }
  pump(client, upstream, goingUp, () => up.end())
  pump(upstream, client, comingDown, () => [])
  return () => up.isBetween && down.isBetween && pending.length === 0
}

function pump(from: Socket, to: Socket, through: (chunk: Buffer) => Buffer[], rest: () => Buffer[]): void {
  from.on('data', (chunk: Buffer) => {
    let hasRoom = true
    for (const piece of through(chunk)) hasRoom = to.write(piece)
    if (!hasRoom) from.pause()
  })
  to.on('drain', () => from.resume())
  from.on('end', () => {
    for (const piece of rest()) to.write(piece)
    to.end()
  })
  // What breaks one side off breaks off the other: nobody takes a piece for the whole.
  from.on('error', () => breakOff(to))
  from.on('close', () => {
    if (!to.writableEnded) breakOff(to)
  })
}

function breakOff(socket: Socket): void {
  // Node resets plain TCP only; TLS says by itself that it was cut short.
  if (socket instanceof TLSSocket || socket.destroyed || socket.connecting) socket.destroy()
  else socket.resetAndDestroy()
}
