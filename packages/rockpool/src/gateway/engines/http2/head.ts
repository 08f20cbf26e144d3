import type { ClientHead, Fault } from '../engine.ts'
import { isHost, maxHeaders } from '../splice/head.ts'

/** As large as a head of HTTP/1.1 may be, and with as many fields, counted as it would be written there. */
const maxHeadBytes = 16 * 1024

/** What the connection tells of every request on it. */
export type Connection = Pick<ClientHead, 'remote' | 'encrypted'>

export type HeadReading = { head: ClientHead } | { fault: Fault }

/**
 * A request's head from the fields of HTTP/2, names and values in turns, as Node gives them: pseudo-headers become what
 * the gateway knows of HTTP/1.1 (RFC 9113 8.3.1). Node has already refused what breaks the form of RFC 9113 8.2 (letter
 * case, connection-specific fields, `te`), and pseudo-headers that are missing, twice, unknown or late. Pure.
 */
export function readHead(raw: readonly string[], connection: Connection): HeadReading {
  const pseudo = new Map<string, string>()
  const hosts: string[] = []
  const cookies: string[] = []
  const headers: string[] = []
  let bytes = 0
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index]!
    const value = raw[index + 1]!
    bytes += name.length + value.length + 4
    if (name.startsWith(':')) pseudo.set(name, value)
    else if (name === 'host') hosts.push(value)
    else if (name === 'cookie') cookies.push(value)
    else headers.push(name, value)
  }
  // RFC 9113 8.2.3: what was taken apart for compression is one header again wherever else it goes.
  if (cookies.length > 0) headers.push('cookie', cookies.join('; '))
  // Its host comes to them.
  if (bytes > maxHeadBytes || headers.length >= maxHeaders * 2) return { fault: 'headers too large' }
  const method = pseudo.get(':method') ?? ''
  if (method === 'CONNECT') return { fault: 'connect' }
  const host = hostOf(pseudo.get(':authority'), hosts)
  const target = pseudo.get(':path')
  if (host === undefined || target === undefined || !/^https?$/i.test(pseudo.get(':scheme') ?? ''))
    return { fault: 'malformed' }
  return { head: { method, target, headers: ['host', host, ...headers], ...connection } }
}

/**
 * RFC 9113 8.3.1: `:authority` is the host; one beside it must name the same; neither is more than a host. Without either
 * nobody could say for whom the request is (RFC 9110 7.2).
 */
function hostOf(authority: string | undefined, hosts: readonly string[]): string | undefined {
  const named = authority === undefined ? hosts : [authority, ...hosts]
  const host = named[0]
  if (host === undefined || host === '' || !isHost(host) || hosts.length > 1) return undefined
  return named.every((one) => one.toLowerCase() === host.toLowerCase()) ? host : undefined
}
