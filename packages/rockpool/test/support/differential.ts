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

/** @param sent the bytes as the client sent them: what its `Connection` names belongs to that connection */
export function meaningOf({ start, headers, body }: Message, sent: string): Meaning {
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

interface Explained {
  why: string
  peers: readonly ('nginx' | 'haproxy')[]
  applies: (text: string) => boolean
  /** Shows the difference, to each of the peers. */
  example: string
  /** Where not every engine differs. */
  engines?: readonly EngineName[]
}

/** Where what we accept means something else, or nothing, to another proxy. */
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
    why: 'node:http takes HTTP/0.9 and HTTP/2.0 for HTTP/1.0, and a request line without a version for HTTP/0.9',
    peers: ['nginx', 'haproxy'],
    engines: ['node'],
    applies: (text) => !/^(?:\r\n)*\S+ +\S+ +HTTP\/1\.[01]\r\n/.test(text),
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
