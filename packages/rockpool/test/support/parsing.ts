import fc from 'fast-check'
import { expect } from 'vitest'
import { Framing } from '../../src/gateway/engines/splice/framing.ts'
import { HeadReader, tooLarge } from '../../src/gateway/engines/splice/head-reader.ts'
import { incomplete, malformed, readRequest, readResponse } from '../../src/gateway/engines/splice/head.ts'
import type { RequestMessage, ResponseMessage } from '../../src/gateway/engines/splice/head.ts'
import { Repeated } from '../../src/gateway/engines/splice/repeated.ts'

// What the parser of the engine splice makes of bytes, however they are split: heads and bodies in turns, as a
// connection reads them, without one.

export interface ParseOptions {
  of: 'request' | 'response'
  /** Chunks are undone, as before an older client. */
  contentOnly?: boolean
  /** The answer to a HEAD. */
  hasNoBody?: boolean
  /** Header sections that come again are not read again. */
  repeats?: boolean
}

export interface ParsedMessage {
  head: RequestMessage | (Omit<ResponseMessage, 'headers'> & { headers: readonly string[] })
  content: string
  /** The body as it goes on, its end included. */
  outgoing: string
  trailers: string[]
  /** The index after its last byte; undefined: it is not whole. */
  end: number | undefined
}

export interface Parsed {
  messages: ParsedMessage[]
  refused: 'malformed' | 'too large' | 'headers too large' | 'body' | null
  /** It left HTTP (101). */
  switched: boolean
  /** A part of a head is kept. */
  hasBegun: boolean
  /** Heads that were not read again. */
  repeated: number
}

/** Around each piece: whoever reads it beyond its bounds sees what ends a head, a chunk and a body. */
const beside = '\r\n\r\n0\r\n\r\n'

export function parse(pieces: readonly string[], options: ParseOptions): Parsed {
  const isRequest = options.of === 'request'
  const parsed: Parsed = {
    messages: [],
    refused: null,
    switched: false,
    hasBegun: false,
    repeated: 0,
  }
  const head = new HeadReader({ skipsEmptyLines: isRequest })
  const framing = new Framing()
  const repeated = options.repeats === true ? new Repeated() : null
  let offset = 0

  const begin = (message: RequestMessage | ResponseMessage) => {
    const current = {
      head: 'status' in message ? { ...message, headers: message.headers.list } : message,
      content: '',
      outgoing: '',
      trailers: [],
      end: undefined,
    }
    parsed.messages.push(current)
    const isEmpty =
      'status' in message &&
      (options.hasNoBody || message.status < 200 || /^[23]04$/.test(`${message.status}`))
    const { chunked, length } = message
    const open = isRequest ? 'none' : 'close'
    framing.begin({
      form: isEmpty ? 'none' : chunked ? 'chunked' : length >= 0 ? 'length' : open,
      length: Math.max(0, length),
      contentOnly: options.contentOnly === true,
      taste: (content) => (current.content += content.toString('latin1')),
    })
  }
  const readHead = (bytes: Buffer, from: number, to: number): number => {
    const again = head.hasBegun || repeated === null ? 0 : repeated.read(bytes.subarray(0, to), from)
    if (again > 0) {
      parsed.repeated += 1
      begin(repeated!.request!)
      return again
    }
    const end = head.read(bytes, from, to)
    if (end === incomplete) return to
    const message = end < 0 ? 'malformed' : isRequest ? readRequest(head.text) : readResponse(head.text)
    if (typeof message === 'object') {
      if ('method' in message) repeated?.keep(head.text, message)
      else parsed.switched = message.status === 101
      begin(message)
      return end
    }
    parsed.refused =
      end === tooLarge ? 'too large' : end === malformed ? 'malformed' : (message ?? 'malformed')
    return to
  }
  const readBody = (bytes: Buffer, from: number, to: number): number => {
    const current = parsed.messages.at(-1)!
    const end = framing.feed(bytes, from, to, {
      pass: (piece, start, stop) => (current.outgoing += piece.toString('latin1', start, stop)),
    })
    if (end < 0) parsed.refused = 'body'
    return end
  }
  const noteEnd = (at: number) => {
    const current = parsed.messages.at(-1)
    if (!framing.over || current === undefined || current.end !== undefined) return
    const { trailers, endIsOwed } = framing
    current.end = at
    current.trailers = [...trailers]
    if (endIsOwed) current.outgoing += `${lines(trailers)}\r\n`
  }

  for (const piece of pieces) {
    const bytes = Buffer.from(beside + piece + beside, 'latin1')
    const to = beside.length + piece.length
    for (let at = beside.length; at < to && parsed.refused === null && !parsed.switched;) {
      at = framing.over ? readHead(bytes, at, to) : readBody(bytes, at, to)
      if (parsed.refused === null) noteEnd(offset + at - beside.length)
    }
    offset += piece.length
  }
  parsed.hasBegun = head.hasBegun && parsed.refused === null
  // What of a broken body has gone out before depends on when it came.
  if (parsed.refused === 'body') parsed.messages.at(-1)!.outgoing = ''
  return parsed
}

/** Fails where the two differ. */
export function expectEqual(one: Parsed, other: Parsed, what: string): void {
  const [some, same] = [one, other].map((parsed) => ({ ...parsed, repeated: 0 }))
  // A comparison of texts takes a tenth of the time.
  if (JSON.stringify(some) !== JSON.stringify(same)) expect(some, what).toEqual(same)
}

/** Names and values in turns as lines. */
export function lines(headers: readonly string[]): string {
  return headers.map((text, index) => text + (index % 2 === 0 ? ': ' : '\r\n')).join('')
}

/** In pieces that end at these places, whatever their order, and however far beyond the text they are. */
export function cut(text: string, places: readonly number[]): string[] {
  const ends = places.map((place) => place % (text.length + 1))
  const bounds = [...new Set([0, ...ends, text.length])].toSorted((one, other) => one - other)
  return bounds.slice(1).map((end, index) => text.slice(bounds[index], end))
}

/** For `cut`: few places and many. */
export const places = fc.oneof(
  fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
  fc.array(fc.nat({ max: 2_000 }), { maxLength: 60 }),
)

// Messages as they should be

export interface Written {
  text: string
  line: string
  headers: string[]
  content: string
  trailers: string[]
}

const characters = (from: string) => fc.constantFrom(...from)
const tokenCharacters = "!#$%&'*+-.^_`|~019abcxyzABCXYZ"
const token = fc.string({ unit: characters(tokenCharacters), minLength: 1, maxLength: 18 })
const value = fc
  .string({ unit: characters('ab :;,="/\t\\\x80\xff'), maxLength: 20 })
  .map((text) => text.replace(/^[ \t]+|[ \t]+$/g, ''))
const space = fc.constantFrom('', ' ', '\t', ' \t ')
const named = fc.constantFrom('Accept', 'Date', 'Keep-Alive', 'X-Long-Name-Of-17B', 'x-of-14-bytes-')
const field = fc.tuple(fc.oneof(token, named), value)
const fields = fc.array(field, { maxLength: 6 })
const content = fc.string({ unit: characters('ab0 :;\r\n\0\xff'), maxLength: 40 })
const quoted = fc.string({ unit: characters('a ;=,\t\x80\xff'), maxLength: 8 }).map((text) => `"${text}\\""`)
const extension = fc
  .tuple(space, token, fc.option(fc.oneof(token, quoted), { nil: undefined }))
  .map(([before, name, said]) => `${before};${name}${said === undefined ? '' : `=${said}`}`)
const extensions = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  // Behind a size stands no white space.
  fc.array(extension, { minLength: 1, maxLength: 3 }).map((all) => all.join('').trimStart()),
)
const chunk = fc.tuple(content, extensions, fc.constantFrom('', '0', '0000'), fc.boolean())
const chunked = fc.tuple(fc.array(chunk, { maxLength: 5 }), extensions, fields)
const body = fc.oneof(
  fc.constant(undefined),
  content.map((text) => ({
    headers: ['Content-Length', `${text.length}`],
    text,
    content: text,
    trailers: [],
  })),
  chunked.map(([chunks, last, trailers]) => {
    const some = chunks.filter(([text]) => text !== '')
    const sized = some.map(([text, said, zeros, isUpper]) => {
      const size = text.length.toString(16)
      return `${zeros}${isUpper ? size.toUpperCase() : size}${said}\r\n${text}\r\n`
    })
    return {
      headers: ['Transfer-Encoding', 'chunked'],
      text: `${sized.join('')}0${last}\r\n${lines(trailers.flat())}\r\n`,
      content: some.map(([text]) => text).join(''),
      trailers: trailers.flat(),
    }
  }),
)
const requestLine = fc
  .tuple(token, fc.string({ unit: characters('/ab%20?#[]@:;=\\"'), minLength: 1, maxLength: 20 }))
  .map(([method, target]) => `${method} ${target} HTTP/1.1`)
const statusLine = fc
  .tuple(fc.integer({ min: 200, max: 999 }), fc.constantFrom('', ' ', ' OK', ' a\tb\xff'))
  .map(([status, reason]) => `HTTP/1.1 ${status}${reason}`)
  .filter((line) => !/ [23]04/.test(line))

function message(line: fc.Arbitrary<string>, isRequest: boolean): fc.Arbitrary<Written> {
  const emptyLines = isRequest ? fc.constantFrom('', '', '\r\n', '\r\n\r\n') : fc.constant('')
  const parts = { line, fields, body, before: space, after: space, emptyLines }
  return fc
    .record(parts)
    .map(({ line: start, fields: own, body: some, before, after, emptyLines: empty }) => {
      const framing = some?.headers ?? (isRequest ? [] : ['Content-Length', '0'])
      const headers = [...own.flat(), ...(isRequest ? ['Host', 'a'] : []), ...framing]
      const section = headers.map((part, at) => (at % 2 === 0 ? `${part}:` : `${before}${part}${after}\r\n`))
      return {
        text: `${empty}${start}\r\n${section.join('')}\r\n${some?.text ?? ''}`,
        line: start,
        headers,
        content: some?.content ?? '',
        trailers: some?.trailers ?? [],
      }
    })
}

export const written = {
  request: message(requestLine, true),
  response: message(statusLine, false),
}
