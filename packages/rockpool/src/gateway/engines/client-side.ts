import type { Socket } from 'node:net'
import type { Answer } from './engine.ts'

/**
 * The client's side of one request, whatever protocol carries it: what a forward needs to read its body and to write its
 * answer. `node-client.ts` is the one of HTTP/1.1, `node-upgrade.ts` that of a connection which asks for another protocol,
 * `http2/client.ts` that of HTTP/2.
 */
export interface ClientSide {
  readonly method: string
  /** Bytes of the body, where the client says how many come. */
  readonly length: number | null
  /** A body comes, or may come. */
  readonly hasBody: boolean
  /** The body as it comes. The first read says that it is wanted (`100 Continue`). Fails when it breaks off. */
  body(): AsyncIterable<Uint8Array>
  /** An interim answer (RFC 9110 15.2) other than 100, names and values in turns; left out where it cannot be written. */
  interim?(status: number, headers: readonly string[]): void
  /** The head of a service's answer, names and values in turns. Throws where a header may not be written. */
  writeHead(status: number, headers: string[]): void
  /** The head does not wait for the body any longer. */
  flushHead(): void
  /** False: no more before `onDrain`. */
  write(chunk: Uint8Array): boolean
  onDrain(listener: () => void): void
  /** The end of the answer, with its trailers. */
  end(trailers: readonly string[]): void
  /** An answer of our own, whole; gives the size of its body. */
  answer(answer: Answer): number
  /** What still comes of the body is wanted by nobody. */
  discardBody(): void
  /** Ends it so that the client can tell: half an answer must not pass for a whole one. */
  breakOff(): void
  /** Calls when all that was written is on its way, or nothing goes any more. */
  flushed(listener: () => void): void
  /** Ends it by a reset of the connection, or of the stream. What was not `flushed` before is lost. */
  reset(): void
  /** Leaves HTTP for this protocol (101), with these headers among the answer's; gives the connection. Without it, it cannot. */
  switchTo?(protocol: string, headers: readonly string[]): Socket
  /** Nobody is there to be answered. */
  gone(): boolean
  /** The answer went out whole. */
  finished(): boolean
  /** It is over, finished or not; called once. */
  onClose(listener: () => void): void
}

/** Names and values in turns as pairs. */
export function toEntries(pairs: readonly string[]): [string, string][] {
  const entries: [string, string][] = []
  for (let index = 0; index < pairs.length; index += 2) entries.push([pairs[index]!, pairs[index + 1]!])
  return entries
}

/** Names and values in turns as lists of values by name, in small letters. */
export function byName(pairs: readonly string[]): Record<string, string[]> {
  const fields: Record<string, string[]> = {}
  for (const [name, value] of toEntries(pairs)) (fields[name.toLowerCase()] ??= []).push(value)
  return fields
}

/** A connection of TLS cannot be reset by itself; there, its end without a word says the same. */
export function resetSocket(socket: Socket): void {
  if (socket.destroyed) return
  if ('encrypted' in socket) socket.destroy()
  else socket.resetAndDestroy()
}
