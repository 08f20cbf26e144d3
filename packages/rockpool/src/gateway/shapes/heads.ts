import type { ClientHead } from '../engines/engine.ts'
import { withoutHeaders } from '../header-list.ts'
import type { EnvelopedRequest } from './enveloped-request.ts'

/** About the bytes of a body that does not go on, and about a connection that it came on. */
const content =
  /^(content-type|content-length|content-encoding|content-md5|digest|content-digest|transfer-encoding|expect|upgrade)$/i
/** About the bytes of an answer that does not come as they are. */
const negotiation = /^(accept-encoding|range|if-range|te)$/i

/** The head of the request that stood in a body: what it names counts instead of what the outer head says. Pure. */
export function withEnvelope(
  head: ClientHead,
  { method, headers, body, reserved }: EnvelopedRequest,
): ClientHead {
  const named = new Set<string>()
  for (let index = 0; index < headers.length; index += 2) named.add(headers[index]!.toLowerCase())
  const kept = withoutHeaders(head.headers, (name) => content.test(name) || named.has(name))
  // Of the body's own type nothing is left to say where there is none.
  const own = body === undefined ? withoutHeaders(headers, (name) => content.test(name)) : headers
  // Marks of ours among them are taken out with all others, and counted there.
  const marks = Array.from({ length: reserved }, () => ['Rockpool-Enveloped', '-']).flat()
  return { ...head, method, headers: [...kept, ...own, ...marks] }
}

/** The head of a request whose body has become JSON. Pure. */
export function withJson(head: ClientHead): ClientHead {
  const kept = withoutHeaders(head.headers, (name) => content.test(name))
  return { ...head, headers: [...kept, 'Content-Type', 'application/json'] }
}

/** The head of a request whose body is of the same type, and has other bytes. Pure. */
export function withOtherContent(head: ClientHead): ClientHead {
  const drop = (name: string) => name !== 'content-type' && content.test(name)
  return { ...head, headers: withoutHeaders(head.headers, drop) }
}

/** Without what asks for an answer that could not be put into an envelope. Pure. */
export function withoutNegotiation(headers: readonly string[]): string[] {
  return withoutHeaders(headers, (name) => negotiation.test(name))
}

/** Without what says who asks. Pure. */
export function withoutCredentials(headers: readonly string[]): string[] {
  return withoutHeaders(headers, (name) => /^(authorization|cookie|rockpool-.*)$/i.test(name))
}
