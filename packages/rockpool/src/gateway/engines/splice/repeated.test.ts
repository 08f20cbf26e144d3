import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cut, expectEqual, parse, places, written } from '../../../../test/support/parsing.ts'

// Header sections that come again on a connection are not read again: whatever comes, each request says what it would
// have said if it had been read.

type Variation = (text: string, place: number) => string

const same: Variation = (text) => text
const variations: Variation[] = [
  (text) => text.replace(/^(?:\r\n)*\S+/, 'OTHER'),
  (text) => text.replace(/ \S+ /, ' /other '),
  (text) => text.replace('HTTP/1.1\r\n', 'HTTP/1.0\r\n'),
  (text) => text.replace('HTTP/1.1\r\n', 'HTTP/1.2\r\n'),
  (text) => text.replace('HTTP/1.1\r\n', 'HTTP/1.1\n'),
  (text) => text.replace('HTTP/1.1\r\n', 'HTTP/1.1 \r\n'),
  (text) => `\r\n${text}`,
  (text) => text.replace('\r\n', '\r\nX-Other: 1\r\n'),
  (text) => text.replace('\r\n', '\r\nHost: b\r\n'),
  (text) => text.replace('\r\n', '\r\nConnection: close\r\n'),
  (text) => text.replace('Host:', 'host:'),
  (text) => text.replace(/Host:[ \t]*a/, 'Host: b'),
  (text) => text.toUpperCase(),
  (text) => text.replace('\r\n\r\n', '\r\n \r\n'),
  (text, place) => replaceAt(text, place % headOf(text), '!'),
  (text, place) => replaceAt(text, place % headOf(text), '\r'),
  (text, place) => replaceAt(text, place % headOf(text), '\n'),
  (text, place) => text.slice(0, place % text.length),
]

const turn = fc.tuple(
  fc.oneof(
    { weight: 2, arbitrary: fc.constant(same) },
    { weight: 1, arbitrary: fc.constantFrom(...variations) },
  ),
  fc.nat(),
)
const sequences = fc
  .tuple(fc.array(written.request, { minLength: 1, maxLength: 2 }), fc.array(turn, { maxLength: 8 }))
  .map(([bases, turns]) =>
    turns.map(([vary, place], index) => vary(bases[index % bases.length]!.text, place)).join(''),
  )

test('requests that repeat their headers, nearly do, or do not, say what they say alone, however they are split', () => {
  let repeated = 0
  fc.assert(
    fc.property(sequences, places, (text, at) => {
      for (const pieces of [[text], cut(text, at)]) {
        const spared = parse(pieces, { of: 'request', repeats: true })
        expectEqual(spared, parse(pieces, { of: 'request' }), JSON.stringify(pieces))
        repeated += spared.repeated
      }
    }),
    { numRuns: 6_000 },
  )
  expect(repeated).toBeGreaterThan(1_000)
})

test('headers that come again are spared, whatever the request line and the body are', () => {
  const head = 'Host: a\r\nContent-Length: 2\r\nX: y\r\n\r\n'
  const text = `GET / HTTP/1.1\r\n${head}abPUT /b HTTP/1.1\r\n${head}\r\nGET /c HTTP/1.1\r\n${head}cd`
  const { messages, repeated } = parse([text], { of: 'request', repeats: true })
  expect(repeated).toBe(2)
  expect(messages.map(({ content }) => content)).toEqual(['ab', '\r\n', 'cd'])
})

test('headers that come again do not make room for a larger head', () => {
  const section = 'Host: a\r\n\r\n'
  const ask = (target: string) => `GET ${target} HTTP/1.1\r\n${section}`
  const text = ask('/').repeat(2) + ask(`/${'a'.repeat(20_000)}`)
  const { messages, refused } = parse([text], { of: 'request', repeats: true })
  expect([messages.length, refused]).toEqual([2, 'too large'])
})

function headOf(text: string): number {
  return text.indexOf('\r\n\r\n') + 4
}

function replaceAt(text: string, at: number, by: string): string {
  return text.slice(0, at) + by + text.slice(at + 1)
}
