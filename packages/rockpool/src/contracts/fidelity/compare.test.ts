import { describe, expect, test } from 'vitest'
import { contractOf } from '../../../test/support/contracts.ts'
import { createValidator } from '../validation/index.ts'
import { compareAnswers } from './compare.ts'
import type { SeenAnswer } from './types.ts'

const item = {
  type: 'object',
  required: ['id', 'state'],
  properties: {
    id: { type: 'string' },
    state: { type: 'string', enum: ['new', 'sold'] },
    note: { type: 'string' },
    maker: { type: 'object', properties: { name: { type: 'string' }, town: { type: 'string' } } },
    labels: {
      type: 'object',
      additionalProperties: { type: 'object', properties: { at: { type: 'string' } } },
    },
  },
}
const contract = contractOf({
  paths: {
    '/items': {
      get: {
        operationId: 'listItems',
        responses: {
          '200': {
            description: '',
            headers: {
              'X-Total': { required: true, schema: { type: 'integer' } },
              'X-Trace': { schema: { type: 'string' } },
            },
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  properties: { items: { type: 'array', items: { $ref: '#/components/schemas/Item' } } },
                },
              },
              'text/csv': { schema: { type: 'string' } },
            },
          },
          '202': { description: '' },
          '4XX': { description: '' },
        },
      },
    },
  },
  components: { schemas: { Item: item } },
})
const comparing = {
  contract,
  operation: contract.operations[0]!,
  validator: createValidator(contract, { direction: 'response' }),
}

const seen = (items: unknown, more: Partial<SeenAnswer> = {}): SeenAnswer => ({
  status: 200,
  headers: { 'content-type': 'application/json; charset=utf-8', 'x-total': '1' },
  body: { items },
  ...more,
})
const mock = seen([{ id: 'secret-a', state: 'new', note: 'secret-b' }])
const told = (real: SeenAnswer, other = mock) =>
  compareAnswers(comparing, real, other).map(
    ({ what, at, message, breaks }) => `${breaks ? 'breaks' : 'differs'} ${what} ${at}: ${message}`,
  )

describe('nothing is told', () => {
  test('of answers that have the same shape, whatever their values', () => {
    expect(told(seen([{ id: 'secret-1', state: 'sold', note: '' }]))).toEqual([])
  })
  test('of lists of different lengths, as long as one item each has what the others have', () => {
    expect(
      told(
        seen([
          { id: '1', state: 'new' },
          { id: '2', state: 'new', note: 'x' },
        ]),
      ),
    ).toEqual([])
    expect(told(seen([]))).toEqual([])
  })
  test('of headers that nobody promised', () => {
    const headers = { ...mock.headers, 'x-trace': 'secret', server: 'secret' }
    expect(told({ ...mock, headers })).toEqual([])
  })
})

describe('what the contract forbids breaks it', () => {
  test('a status that is not declared', () => {
    expect(told(seen([], { status: 500, body: undefined }))).toEqual([
      'breaks status : answers 500; the contract declares 200, 202, 4XX',
    ])
  })
  test('a media type that is not declared, or none at all', () => {
    expect(told(seen([], { headers: { ...mock.headers, 'content-type': 'text/html' } }))).toEqual([
      'breaks media type : answers text/html; the contract declares application/json, text/csv',
    ])
    expect(told(seen([], { headers: { 'x-total': '1' } }))).toEqual([
      'breaks media type : answers no media type; the contract declares application/json, text/csv',
    ])
  })
  test('a header that is required and missing', () => {
    const { 'x-total': _, ...headers } = mock.headers
    expect(told({ ...mock, headers })).toEqual(['breaks header X-Total: the header X-Total is missing'])
  })
  test('a required field that is missing: its place, once, however many items lack it', () => {
    expect(
      told(
        seen([
          { id: '1', note: '' },
          { id: '2', note: '' },
        ]),
      ),
    ).toEqual(['breaks body /items/*/state: /items/*/state is required'])
  })
  test('a value that is none of an enum, without the value', () => {
    const [finding] = told(seen([{ id: '1', state: 'secret-state', note: '' }]))
    expect(finding).toMatch(/^breaks body \/items\/\*\/state: \/items\/\*\/state must be one of/)
    expect(finding).not.toContain('secret')
  })
  test('a body that is no JSON though it says so', () => {
    expect(told(seen([], { body: 'secret {' }))).toEqual(['breaks body : the body must be an object'])
  })
})

describe('what the contract allows and one of both has not is a difference', () => {
  test('another status that is declared', () => {
    expect(told(seen([], { status: 202, body: undefined }))).toEqual([
      'differs status : answers 202, the mock 200',
    ])
  })
  test('another media type that is declared', () => {
    expect(told(seen([], { headers: { ...mock.headers, 'content-type': 'text/csv' }, body: 'a' }))).toEqual([
      'differs media type : answers text/csv, the mock application/json',
    ])
  })
  test('a body where none is declared', () => {
    const nothing = { status: 202, headers: {}, body: undefined }
    expect(told({ ...nothing, body: 'secret' }, nothing)).toEqual([
      'differs body : answers a body; the contract declares none',
    ])
  })
  test('an optional field that the service leaves out, or that the mock does', () => {
    expect(told(seen([{ id: '1', state: 'new' }]))).toEqual([
      'differs field /items/*/note: /items/*/note is in the mock’s answer alone',
    ])
    expect(told(mock, seen([{ id: '1', state: 'new' }]))).toEqual([
      'differs field /items/*/note: /items/*/note is in the service’s answer, not in the mock’s',
    ])
  })
  test('a field that the contract does not know', () => {
    const [{ id, state, note }] = (mock.body as { items: [{ id: string; state: string; note: string }] })
      .items
    expect(told(seen([{ id, state, note, stock: 3 }]))).toEqual([
      'differs field /items/*/stock: /items/*/stock is in the service’s answer, and nowhere in the contract',
    ])
  })
  test('of an object that only one has, the object alone and not what is in it', () => {
    expect(told(seen([{ id: '1', state: 'new', note: '', maker: { name: 'x', town: 'y' } }]))).toEqual([
      'differs field /items/*/maker: /items/*/maker is in the service’s answer, not in the mock’s',
    ])
  })
})

describe('of values nothing is told', () => {
  const withLabels = (labels: unknown) => seen([{ id: '1', state: 'new', note: '', labels }])
  test('names in a map are values: their entries are compared, and the names left out', () => {
    expect(
      told(
        withLabels({ 'secret-one': { at: '' } }),
        withLabels({ 'secret-two': { at: '' }, 'secret-3': {} }),
      ),
    ).toEqual([])
    expect(told(withLabels({ 'secret-one': {} }), withLabels({ 'secret-two': { at: '' } }))).toEqual([
      'differs field /items/*/labels/*/at: /items/*/labels/*/at is in the mock’s answer alone',
    ])
    const [finding] = told(withLabels({ 'secret-one': { at: 3 } }), withLabels({ 'secret-two': { at: '' } }))
    expect(finding).toBe('breaks body /items/*/labels/*/at: /items/*/labels/*/at must be a string')
  })
  test('nor of a name that is unknown and looks like data', () => {
    expect(told(seen([{ id: '1', state: 'new', note: '', 'order 4711': true }]))).toEqual([])
  })
  test('no answer makes more than 20 findings, and hostile ones none without end', () => {
    const fields = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [`f${'x'.repeat(index % 50)}${'y'.repeat(index % 7)}`, 1]),
    )
    expect(told(seen([{ id: '1', state: 'new', ...fields }]))).toHaveLength(20)
    let deep: unknown = 1
    for (let depth = 0; depth < 5_000; depth++) deep = { deep }
    expect(told(seen([{ id: '1', state: 'new', note: '', maker: deep }]))).toHaveLength(1)
  })
})
