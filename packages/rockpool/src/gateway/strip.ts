import { isReservedHeader, stripBaggage } from '@rockpool/sdk/wire'
import { setsOurCookie, withoutOurCookies, withoutSignOut } from './cookies.ts'
import { fieldsOf, HeaderSection, writtenFields } from './header-fields.ts'
import type { HeaderFields } from './header-fields.ts'
import { ownText } from './own-text.ts'
import { isTracestate } from './tracestate.ts'

/** Headers that are left, names and values in turns, and how many marks of ours were taken out. */
export interface Stripped {
  headers: string[]
  /** Reserved headers and baggage members that did not belong there. */
  stripped: number
  /** What is left of `baggage`, its fields joined; '' when nothing is. It is not among `headers`. */
  baggage: string
}

/** What a header is to us, by its name. */
type Kind =
  | 'plain'
  /** About one connection (RFC 9110 7.6.1), as are those that `Connection` names. */
  | 'hop-by-hop'
  /** Says where a request came from, which is the gateway's to say. */
  | 'forwarding'
  | 'reserved'
  | 'authorization'
  | 'cookie'
  | 'set-cookie'
  | 'clear-site-data'
  | 'baggage'
  | 'traceparent'
  | 'tracestate'

const kinds: Readonly<Record<string, Kind>> = {
  connection: 'hop-by-hop',
  'keep-alive': 'hop-by-hop',
  'proxy-connection': 'hop-by-hop',
  'proxy-authenticate': 'hop-by-hop',
  'proxy-authorization': 'hop-by-hop',
  te: 'hop-by-hop',
  trailer: 'hop-by-hop',
  'transfer-encoding': 'hop-by-hop',
  upgrade: 'hop-by-hop',
  expect: 'hop-by-hop',
  host: 'forwarding',
  forwarded: 'forwarding',
  'x-forwarded-for': 'forwarding',
  'x-forwarded-host': 'forwarding',
  'x-forwarded-proto': 'forwarding',
  'x-real-ip': 'forwarding',
  authorization: 'authorization',
  cookie: 'cookie',
  'set-cookie': 'set-cookie',
  'clear-site-data': 'clear-site-data',
  baggage: 'baggage',
  traceparent: 'traceparent',
  tracestate: 'tracestate',
}

/** What of a request goes on besides what always does. */
export interface KeptOfRequest {
  authorization: boolean
  /**
   * The trace goes on, and its `tracestate` with it where that is none that is discarded. Its `traceparent` is written anew in
   * any case, and never among what is left.
   */
  tracestate: boolean
}

/**
 * What of a request's headers may go on: hop-by-hop ones, those named in `Connection`, and those that only the gateway
 * may set are dropped; every mark of ours is stripped and counted. Our cookies are taken out too: a browser sends them
 * along, so they are no forged marks.
 */
export function stripRequest(headers: readonly string[], kept: KeptOfRequest): Stripped {
  return strip(headers, kept)
}

/** What of an answer's headers or trailers may go out: among the rest, no service sets a cookie of ours, or clears ours. */
export function stripResponse(headers: readonly string[]): Stripped {
  return strip(headers, null)
}

/** The same of the head of an answer, as it is going to be written. */
export function stripAnswer(fields: HeaderFields): StrippedAnswer {
  const plain = fields instanceof HeaderSection ? stripPlain(fields) : undefined
  if (plain !== undefined) return plain
  const { headers, stripped, baggage } = strip(fields.list, null)
  return { fields: fieldsOf(headers), stripped, baggage }
}

interface StrippedAnswer extends Omit<Stripped, 'headers'> {
  fields: HeaderFields
}

/**
 * Most answers hold nothing that has to be changed, and a field or two that does not go on: what lies between these goes on in
 * one piece. Undefined: there is more to it, and it has to be looked at closely.
 */
function stripPlain(section: HeaderSection): StrippedAnswer | undefined {
  const { raw, count } = section
  let text = ''
  let stripped = 0
  let from = 0
  let to = 0
  for (let field = 0; field < count; field++) {
    const start = section.startOf(field)
    const end = section.writtenEndOf(field)
    if (end < 0) return undefined
    if (mayBeSpecial(raw.charCodeAt(start), section.colonOf(field) - start)) {
      const name = section.nameOf(field)
      const kind = kindOf(name)
      if (kind === 'reserved') stripped += 1
      else if (kind === 'hop-by-hop') {
        if (isConnection(name) && section.valueOf(field).toLowerCase() !== 'keep-alive') return undefined
      } else if (kind !== 'plain') return undefined
      if (kind !== 'plain') {
        text += raw.slice(from, to)
        from = end
      }
    }
    if (from === 0) from = start
    to = end
  }
  return { fields: writtenFields(text + raw.slice(from, to)), stripped, baggage: '' }
}

/** `request`: null of an answer, in which only what is ours is out of place. */
function strip(headers: readonly string[], request: KeptOfRequest | null): Stripped {
  const named = namedInConnection(headers)
  const left: string[] = []
  let baggage = ''
  let stripped = 0
  let hasState: boolean | undefined
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index]!
    const value = headers[index + 1]!
    const kind = kindOf(name)
    if (kind === 'plain') {
      if (named === null || !named.has(name.toLowerCase())) left.push(name, value)
    } else if (kind === 'reserved' || (kind === 'set-cookie' && setsOurCookie(value))) stripped += 1
    else if (kind === 'cookie') {
      const cookies = withoutOurCookies(value)
      if (cookies !== '') left.push(name, cookies)
    } else if (kind === 'baggage') {
      const kept = stripBaggage(value)
      stripped += members(value) - members(kept)
      if (kept !== '') baggage = baggage === '' ? kept : `${baggage},${kept}`
    } else if (kind === 'clear-site-data' && request === null) {
      const kept = withoutSignOut(value)
      if (kept !== value) stripped += 1
      if (kept !== '') left.push(name, kept)
    } else if (kind === 'tracestate' && request !== null) {
      // All its fields are one list, which goes on whole or not at all.
      hasState ??= request.tracestate && isTracestate(statesOf(headers))
      if (hasState && !named?.has('tracestate')) left.push(name, value)
    } else if (goesOn(kind, request) && !named?.has(name.toLowerCase())) left.push(name, value)
  }
  return { headers: left, stripped, baggage }
}

function goesOn(kind: Kind, request: KeptOfRequest | null): boolean {
  if (kind === 'hop-by-hop') return false
  if (request === null) return true
  if (kind === 'authorization') return request.authorization
  return kind !== 'forwarding' && kind !== 'traceparent'
}

/** The fields of `tracestate` in their order. */
const statesOf = (headers: readonly string[]): string[] =>
  headers.filter((_, index) => index % 2 === 1 && headers[index - 1]!.toLowerCase() === 'tracestate')

/** 1: a name of this length, and with these last five bits of its first letter, may be one of `kinds`. */
const special = new Uint8Array(32 * 32)
// Of `rockpool-` in any letter case.
const firstOfReserved = 'r'.charCodeAt(0) & 31
for (const name of Object.keys(kinds)) special[placeOfName(name.charCodeAt(0), name.length)] = 1

function placeOfName(first: number, length: number): number {
  return length * 32 + (first & 31)
}

/** Whether it is worth asking `kindOf` for a name of this length that begins so. */
function mayBeSpecial(first: number, length: number): boolean {
  return (first & 31) === firstOfReserved || special[placeOfName(first, length)] === 1
}

/** Names as they came, with their kinds. Peers repeat the same few dozen. */
let seen = new Map<string, Kind>()
const mostSeen = 1_000
const longestSeen = 64

function kindOf(name: string): Kind {
  const known = seen.get(name)
  if (known !== undefined) return known
  // To services that name variables after headers (CGI, RFC 3875 4.1.18) `X_Real_IP` is `X-Real-IP`.
  const plain = name.toLowerCase().replaceAll('_', '-')
  const kind = isReservedHeader(plain) ? 'reserved' : Object.hasOwn(kinds, plain) ? kinds[plain]! : 'plain'
  // Whoever sends many names makes it begin anew, and gains nothing.
  if (seen.size >= mostSeen) seen = new Map()
  // As UTF-8, or it could become another name's.
  if (name.length <= longestSeen) seen.set(ownText(name), kind)
  return kind
}

/** Null: none is named. */
function namedInConnection(headers: readonly string[]): Set<string> | null {
  let named: Set<string> | null = null
  for (let index = 0; index < headers.length; index += 2) {
    const header = headers[index]!
    if (!isConnection(header)) continue
    named ??= new Set()
    for (const name of headers[index + 1]!.split(',')) named.add(name.trim().toLowerCase())
  }
  // Whoever sends it could otherwise take away what frames the message.
  named?.delete('content-length')
  return named
}

const isConnection = (name: string) => name.length === 10 && name.toLowerCase() === 'connection'

function members(baggage: string): number {
  return baggage.split(',').filter((member) => member.trim() !== '').length
}
