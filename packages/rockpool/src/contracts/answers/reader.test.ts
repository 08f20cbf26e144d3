import { describe, expect, test } from 'vitest'
import { contractOf } from '../../../test/support/contracts.ts'
import { createValidator } from '../validation/index.ts'
import { createAnswerReader } from './index.ts'

const item = {
  type: 'object',
  required: ['id'],
  properties: {
    id: { type: 'string', writeOnly: false },
    secret: { type: 'string', writeOnly: true },
    state: { enum: ['new', 'sold'] },
    maker: { type: 'object', properties: { name: { type: 'string' } } },
    labels: { type: 'object', additionalProperties: { type: 'string' } },
    free: { type: 'object' },
    next: { $ref: '#/components/schemas/Item' },
  },
}
const pet = {
  oneOf: [
    { type: 'object', required: ['barks'], properties: { barks: { type: 'boolean' } } },
    {
      type: 'object',
      required: ['purrs'],
      properties: { purrs: { type: 'boolean' }, lives: { type: 'integer' } },
    },
  ],
}

const json = (schema: object) => ({ description: '', content: { 'application/json': { schema } } })
const contract = contractOf({
  paths: {
    '/items': {
      get: {
        operationId: 'list',
        responses: {
          200: json({ type: 'array', items: { $ref: '#/components/schemas/Item' } }),
          201: json({ allOf: [{ $ref: '#/components/schemas/Item' }, { properties: { more: {} } }] }),
          202: json(pet),
          204: { description: '' },
          '4XX': json({ type: 'object', properties: { code: { type: 'string' } } }),
        },
      },
    },
  },
  components: { schemas: { Item: item } },
})
const reader = createAnswerReader(contract, createValidator(contract, { direction: 'response' }))
const read = (status: number, body: unknown, type = 'application/json; charset=utf-8') =>
  reader
    .read(contract.operations[0]!, {
      status,
      headers: ['Content-Type', type],
      body: typeof body === 'string' ? Buffer.from(body) : Buffer.from(JSON.stringify(body)),
    })
    .map(({ pointer, keyword, value }) =>
      [pointer, keyword, ...(value === undefined ? [] : [value])].join(' '),
    )

describe('an answer', () => {
  test('that keeps to its contract has nothing to tell', () => {
    expect(
      read(200, [{ id: 'a', state: 'new', maker: { name: 'x' }, labels: { any: 'y' }, free: { z: 1 } }]),
    ).toEqual([])
    expect(read(201, { id: 'a', more: 1 })).toEqual([])
    expect(read(204, '')).toEqual([])
    expect(read(404, { code: 'gone' })).toEqual([])
  })

  test('of a status or a media type that is not declared is told', () => {
    expect(read(500, {})).toEqual([' status'])
    expect(read(200, '<html>', 'text/html')).toEqual([' contentType'])
    expect(read(200, '[{]')).toEqual([' syntax'])
  })

  test('is told by its places, and no value of it but texts where a list says what may stand there', () => {
    expect(read(200, [{ state: 'lost' }, { id: 5, state: 'x'.repeat(65) }, { id: 'a', state: 5 }])).toEqual([
      '/0/id required',
      '/0/state enum lost',
      '/1/id type',
      '/1/state enum',
      '/2/state enum',
    ])
  })

  test('with members that nobody declares names them, each of a list once', () => {
    expect(
      read(200, [
        { id: 'a', age: 1, maker: { name: 'x', town: 'y' } },
        { id: 'b', age: 2, next: { id: 'c', a: 1 } },
      ]),
    ).toEqual(['/0/age undeclared', '/0/maker/town undeclared', '/1/next/a undeclared'])
    expect(read(201, { id: 'a', more: 1, less: 2 })).toEqual(['/less undeclared'])
    expect(read(404, { code: 'gone', 'a/b~c': 1, __proto__x: 2, constructor: 3 })).toEqual([
      '/a~1b~0c undeclared',
      '/__proto__x undeclared',
      '/constructor undeclared',
    ])
  })

  test('of a union speaks the branch that it fits', () => {
    expect(read(202, { barks: true, lives: 9 })).toEqual(['/lives undeclared'])
    expect(read(202, { purrs: true, lives: 9 })).toEqual([])
  })

  test('that is deep, wide or broad is looked at so far, within a moment', () => {
    let deep: object = { id: 'z', odd: 1 }
    for (let level = 0; level < 200; level++) deep = { id: 'a', next: deep }
    const started = performance.now()
    read(201, deep)
    read(
      200,
      Array.from({ length: 20_000 }, (_, index) => ({ id: 'a', [`n${index}`]: 1 })),
    )
    expect(
      read(404, Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`n${index}`, 1]))),
    ).toHaveLength(50)
    expect(performance.now() - started).toBeLessThan(5_000)
  })
})
