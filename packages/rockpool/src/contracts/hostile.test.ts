import fc from 'fast-check'
import { expect, test } from 'vitest'
import { count, limitMs } from '../../test/support/counts.ts'
import { everything } from '../../test/support/contract-with-everything.ts'
import { toOpenApi } from './export/openapi.ts'
import { readContract } from './read.ts'
import type { Json } from './types.ts'

/** As deep as `path` leads, and no deeper than there is something. */
function replaced(value: Json, path: readonly number[], by: Json): Json {
  const [first, ...rest] = path
  if (first === undefined || typeof value !== 'object' || value === null) return by
  const names = Object.keys(value)
  if (names.length === 0) return by
  const name = names[first % names.length]!
  const inner = replaced((value as Record<string, Json>)[name]!, rest, by)
  return Array.isArray(value) ? value.with(Number(name), inner) : { ...value, [name]: inner }
}

const references = [
  '#',
  '#/',
  '#/paths',
  '#/components/schemas/Node',
  '#/components/schemas',
  'a.json',
  '//',
  '#/%',
  '%',
  'http://[',
  'file:///etc/passwd',
  '',
].map(($ref) => ({ $ref }))
const values = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
  fc.constantFrom<Json>(
    ...references,
    { constructor: {} },
    { toString: 1 },
    JSON.parse('{"__proto__": {"type": "x"}}') as Json,
  ),
)

const documents = count('mutilatedContracts', 1_000)

test(
  'whatever is written in any place, nothing is thrown; and what is accepted is the same once it is written and read again',
  { timeout: limitMs(60_000) },
  () => {
    let accepted = 0
    fc.assert(
      fc.property(fc.array(fc.nat(20), { minLength: 1, maxLength: 9 }), values, (path, value) => {
        const text = JSON.stringify(replaced(everything, path, value))
        const reading = readContract(text, { file: 'a.json' })
        if (!reading.ok)
          return void expect(reading.findings[0]).toMatchObject({ level: 'error', file: 'a.json' })
        accepted += 1
        const again = readContract(JSON.stringify(toOpenApi(reading.contract)), { file: 'b.json' })
        expect(again.ok && again.contract).toEqual(reading.contract)
      }),
      { numRuns: documents },
    )
    expect(accepted).toBeGreaterThan(documents / 6)
  },
)

test.each([
  ['references in a row', chain(10_000)],
  [
    'a hundred thousand operations',
    { paths: Object.fromEntries(range(100_000).map((index) => [`/p${index}`, { get: {} }])) },
  ],
  [
    'a hundred thousand values of an enum',
    { paths: {}, components: { schemas: { A: { enum: range(100_000).map((value) => ({ value })) } } } },
  ],
  [
    'callbacks that lead to more and more callbacks',
    { paths: Object.fromEntries(range(40).map(callbacksTwice)) },
  ],
  [
    'a hundred responses for each of ten thousand operations',
    {
      paths: Object.fromEntries(
        range(10_000).map((index) => [`/p${index}`, { get: { responses: { $ref: '#/x' } } }]),
      ),
      x: Object.fromEntries(range(100).map((index) => [String(100 + index), { description: '' }])),
    },
  ],
  [
    'a name of a million letters',
    {
      paths: {},
      components: { schemas: { A: { $ref: `#/x/${'_'.repeat(1_000_000)}a` } } },
      x: { [`${'_'.repeat(1_000_000)}a`]: {} },
    },
  ],
  ['a path of a million braces', { paths: { [`/${'{'.repeat(1_000_000)}`]: { get: {} } } }],
])('%s: read or refused within seconds', { timeout: 60_000 }, (_, document) => {
  const started = performance.now()
  readContract(JSON.stringify({ openapi: '3.1.0', info: { title: '', version: '' }, ...document }), {
    file: 'a.json',
  })
  expect(performance.now() - started).toBeLessThan(10_000)
})

function chain(length: number) {
  const schemas = Object.fromEntries(
    range(length).map((index) => [`S${index}`, { $ref: `#/components/schemas/S${index + 1}` }]),
  )
  return { paths: {}, components: { schemas } }
}

/** Each of them twice as many as the one before. */
function callbacksTwice(index: number) {
  const $ref = `#/paths/~1p${index + 1}`
  return [`/p${index}`, { get: { callbacks: { a: { u: { $ref } }, b: { u: { $ref } } } } }] as const
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index)
}
