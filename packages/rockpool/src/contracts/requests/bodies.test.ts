import { describe, expect, test } from 'vitest'
import { bodiesOf, readerOf } from '../../../test/support/contract-requests.ts'

const order = {
  Order: {
    type: 'object',
    required: ['number', 'total', 'lines'],
    properties: {
      number: { type: 'string' },
      total: { type: 'number', minimum: 0 },
      id: { type: 'string', readOnly: true },
      lines: {
        type: 'array',
        items: {
          type: 'object',
          required: ['sku', 'quantity'],
          properties: { quantity: { type: 'integer' } },
        },
      },
    },
  },
}
const $ref = '#/components/schemas/Order'

describe('a JSON body', () => {
  const read = bodiesOf('application/json', { $ref }, { schemas: order })
  const messages = (body: string, type?: string) => read(body, type).findings.map(({ message }) => message)

  test('is itself where it keeps to the contract', () => {
    const value = { number: '1', total: 5, lines: [], more: { __proto__: null } }
    expect(read(JSON.stringify(value), 'Application/JSON; charset="UTF-8"')).toMatchObject({
      findings: [],
      body: value,
    })
  })

  test('is told all that is missing of an object together, and all else that is wrong, at once', () => {
    expect(read('{"total":-1,"lines":[{"quantity":"5"},{}]}').findings).toEqual([
      { in: 'body', path: '', message: 'the body: must have number (Order)', keyword: 'required' },
      { in: 'body', path: '/total', message: '/total: must be at least 0', keyword: 'minimum' },
      { in: 'body', path: '/lines/0', message: '/lines/0: must have sku', keyword: 'required' },
      {
        in: 'body',
        path: '/lines/0/quantity',
        message: '/lines/0/quantity: must be a whole number',
        keyword: 'type',
      },
      { in: 'body', path: '/lines/1', message: '/lines/1: must have sku, quantity', keyword: 'required' },
    ])
    expect(messages('{}')).toEqual(['the body: must have number, total, lines (Order)'])
    expect(messages('[]')).toEqual(['the body: must be an object'])
  })

  test.each([
    ['{"number": 1,\n  "total": }', 'expected a value, found “}” (line 2, column 12)'],
    ['{"number":"1","number":"2"}', '“number” stands here twice (line 1, column 15)'],
    ['['.repeat(100_000), 'it is nested deeper than 256 levels (line 1, column 257)'],
    ['{"total":1e999}', 'a number is out of the range of double precision (line 1, column 10)'],
    ['x', 'expected a value, found “x” (line 1, column 1)'],
  ])('%.30s: is told with its place', (body, message) => {
    expect(messages(body)).toEqual([`the body: is no good JSON: ${message}`])
  })

  test('is UTF-8, and nothing else', () => {
    expect(messages('{}', 'application/json; charset=iso-8859-1')).toEqual([
      'the body must be UTF-8: no other charset is read',
    ])
    expect(read(Buffer.from([0x22, 0xff, 0x22])).findings).toMatchObject([
      { message: 'the body is not UTF-8' },
    ])
    expect(read('\uFEFF{"number":"1","total":1,"lines":[]}').findings).toEqual([])
  })

  test('is coerced where that is asked for, and only there', () => {
    const value = '{"number":5,"total":"7.5","lines":{"sku":"a","quantity":"2"},"id":null}'
    const coercing = bodiesOf('application/json', { $ref }, { schemas: order, coerceJson: true })
    expect(coercing(value)).toMatchObject({
      findings: [],
      body: { number: '5', total: 7.5, lines: [{ sku: 'a', quantity: 2 }] },
    })
    expect(coercing(value).body).not.toHaveProperty('id')
    expect(messages(value)).toHaveLength(4)
  })
})

test('a number that text has and JavaScript cannot hold is told as that', () => {
  const read = bodiesOf('application/x-www-form-urlencoded', {
    properties: {
      a: { type: 'integer' },
      b: { type: 'number' },
      c: { anyOf: [{ type: 'integer' }, { type: 'null' }] },
    },
  })
  expect(
    read('a=9007199254740993&b=1e400&c=-9007199254740993').findings.map(({ message }) => message),
  ).toEqual([
    '/a: must be a whole number from -9007199254740991 to 9007199254740991: others are not exact',
    '/b: is a number out of the range of double precision',
    '/c: must be a whole number from -9007199254740991 to 9007199254740991: others are not exact',
  ])
})

describe('a body that is not there', () => {
  const content = { 'application/json': { schema: {} }, 'text/plain': { schema: {} } }
  const messages = (required: boolean, headers: Record<string, string>, body?: string) =>
    readerOf({ requestBody: { required, content } })({ headers, ...(body === undefined ? {} : { body }) })
      .findings

  test('is told where one is required', () => {
    const finding = {
      in: 'body',
      path: '',
      keyword: 'required',
      message: 'a body is required: send application/json or text/plain',
    }
    expect(messages(true, {})).toEqual([finding])
    expect(messages(true, {}, '')).toEqual([finding])
    expect(messages(true, { 'Content-Type': 'application/json' }, '')).toEqual([finding])
    expect(messages(true, { 'Content-Type': 'text/plain' }, '')).toEqual([])
  })
  test('is none where none is required', () => {
    expect(messages(false, {})).toEqual([])
    expect(messages(false, { 'Content-Type': 'application/json' }, '')).toEqual([])
  })
  test('is not looked at where the operation takes none', () => {
    expect(readerOf({})({ body: '{', headers: { 'Content-Type': 'application/json' } })).toMatchObject({
      body: undefined,
      findings: [],
    })
  })
})

describe('a media type', () => {
  const read = readerOf({
    requestBody: {
      required: true,
      content: {
        '*/*': { schema: {} },
        'text/*': { schema: { type: 'string', maxLength: 5 } },
        'text/plain; charset=utf-8': { schema: { type: 'string', maxLength: 3 } },
        'image/png': { schema: { type: 'string', format: 'binary' } },
      },
    },
  })
  const findings = (type: string, body: string) => read({ headers: { 'Content-Type': type }, body }).findings

  test('is matched by the most specific that the contract names, whatever its parameters', () => {
    expect(findings('text/plain; a=b', '1234')).toMatchObject([{ keyword: 'maxLength' }])
    expect(findings('text/csv', '1234')).toEqual([])
    expect(findings('text/csv', '123456')).toMatchObject([{ keyword: 'maxLength' }])
    expect(findings('application/x', '123456')).toEqual([])
  })
  test('that is no text gives bytes, and one that is gives text', () => {
    const bytes = Buffer.from([0, 255])
    expect(read({ headers: { 'Content-Type': 'image/png' }, body: bytes }).body).toEqual(bytes)
    expect(read({ headers: { 'Content-Type': 'text/csv' }, body: 'ä' }).body).toBe('ä')
  })
  test('with JSON at its end is JSON', () => {
    expect(read({ headers: { 'Content-Type': 'application/problem+json' }, body: '{"a":1}' }).body).toEqual({
      a: 1,
    })
  })
})

describe('a body of another media type than the operation takes', () => {
  const content = { 'application/json': { schema: { type: 'object' } }, 'text/csv': { schema: {} } }
  const read = readerOf({ requestBody: { required: true, content } })
  const message = (type: string | undefined, body: string) =>
    read({ headers: type === undefined ? {} : { 'Content-Type': type }, body }).findings.map(
      (one) => one.message,
    )

  test('is told those that it takes', () => {
    expect(message('application/xml', '<a/>')).toEqual([
      'application/xml is not taken: send application/json or text/csv',
    ])
    expect(message('nonsense', '<a/>')).toEqual([
      'Content-Type is no media type: send application/json or text/csv',
    ])
  })
  test('is advised to name JSON where curl called it a form', () => {
    expect(message('application/x-www-form-urlencoded', '{"a":1}')).toEqual([
      'application/x-www-form-urlencoded is not taken: send application/json or text/csv. ' +
        'The body looks like JSON: send JSON with Content-Type: application/json',
    ])
    expect(message('application/x-www-form-urlencoded', 'a=1')).toEqual([
      'application/x-www-form-urlencoded is not taken: send application/json or text/csv',
    ])
  })
  test('is JSON where it says nothing, or that it is bytes', () => {
    expect(message(undefined, '{"a":1}')).toEqual([])
    expect(message('application/octet-stream', '{"a":1}')).toEqual([])
    expect(message('application/octet-stream', 'a')).toHaveLength(1)
  })
  test('is advised of JSON even where forms are taken', () => {
    const both = readerOf({
      requestBody: {
        content: { ...content, 'application/x-www-form-urlencoded': { schema: { type: 'object' } } },
      },
    })
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
    expect(both({ headers, body: '{"a":1}' }).findings).toMatchObject([
      { message: 'the body is no form, but JSON: send JSON with Content-Type: application/json' },
    ])
    expect(both({ headers, body: '{"a":1' }).findings).toEqual([])
  })
  test('is that one of a single media type where nothing is said', () => {
    const single = readerOf({ requestBody: { content: { 'text/csv': { schema: {} } } } })
    expect(single({ body: 'a,b' })).toMatchObject({ body: 'a,b', findings: [] })
  })
})
