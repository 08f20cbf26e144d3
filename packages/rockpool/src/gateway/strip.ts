import { isReservedHeader, stripBaggage } from '@rockpool/sdk/wire'
import { setsOurCookie, withoutOurCookies, withoutSignOut } from './cookies.ts'

/** Headers that are left, names and values in turns, and how many marks of ours were taken out. */
export interface Stripped {
  headers: string[]
  /** Reserved headers and baggage members that did not belong there. */
  stripped: number
  /** What is left of `baggage`, its fields joined; '' when nothing is. It is not among `headers`. */
  baggage: string
}

// RFC 9110 7.6.1: these are about one connection, as are those that `Connection` names.
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
])

// What says where a request came from is the gateway's to say.
const forwarding = new Set([
  'host',
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
])

/**
 * What of a request's headers may go on: hop-by-hop ones, those named in `Connection`, those that only the gateway
 * may set and `Authorization` (unless `keepAuthorization`) are dropped; every mark of ours is stripped and counted. Our
 * cookies are taken out too: a browser sends them along, so they are no forged marks.
 */
export function stripRequest(headers: readonly string[], keepAuthorization: boolean): Stripped {
  return strip(headers, (name) => forwarding.has(name) || (name === 'authorization' && !keepAuthorization))
}

/** What of an answer's headers or trailers may go out: among the rest, no service sets a cookie of ours, or clears ours. */
export function stripResponse(headers: readonly string[]): Stripped {
  const { headers: left, stripped, baggage } = strip(headers, () => false)
  const kept: string[] = []
  let cleared = 0
  for (let index = 0; index < left.length; index += 2) {
    const isClearing = left[index]!.toLowerCase() === 'clear-site-data'
    const value = isClearing ? withoutSignOut(left[index + 1]!) : left[index + 1]!
    if (value !== left[index + 1]) cleared += 1
    if (!isClearing || value !== '') kept.push(left[index]!, value)
  }
  return { headers: kept, stripped: stripped + cleared, baggage }
}

function strip(headers: readonly string[], drop: (name: string) => boolean): Stripped {
  const named = namedInConnection(headers)
  const left: string[] = []
  const baggage: string[] = []
  let stripped = 0
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index]!.toLowerCase()
    const value = headers[index + 1]!
    if (isReservedHeader(name) || (name === 'set-cookie' && setsOurCookie(value))) stripped += 1
    else if (name === 'cookie') {
      const cookies = withoutOurCookies(value)
      if (cookies !== '') left.push(headers[index]!, cookies)
    } else if (name === 'baggage') {
      const kept = stripBaggage(value)
      stripped += members(value) - members(kept)
      if (kept !== '') baggage.push(kept)
    } else if (!hopByHop.has(name) && !named.has(name) && !drop(name)) left.push(headers[index]!, value)
  }
  return { headers: left, stripped, baggage: baggage.join(',') }
}

function namedInConnection(headers: readonly string[]): Set<string> {
  const named = new Set<string>()
  for (let index = 0; index < headers.length; index += 2) {
    if (headers[index]!.toLowerCase() !== 'connection') continue
    for (const name of headers[index + 1]!.split(',')) named.add(name.trim().toLowerCase())
  }
  // Whoever sends it could otherwise take away what frames the message.
  named.delete('content-length')
  return named
}

function members(baggage: string): number {
  return baggage.split(',').filter((member) => member.trim() !== '').length
}
