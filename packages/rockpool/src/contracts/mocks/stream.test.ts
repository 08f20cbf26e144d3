import { expect, test } from 'vitest'
import { contractOf } from '../../../test/support/contracts.ts'
import { ask, json } from '../../../test/support/mock-things.ts'
import type { JsonObject } from '../types.ts'
import { createValidator } from '../validation/index.ts'
import { createMock } from './mock.ts'

const tick = {
  type: 'object',
  required: ['at', 'price'],
  properties: { at: { type: 'integer' }, price: { type: 'number', minimum: 0 } },
}
const answering = (content: object) => ({ get: { responses: { '200': { description: '', content } } } })
const contract = contractOf({
  openapi: '3.2.0',
  paths: {
    '/ticks': {
      ...answering({
        'application/x-ndjson': { itemSchema: tick },
        'application/jsonl': { schema: { type: 'array', items: tick, minItems: 2, maxItems: 5 } },
        'application/json-seq': { schema: tick },
        'application/json': {
          schema: {
            type: 'object',
            required: ['data', 'has_more'],
            properties: { data: { type: 'array', items: tick, maxItems: 50 }, has_more: { type: 'boolean' } },
          },
        },
      }),
    },
    '/events': {
      ...answering({
        'text/event-stream': {
          itemSchema: {
            type: 'object',
            required: ['data', 'event'],
            properties: {
              event: { const: 'tick' },
              id: { type: 'string', pattern: '^[0-9]{3}$' },
              data: { type: 'string', contentMediaType: 'application/json', contentSchema: tick },
            },
          },
        },
      }),
    },
    '/plain-events': { ...answering({ 'text/event-stream': { schema: { type: 'array', items: tick } } }) },
    '/different': {
      ...answering({
        'application/x-ndjson': { schema: { type: 'array', uniqueItems: true, items: { enum: [1, 2, 3] } } },
      }),
    },
    '/written': {
      ...answering({
        'application/x-ndjson': {
          itemSchema: tick,
          examples: {
            two: {
              value: [
                { at: 1, price: 1 },
                { at: 2, price: 2 },
              ],
            },
          },
        },
      }),
    },
    '/either': {
      ...answering({
        'application/x-ndjson': {
          itemSchema: {
            oneOf: [
              { title: 'a', const: 'a' },
              { title: 'b', const: 'b' },
            ],
          },
        },
      }),
    },
    '/number': { ...answering(json({ type: 'integer' }).content) },
  },
})
const { isValid } = createValidator(contract, { direction: 'response' })

/** Text of the body, however it comes. */
function asked(path: string, accept: string, prefer = '') {
  const answer = createMock(contract).answer({
    method: 'GET',
    target: path,
    headers: ['Accept', accept, ...(prefer === '' ? [] : ['Prefer', prefer])],
    body: null,
  })
  const { body } = answer
  const pieces = typeof body === 'string' || Buffer.isBuffer(body) ? [String(body)] : [...body.pieces]
  return { ...answer, pieces, text: pieces.join('') }
}

test.each([
  ['application/x-ndjson', 3],
  ['application/jsonl', 3],
  ['application/json-seq', 3],
])('%s has one valid item after the other', (type, count) => {
  const { pieces, headers } = asked('/ticks', type)
  expect(headers).toContain(type)
  expect(pieces).toHaveLength(count)
  for (const piece of pieces) {
    expect(piece).toMatch(type === 'application/json-seq' ? /^\u001e[^\n]+\n$/ : /^[^\n]+\n$/)
    expect(isValid(tick as JsonObject, JSON.parse(piece.replace('\u001e', '')))).toBe(true)
  }
  expect(new Set(pieces).size).toBe(count)
})

test('how many there are can be asked for; the first ones stay the same', () => {
  expect(asked('/ticks', 'application/x-ndjson', 'items=500').pieces).toHaveLength(500)
  expect(asked('/ticks', 'application/x-ndjson', 'items=0').text).toBe('')
  const [two, five] = [2, 5].map((count) => asked('/ticks', 'application/x-ndjson', `items=${count}`).pieces)
  expect(five!.slice(0, 2)).toEqual(two)
})

test.each([
  ['/ticks', 'application/jsonl', 'items=6', 'items=6: the contract allows from 2 to 5 here'],
  ['/ticks', 'application/json', 'items=51', 'items=51: the contract allows no list of so many here'],
  ['/ticks', 'application/json', 'items=2000', 'items=2000: a body that is no stream has 1000 at most'],
  ['/ticks', 'application/x-ndjson', 'items=100001', 'items=100001: it is a whole number from 0 to 100000'],
  ['/ticks', 'application/x-ndjson', 'items=-1', 'items=-1: it is a whole number from 0 to 100000'],
  ['/number', 'application/json', 'items=2', 'items=2: what is answered is no list'],
])('%s as %s with %s is refused', (path, accept, prefer, detail) => {
  expect(JSON.parse(asked(path, accept, prefer).text)).toMatchObject({
    status: 400,
    detail: `Prefer: ${detail}`,
  })
})

test('a list in JSON has as many items as are asked for', () => {
  const { body } = ask(createMock(contract), 'GET', '/ticks', {
    headers: ['Accept', 'application/json', 'Prefer', 'items=40'],
  })
  expect((body as { data: object[] }).data).toHaveLength(40)
})

test('events have the fields of their schema, and data that its own schema allows', () => {
  const { pieces } = asked('/events', 'text/event-stream')
  expect(pieces).toHaveLength(3)
  for (const piece of pieces) {
    const [, data = ''] = /^event: tick\n(?:id: \d{3}\n)?data: (.+)\n\n$/.exec(piece) ?? []
    expect(isValid(tick as JsonObject, JSON.parse(data))).toBe(true)
  }
})

test('items that are no events are the data of events', () => {
  const { pieces } = asked('/plain-events', 'text/event-stream')
  for (const piece of pieces) expect(piece).toMatch(/^data: \{.*\}\n\n$/)
})

test('items that are judged together are judged before the first leaves', () => {
  const { text } = asked('/different', 'application/x-ndjson', 'items=4')
  expect(JSON.parse(text)).toMatchObject({ code: 'mock_unable' })
})

test('an example is a stream that somebody wrote down', () => {
  expect(asked('/written', 'application/x-ndjson').text).toBe('{"at":1,"price":1}\n{"at":2,"price":2}\n')
})

test('each item has the branch that is asked for', () => {
  expect(asked('/either', 'application/x-ndjson', 'branch=b').text).toBe('"b"\n"b"\n"b"\n')
})

test('what was made is streamed', () => {
  const to = { $ref: '#/components/schemas/Tick' }
  const one = createMock(
    contractOf({
      openapi: '3.2.0',
      paths: {
        '/ticks': {
          ...answering({ 'application/x-ndjson': { itemSchema: to } }),
          post: { requestBody: json(to), responses: { '200': { description: '', ...json(to) } } },
        },
        '/ticks/{id}': {
          get: {
            parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
            responses: { '200': { description: '', ...json(to) } },
          },
        },
      },
      components: {
        schemas: { Tick: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } } },
      },
    }),
  )
  for (const id of ['a', 'b']) ask(one, 'POST', '/ticks', { body: { id } })
  const { body } = one.answer({ method: 'GET', target: '/ticks', headers: [], body: null })
  expect([...(body as { pieces: Iterable<string> }).pieces]).toEqual(['{"id":"a"}\n', '{"id":"b"}\n'])
})
