import fc from 'fast-check'
import { expect, test } from 'vitest'
import { accessRecord } from '../../test/support/traffic.ts'
import { createLines } from './access-line.ts'
import type { AccessRecord } from './access-record.ts'

/** Any UTF-16, lone surrogates among it, and what JSON escapes; a few texts come again and again. */
const text = fc.oneof(
  fc.constantFrom(
    'GET',
    'key_1',
    '',
    '"',
    '\\',
    '\n',
    '\u0000',
    '\u007f',
    '\ud800',
    '\udc00x',
    'ü',
    '\u2028',
    '😀',
  ),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
)
const maybe = fc.option(text)
const number = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(-0, NaN, Infinity, 1e21, 0.1))
const id = fc.oneof(text, fc.constantFrom('req_01a203b4-0000-7000-8000-000000000001'))
const time = fc.oneof(text, fc.constantFrom('2026-11-22T14:42:07.640Z', '2026-11-22T14:42:07.641Z'))

const anything = fc
  .record({
    time,
    request: id,
    trace: id,
    method: text,
    path: maybe,
    service: maybe,
    release: maybe,
    upstream: maybe,
    status: fc.option(number),
    organization: maybe,
    parent: maybe,
    environment: maybe,
    actor: maybe,
    run: maybe,
    credential: maybe,
    caller: maybe,
    bytesIn: number,
    bytesOut: number,
    ms: number,
    decideMs: fc.option(number),
    connectMs: fc.option(number),
    upstreamMs: fc.option(number),
    retries: number,
    refused: maybe,
    aborted: maybe,
    stripped: number,
    met: fc.option(fc.record({ id: text, missed: maybe })),
  })
  .map(({ met, ...record }) => ({ ...record, ...(met && { fault: met }) }) as unknown as AccessRecord)

/** One of its members is what nobody thought of; the others are as they are every day. */
const nearlyUsual = fc
  .tuple(anything, fc.constantFrom(...(Object.keys(accessRecord()) as (keyof AccessRecord)[])))
  .map(([odd, name]) => ({ ...accessRecord(), [name]: odd[name] }))

test('a line is to the letter what JSON makes of the record, whatever is in it and whatever came before', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(anything, nearlyUsual), { maxLength: 60 }), (records) => {
      const { toLine } = createLines()
      for (const record of [...records, ...records])
        expect(toLine(record)).toBe(`${JSON.stringify(record)}\n`)
    }),
    { numRuns: 300 },
  )
})

test('calls that differ in one member only never get each other’s texts', () => {
  const { toLine } = createLines()
  const usual = accessRecord({ run: 'run_1', release: 'blue', parent: 'bay', caller: 'orders' })
  const names = Object.keys(usual) as (keyof AccessRecord)[]
  for (const name of names) {
    const other = { ...usual, [name]: typeof usual[name] === 'number' ? 77 : 'other' }
    const none = accessRecord()[name] === null || name === 'path' ? { ...usual, [name]: null } : usual
    for (const record of [usual, other, none, usual, other, none])
      expect(toLine(record)).toBe(`${JSON.stringify(record)}\n`)
  }
})

test('what is made up is kept in a bounded number, and its lines are right all the same', () => {
  const { toLine, kept } = createLines()
  let most = 0
  for (let n = 0; n < 20_000; n++) {
    const made = {
      method: `X-${n}`,
      path: `/p/${n % 700}`,
      credential: `key_${n}`,
      organization: `o-${n % 9}`,
    }
    const record = accessRecord({ ...made, run: `run_${n % 50}`, caller: n % 3 === 0 ? `s-${n}` : null })
    expect(toLine(record)).toBe(`${JSON.stringify(record)}\n`)
    most = Math.max(most, kept())
  }
  expect(most).toBeGreaterThan(4_000)
  expect(most).toBeLessThanOrEqual(2 * 4_096)
})
