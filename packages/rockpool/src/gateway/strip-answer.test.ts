import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readResponse } from './engines/splice/head.ts'
import { fieldsOf, joinFields, noFields, writtenFields } from './header-fields.ts'
import { stripAnswer, stripResponse } from './strip.ts'

// What goes on of an answer in one piece must be what goes on of it field by field.

const name = fc.oneof(
  fc.constantFrom('Content-Type', 'X-Own', 'Via', 'Range', 'Retry-After', 'R', 'Date', 'etag'),
  fc.constantFrom('Connection', 'connection', 'Keep-Alive', 'TE', 'Trailer', 'Upgrade', 'Proxy-Authenticate'),
  fc.constantFrom('Rockpool-Run', 'ROCKPOOL_identity', 'rockpool-', 'Set-Cookie', 'Clear-Site-Data'),
  fc.constantFrom('Baggage', 'Traceparent', 'Tracestate', 'X-Forwarded-For', 'Cookie', 'Authorization'),
)
const value = fc.oneof(
  fc.constantFrom(
    '',
    '1',
    'keep-alive',
    'Keep-Alive',
    'close',
    'x-own',
    'keep-alive, X-Own',
    'a=1,rockpool.run=2',
  ),
  fc.constantFrom('rockpool_session=x', 'own=1', '"cookies"', '*'),
)
const space = fc.constantFrom('', ' ', ' ', ' ', ' ', '\t', '  ')
const odd = fc.tuple(name, space, value, fc.constantFrom('', ' ', '\t'))
/** As most services write them. */
const usual = fc
  .constantFrom('Content-Type', 'X-Own', 'ETag', 'Range', 'Keep-Alive', 'Connection', 'Rockpool-Run', 'TE')
  .map((name) => [name, ' ', name === 'Connection' ? 'keep-alive' : '1', ''] as const)
const lines = fc.oneof(
  fc.array(usual, { maxLength: 8 }),
  fc.array(fc.oneof({ weight: 4, arbitrary: usual }, odd), { maxLength: 8 }),
)

test('what an answer keeps is the same, whether it is cut out of its text or taken from its list', () => {
  let plain = 0
  fc.assert(
    fc.property(lines, (lines) => {
      const text = lines
        .map(([name, before, value, behind]) => `${name}:${before}${value}${behind}\r\n`)
        .join('')
      const message = readResponse(`HTTP/1.1 200 OK\r\n${text}`)
      if (message === undefined) return
      const { headers } = message
      const list = lines.flatMap(([name, , value]) => [name, value])
      expect(headers.list).toEqual(list)
      const { headers: left, ...rest } = stripResponse(list)
      const { fields, ...found } = stripAnswer(headers)
      expect([fields.list, found]).toEqual([left, rest])
      expect(fields.text).toBe(fieldsOf(left).text)
      if (lines.length > 1 && Object.hasOwn(fields, 'text')) plain += 1
    }),
    { numRuns: 5_000 },
  )
  expect(plain).toBeGreaterThan(500)
})

test('header fields are the same in both forms', () => {
  const list = ['A', '1', 'B', '', 'A', 'x: y']
  const text = 'A: 1\r\nB: \r\nA: x: y\r\n'
  for (const fields of [
    fieldsOf(list),
    writtenFields(text),
    joinFields(fieldsOf(['A', '1']), noFields, writtenFields('B: \r\nA: x: y\r\n')),
  ])
    expect([fields.list, fields.text]).toEqual([list, text])
})
