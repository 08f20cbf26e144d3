import type { EngineName } from '../../src/gateway/index.ts'
import { valuesOf, type Message } from './http-messages.ts'

/** What a request means to who receives it: not how it was framed on its way, and not what each hop adds or takes. */
export interface Meaning {
  method: string
  target: string
  host: string
  body: string
  /** Sorted: `name: value`. */
  headers: string[]
}

// What belongs to one connection, what frames, and what a gateway says itself.
const dropped =
  /^(connection|keep[-_]alive|proxy[-_]connection|proxy[-_]authorization|te|trailer|transfer[-_]encoding|content-length|upgrade|expect|host|x[-_]forwarded[-_](for|proto|host)|traceparent|tracestate|rockpool[-_].*)$/

/** @param sent the bytes as the client sent them: what its `Connection` names belongs to that connection; HTTP/2 has none */
export function meaningOf({ start, headers, body }: Message, sent = ''): Meaning {
  const [method = '', target = ''] = start.split(' ')
  const named = new Set(
    [...sent.matchAll(/^connection:(.*)$/gim)].flatMap(([, value = '']) =>
      value
        .toLowerCase()
        .split(',')
        .map((name) => name.trim()),
    ),
  )
  return {
    method,
    target: normalized(target),
    // We tell it beside our own.
    host:
      valuesOf(
        headers,
        headers.some(([name]) => name === 'X-Forwarded-For') ? 'x-forwarded-host' : 'host',
      )[0] ?? '',
    body,
    headers: headers
      .filter(([name]) => !dropped.test(name.toLowerCase()) && !named.has(name.toLowerCase()))
      .map(([name, value]) => `${name.toLowerCase()}: ${value}`)
      .toSorted(),
  }
}

/** Equivalent spellings of one path (RFC 3986 6.2.2.1 and 6.2.2.2). */
function normalized(target: string): string {
  const [path = '', ...query] = target.split('?')
  const same = path.replace(/%[0-9a-fA-F]{2}/g, (code) => {
    const character = String.fromCharCode(Number.parseInt(code.slice(1), 16))
    return /[A-Za-z0-9\-._~]/.test(character) ? character : code.toUpperCase()
  })
  return [same, ...query].join('?')
}

/** A message that one side passed on, and the other did not, or not in the same way. */
export interface Difference {
  peer: string
  /** Which of the messages; only the first was meant to be one. */
  index: number
  ours: Meaning | string
  theirs: Meaning | string
}

/** Stands for a message that was not passed on. */
export const nothing = 'nothing'

/** `Sent`: what a client sends, be it text or fields. */
export interface Explained<Sent = string> {
  why: string
  peers: readonly ('nginx' | 'haproxy')[]
  /** What was sent is of this kind, of which the peer passes nothing on. */
  applies: (sent: Sent) => boolean
  /** Or it passes this on. */
  or?: (difference: Difference, sent: Sent) => boolean
  /** Shows the difference, to each of the peers. */
  example: Sent
  /** Where not every engine differs. */
  engines?: readonly EngineName[]
}

/** One of the rules says why the peer passed nothing on. Another meaning is explained only where a rule says which. */
export function isExplained<Sent>(
  difference: Difference,
  sent: Sent,
  rules: readonly Explained<Sent>[],
): boolean {
  // What was hidden in a message is excused by nothing.
  if (difference.index > 0) return false
  return rules.some(
    ({ peers, applies, or }) =>
      peers.some((name) => name === difference.peer) &&
      applies(sent) &&
      (difference.theirs === nothing || or?.(difference, sent) === true),
  )
}

/** As HTTP/0.9: a request line and nothing else, or one of that version that is passed on as it is. */
function isOld({ ours, theirs }: Difference): boolean {
  if (typeof theirs === 'string') return /^unreadable: no request line: ".* HTTP\/0\.9"$/.test(theirs)
  if (typeof ours === 'string') return false
  const { method, target } = ours
  return JSON.stringify(theirs) === JSON.stringify({ method, target, host: '', body: '', headers: [] })
}

/** Where what we accept means nothing, or something else, to another proxy. */
export const explained: readonly Explained[] = [
  {
    why: 'nginx refuses conditions that come twice; they are lists, or the service’s matter (RFC 9110 5.3)',
    peers: ['nginx'],
    applies: (text) => /^(if-(?:none-)?match|if-(?:un)?modified-since):[\s\S]*^\1:/im.test(text),
    example: 'GET /a HTTP/1.1\r\nHost: a\r\nIf-None-Match: "a"\r\nIf-None-Match: "b"\r\n\r\n',
  },
  {
    why: 'nginx refuses an empty Host and one with two dots; RFC 9112 3.2 allows the first, RFC 3986 3.2.2 the second',
    peers: ['nginx'],
    applies: (text) => /^host:[ \t]*(\r$|\S*\.\.)/im.test(text),
    example: 'GET /a HTTP/1.1\r\nHost: a..b\r\n\r\n',
  },
  {
    why: 'haproxy refuses a body of GET, HEAD or DELETE of HTTP/1.0',
    peers: ['haproxy'],
    applies: (text) =>
      /^(?:\r\n)*(?:GET|HEAD|DELETE) \S+ HTTP\/1\.0\r\n/.test(text) && /^content-length:/im.test(text),
    example: 'GET /a HTTP/1.0\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc',
  },
  {
    why: 'node:http takes HTTP/0.9 and HTTP/2.0 for HTTP/1.0, and a request line without a version for HTTP/0.9, with headers',
    peers: ['nginx', 'haproxy'],
    engines: ['node'],
    applies: (text) => !/^(?:\r\n)*\S+ +\S+ +HTTP\/1\.[01]\r\n/.test(text),
    or: isOld,
    example: 'GET /a HTTP/0.9\r\nHost: a\r\n\r\n',
  },
  {
    why: 'node:http reads nothing into a Host; it goes nowhere but into X-Forwarded-Host',
    peers: ['nginx'],
    engines: ['node'],
    applies: (text) => !/^host:[ \t]*([\w.-]*|\[[\da-f:]+\])(:\d*)?[ \t]*\r$/im.test(text),
    example: 'GET /a HTTP/1.1\r\nHost: a b\r\n\r\n',
  },
]
