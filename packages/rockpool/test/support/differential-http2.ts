import type { Difference, Explained, Meaning } from './differential.ts'
import { pairsOf, type Http2Sent } from './http2-generator.ts'

/** RFC 9113 8.2.1 and RFC 9110 5.1: what a field may not be. Of these node:http2 tells nobody. */
const isDropped = ([name, value]: [string, string]) =>
  !/^:?[!#$%&'*+\-.^_`|~0-9a-z]+$/.test(name) ||
  // oxlint-disable-next-line no-control-regex
  /[\0-\x08\x0a-\x1f\x7f]|^[ \t]|[ \t]$/.test(value)

const hasDropped = (pairs: [string, string][]) => pairs.some(isDropped)

/** Each cookie for itself, however many came as one. */
const apart = (headers: readonly string[]) =>
  headers.flatMap((header) =>
    header.startsWith('cookie: ')
      ? header
          .slice('cookie: '.length)
          .split(';')
          .map((crumb) => `cookie: ${crumb.trim()}`)
      : header,
  )

/** The peer passes on what we drop, mended or as it is, and all else is the same. */
function passesDropped({ ours, theirs }: Difference, { fields }: Http2Sent): boolean {
  if (typeof theirs === 'string') return theirs.startsWith('unreadable: no header: ')
  if (typeof ours === 'string') return false
  const headers = apart(theirs.headers)
  const dropped = pairsOf(fields).filter(isDropped)
  for (const header of apart(dropped.map(([name, value]) => `${name}: ${value.trim()}`))) {
    const at = headers.indexOf(header)
    if (at >= 0) headers.splice(at, 1)
  }
  const sorted = (meaning: Meaning, all: string[]) => JSON.stringify({ ...meaning, headers: all.toSorted() })
  return sorted(theirs, headers) === sorted(ours, apart(ours.headers))
}

const once = ['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since', 'expect']
const isHostName = (name: string) => name === ':authority' || name === 'host'

const get = [':method', 'GET', ':scheme', 'http', ':path', '/a', ':authority', 'a']
const request = (more: Partial<Http2Sent>): Http2Sent => ({ fields: get, data: [], trailers: [], ...more })

/** Where what we accept by HTTP/2 means nothing, or something else, to another proxy. */
export const explainedHttp2: readonly Explained<Http2Sent>[] = [
  {
    why: 'node:http2 drops a field with characters that RFC 9113 8.2.1 forbids; others refuse the request, or mend the field',
    peers: ['nginx', 'haproxy'],
    applies: ({ fields, trailers }) => hasDropped(pairsOf(fields)) || hasDropped(pairsOf(trailers)),
    or: passesDropped,
    example: request({ fields: [...get, 'x-cr', 'a\rb'] }),
  },
  {
    why: 'nginx takes no trailers of requests; ours end at the gateway',
    peers: ['nginx'],
    applies: ({ trailers }) => trailers.length > 0,
    example: request({ data: ['a'], trailers: ['x-trailer', '1'] }),
  },
  {
    why: 'nginx refuses a host beside :authority, the same one too (RFC 9113 8.3.1)',
    peers: ['nginx'],
    applies: ({ fields }) => [':authority', 'host'].every((name) => fields.includes(name)),
    example: request({ fields: [...get, 'host', 'a'] }),
  },
  {
    why: 'nginx refuses conditions, and Expect, that come twice; they are lists, or the service’s matter (RFC 9110 5.3)',
    peers: ['nginx'],
    applies: ({ fields }) => once.some((name) => fields.indexOf(name) !== fields.lastIndexOf(name)),
    example: request({ fields: [...get, 'if-none-match', '"a"', 'if-none-match', '"b"'] }),
  },
  {
    why: 'nginx refuses a host with two dots, which RFC 3986 3.2.2 allows',
    peers: ['nginx'],
    applies: ({ fields }) =>
      pairsOf(fields).some(([name, value]) => isHostName(name) && value.includes('..')),
    example: request({ fields: [...get.slice(0, 6), ':authority', 'a..b'] }),
  },
  {
    why: 'haproxy refuses trailers that name a host or a TE; ours end at the gateway',
    peers: ['haproxy'],
    applies: ({ trailers }) => ['host', 'te'].some((name) => trailers.includes(name)),
    example: request({ data: ['a'], trailers: ['host', 'b'] }),
  },
]
