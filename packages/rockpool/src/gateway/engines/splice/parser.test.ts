import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { generateRequest } from '../../../../test/support/http-generator.ts'
import { readFixtures } from '../../../../test/support/llhttp.ts'
import {
  cut,
  expectEqual,
  parse,
  places,
  written,
  type ParseOptions,
} from '../../../../test/support/parsing.ts'
import { seeded } from '../../../../test/support/random.ts'
import { readRequests, withHost } from '../../../../test/support/raw-http.ts'
import { maxHeadBytes, readResponse } from './head.ts'

/*
 * The parser alone, without sockets: however bytes are split, they say the same, are refused for the same, and end at
 * the same place. fast-check prints the seed of what fails.
 */

const shared = 'sample invalid connection content-length transfer-encoding pausing pipelining finish'.split(
  ' ',
)
const files = { request: [...shared, 'method', 'uri'], response: shared }
const directions = ['request', 'response'] as const
const fixtures = directions.flatMap((of) =>
  files[of]
    .flatMap((file) => readFixtures(`${of}/${file}`))
    .map(({ title, bytes, skipBody }) => ({ of, title, bytes, hasNoBody: of === 'response' && skipBody })),
)

/** Taken whole, byte by byte, and in the pieces between these places, each of `cuts` for itself. */
function expectSame(text: string, options: ParseOptions, cuts: readonly (readonly number[])[]): void {
  const whole = parse([text], options)
  expectEqual(parse([...text], options), whole, 'byte by byte')
  for (const at of cuts) {
    const pieces = cut(text, at)
    expectEqual(parse(pieces, options), whole, JSON.stringify(pieces))
  }
}

/** What is taken of requests is what another strict reader takes, but for extensions of chunks. */
function expectStrict(text: string): void {
  let begin = 0
  for (const { head, content, trailers, end } of parse([text], { of: 'request' }).messages) {
    if (end === undefined) return
    const one = text.slice(begin, end).replace(/^(\r\n)+/, '')
    begin = end
    try {
      const { messages, rest } = readRequests(one, true)
      const read = messages.map((message) => [message.headers.flat(), message.body, message.trailers.flat()])
      expect([...read, rest], one).toEqual([[head.headers, content, trailers], ''])
    } catch (error) {
      if (!/no size of a chunk: "[0-9a-f]+;/i.test(String(error))) throw error
    }
  }
}

describe('messages of llhttp, those that it takes and those that it refuses', () => {
  test.each(directions)('%ss say the same byte by byte, and in two pieces wherever they are cut', (of) => {
    const those = fixtures.filter((fixture) => fixture.of === of)
    expect(those.length).toBe(of === 'request' ? 156 : 84)
    for (const { bytes, hasNoBody } of those) {
      if (of === 'request') expectSame(bytes, { of }, [])
      const text = of === 'request' ? withHost(bytes) : bytes
      const everywhere = Array.from(text, (_, at) => [at])
      expectSame(text, { of, hasNoBody }, everywhere)
    }
  })

  test('say the same in any pieces, their chunks undone or not', () => {
    fc.assert(
      fc.property(fc.constantFrom(...fixtures), places, fc.boolean(), (fixture, at, contentOnly) => {
        const { of, hasNoBody, bytes } = fixture
        expectSame(of === 'request' ? withHost(bytes) : bytes, { of, hasNoBody, contentOnly }, [at])
      }),
      { numRuns: 1_000 },
    )
  })
})

describe.each(directions)('generated %ss', (of) => {
  const some = fc.array(written[of], { minLength: 1, maxLength: 3 })
  const garbage = fc.string({ unit: 'binary-ascii', maxLength: 12 })

  test('are understood as they were meant, and end where they were meant to end, whatever comes behind', () => {
    fc.assert(
      fc.property(some, garbage, places, fc.boolean(), (messages, behind, at, contentOnly) => {
        const text = messages.map((message) => message.text).join('')
        expectSame(text + behind, { of, contentOnly }, [at])
        const { messages: read } = parse([text + behind], { of, contentOnly })
        let end = 0
        for (const [index, message] of messages.entries()) {
          end += message.text.length
          const { head, content, trailers, outgoing, end: readEnd } = read[index]!
          const start =
            'method' in head ? `${head.method} ${head.target} HTTP/1.1` : `HTTP/1.1 ${head.status}`
          expect(message.line.startsWith(start)).toBe(true)
          expect([head.headers, content, trailers, readEnd]).toEqual([
            message.headers,
            message.content,
            message.trailers,
            end,
          ])
          if (contentOnly || !head.chunked) expect(outgoing).toBe(content)
          else
            expect(parse([chunkedHead + outgoing], { of: 'request', contentOnly: true })).toMatchObject(
              meant(message),
            )
        }
      }),
      { numRuns: 300 },
    )
  })

  test('that were tampered with say the same however they are split, never throw, and mean what a strict reader reads', () => {
    const anywhere = fc.oneof(fc.constantFrom(...special), garbage)
    const lineEnd = fc.constantFrom('\n', '\r', '\r\r', '\n\n', '\n\r')
    const edit = fc.oneof(
      fc.record({ place: fc.nat(), taken: fc.nat({ max: 2 }), put: anywhere }),
      fc.record({ place: fc.nat(), lineEnd }),
    )
    fc.assert(
      fc.property(some, fc.array(edit, { minLength: 1, maxLength: 2 }), places, (messages, edits, at) => {
        let text = messages.map((message) => message.text).join('')
        for (const one of edits) {
          const ends = [...text.matchAll(/\r\n/g)].map(({ index }) => index)
          if ('put' in one) text = replaceAt(text, one.place % (text.length + 1), one.taken, one.put)
          else if (ends.length > 0) text = replaceAt(text, ends[one.place % ends.length]!, 2, one.lineEnd)
        }
        expectSame(text, { of }, [at])
        if (of === 'request') expectStrict(text)
      }),
      { numRuns: 500 },
    )
  })
})

test('requests of attackers say the same however they are split, and mean what a strict reader reads', () => {
  fc.assert(
    fc.property(fc.integer(), places, (seed, at) => {
      const random = seeded(seed)
      const text = generateRequest(random) + generateRequest(random)
      expectSame(text, { of: 'request' }, [at])
      expectStrict(text)
    }),
    { numRuns: 1_000 },
  )
})

test('a head of 16 KB is taken and one of a byte more is not, however they are split', () => {
  const head = (size: number) => {
    const rest = 'GET / HTTP/1.1\r\nHost: a\r\nX: \r\n\r\n'
    return rest.replace('X: ', `X: ${'x'.repeat(size - rest.length)}`)
  }
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 6 }), (at) => {
      const results = [maxHeadBytes, maxHeadBytes + 1].map((size) =>
        parse(cut(head(size), at), { of: 'request' }),
      )
      expect(results.map(({ refused, messages }) => [refused, messages.length])).toEqual([
        [null, 1],
        ['too large', 0],
      ])
    }),
    { numRuns: 50 },
  )
})

test('any bytes at all are read without a fault, and say the same however they are split', () => {
  const bytes = fc.uint8Array({ maxLength: 200 }).map((some) => Buffer.from(some).toString('latin1'))
  const near = fc.string({
    unit: fc.constantFrom(...special, 'GET', ' / ', 'HTTP/1.1', '\r\n', 'a'),
    maxLength: 40,
  })
  fc.assert(
    fc.property(fc.constantFrom(...directions), fc.oneof(bytes, near), places, (of, text, at) => {
      expectSame(text, { of }, [at])
      // The same as the body of chunks.
      expectSame((of === 'request' ? chunkedHead : chunkedAnswer) + text, { of }, [at])
    }),
    { numRuns: 1_000 },
  )
})

const special = [...Array.from('\r\n\0 \t:;",0f\x7f\x80'), '\r\n', '\n\r', '\r\n\r\n']
const chunkedHead = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n'
const chunkedAnswer = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'

function replaceAt(text: string, at: number, taken: number, put: string): string {
  return text.slice(0, at) + put + text.slice(at + taken)
}

/** What goes on of a body is the same body, without its extensions. */
const meant = ({ content, trailers }: { content: string; trailers: string[] }) => ({
  refused: null,
  messages: [{ content, trailers, end: expect.any(Number) as number }],
})

test.each([
  [['timeout=2'], 2],
  [['timeout=2', 'max=100'], 2],
  [['max=100, timeout=7'], 7],
  [['max=100', 'timeout=3', 'max=100'], 3],
  [['max=100'], -1],
])('of what a service says of idle connections (%j) the time counts', (values, seconds) => {
  const fields = values.map((value) => `Keep-Alive: ${value}\r\n`).join('')
  for (const _ of ['once', 'and again'])
    expect(readResponse(`HTTP/1.1 200 OK\r\n${fields}`)?.keepAliveS).toBe(seconds)
})
