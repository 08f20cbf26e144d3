import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bodiesOf, readerOf } from '../../../test/support/contract-requests.ts'

const schemas = {
  Node: {
    type: 'object',
    required: ['kind'],
    properties: {
      kind: { enum: ['a', 'b'] },
      next: { oneOf: [{ $ref: '#/components/schemas/Node' }, { type: 'integer' }, { type: 'null' }] },
      list: { type: 'array', items: { $ref: '#/components/schemas/Node' } },
    },
    additionalProperties: {
      anyOf: [{ type: 'boolean' }, { type: 'number' }, { $ref: '#/components/schemas/Node' }],
    },
  },
  Loop: {
    allOf: [
      { $ref: '#/components/schemas/Other' },
      { type: 'object', properties: { a: { type: 'integer' } } },
    ],
  },
  Other: { anyOf: [{ $ref: '#/components/schemas/Loop' }, { $ref: '#/components/schemas/Node' }] },
}
const node = { schema: { $ref: '#/components/schemas/Node' } }
const places: [string, string[]][] = [
  ['path', ['simple', 'label', 'matrix']],
  ['query', ['form', 'spaceDelimited', 'pipeDelimited', 'deepObject']],
  ['header', ['simple']],
  ['cookie', ['form', 'cookie']],
]
const kinds = [
  { type: 'integer' },
  { type: 'array', items: { type: 'boolean' } },
  { $ref: '#/components/schemas/Node' },
]
const parameters = places.flatMap(([place, styles]) =>
  styles.flatMap((style) =>
    [false, true].flatMap((explode) =>
      kinds.map((schema, index) => ({
        name: `p${index}${style}${explode}`,
        in: place,
        required: true,
        style,
        explode,
        schema,
      })),
    ),
  ),
)
const names = parameters.map(({ name }) => name)

test('whatever is sent, nothing is thrown, and what is wrong has a place and words', () => {
  const content = {
    'application/json': node,
    'application/x-www-form-urlencoded': node,
    'multipart/form-data': node,
    'text/*': node,
  }
  const readers = [false, true].map((coerceJson) =>
    readerOf({ parameters, schemas, coerceJson, requestBody: { required: true, content } }),
  )
  const piece = fc.oneof(
    fc.constantFrom(
      ...Array.from('&=[];,.|%+{}":\r\n'),
      '%00',
      '%zz',
      '[]',
      '[0]',
      '[9999999]',
      '__proto__',
      '--b',
      '--b--',
      'kind',
      'next',
      'list',
      '\r\n\r\n',
    ),
    fc.constantFrom(
      'Content-Disposition: form-data; name=',
      '{"kind":"a","next":',
      '"',
      '1e999',
      'a',
      'A',
      'true',
      '5',
    ),
    fc.constantFrom(...names),
    fc.string(),
  )
  const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''))
  const type = fc.oneof(
    fc.constantFrom(
      ...Object.keys(content),
      'multipart/form-data; boundary=b',
      'application/octet-stream',
      'text/plain; charset=x',
      '',
    ),
    text,
  )
  const body = fc.oneof(
    text,
    fc.jsonValue().map((value) => JSON.stringify(value)),
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  )
  let good = 0
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom(...names), text),
      text,
      text,
      type,
      body,
      (path, query, header, contentType, sent) => {
        for (const read of readers) {
          const headers = {
            ...Object.fromEntries(names.map((name) => [name, header])),
            Cookie: header,
            'Content-Type': contentType,
          }
          const { findings } = read({ path, query, headers, body: sent })
          for (const finding of findings) expect(finding.message).not.toBe('')
          if (!findings.some((finding) => finding.in === 'body')) good += 1
        }
      },
    ),
    { numRuns: 1_000 },
  )
  expect(good).toBeGreaterThan(50)
})

test('an index costs what is given, and nothing for what is not', () => {
  const read = bodiesOf('application/x-www-form-urlencoded', { type: 'object' })
  const before = process.memoryUsage().heapUsed
  expect(read('a[999999999]=1&b[4294967294]=1').findings).toHaveLength(2)
  expect(read('a[1000]=1').body).toEqual({ a: ['1'] })
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(20_000_000)
})

test.each([
  [
    'form',
    'application/x-www-form-urlencoded',
    `kind=a&${Array.from({ length: 9_999 }, (_, index) => `n${index}[kind]=b`).join('&')}`,
  ],
  ['deep JSON', 'application/json', `${'{"kind":"a","next":'.repeat(250)}"x"${'}'.repeat(250)}`],
  [
    'broad JSON',
    'application/json',
    JSON.stringify({ kind: 'a', list: Array.from({ length: 20_000 }, () => ({ kind: 'B', next: '5' })) }),
  ],
])('unions within unions of a %s end within seconds', (_, type, body) => {
  const read = bodiesOf(type, node.schema, { schemas, coerceJson: true })
  const started = performance.now()
  read(body)
  expect(performance.now() - started).toBeLessThan(5_000)
})

test('schemas that lead back to themselves say nothing more than once', () => {
  const read = bodiesOf(
    'application/x-www-form-urlencoded',
    { $ref: '#/components/schemas/Loop' },
    { schemas },
  )
  expect(read('a=5&kind=A').body).toEqual({ a: 5, kind: 'a' })
})

test('what would take too long to give its types is told, and not judged', () => {
  const levels = Object.fromEntries(
    Array.from({ length: 30 }, (_, level) => [
      `L${level}`,
      {
        anyOf: ['x', 'y'].map((title) => ({
          title,
          allOf: [{ $ref: `#/components/schemas/L${level + 1}` }],
        })),
      },
    ]),
  )
  const read = bodiesOf(
    'application/x-www-form-urlencoded',
    { properties: { a: { $ref: '#/components/schemas/L0' } } },
    {
      schemas: { ...levels, L30: { type: 'integer' } },
    },
  )
  const started = performance.now()
  expect(read('a=x').findings).toEqual([
    { in: 'body', path: '', message: 'the body: is more than is judged of one request', keyword: 'effort' },
  ])
  expect(performance.now() - started).toBeLessThan(10_000)
})
