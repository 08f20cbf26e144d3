import { describe, expect, test } from 'vitest'
import { parameterOf, readerOf } from '../../../test/support/contract-requests.ts'

const string = { type: 'string' }
const integers = { type: 'array', items: { type: 'integer' } }
const color = { type: 'object', properties: { R: { type: 'integer' }, G: { type: 'integer' } } }

describe('a parameter of the path', () => {
  test.each([
    ['simple', false, string, 'blue', 'blue'],
    ['simple', false, integers, '1,2', [1, 2]],
    ['simple', true, integers, '1,2', [1, 2]],
    ['simple', false, integers, '1', [1]],
    ['simple', false, color, 'R,100,G,200', { R: 100, G: 200 }],
    ['simple', true, color, 'R=100,G=200', { R: 100, G: 200 }],
    ['label', false, string, '.blue', 'blue'],
    ['label', false, integers, '.1,2', [1, 2]],
    ['label', true, integers, '.1.2', [1, 2]],
    ['label', false, color, '.R,100,G,200', { R: 100, G: 200 }],
    ['label', true, color, '.R=100.G=200', { R: 100, G: 200 }],
    ['matrix', false, string, ';p=blue', 'blue'],
    ['matrix', false, string, ';p', ''],
    ['matrix', false, integers, ';p=1,2', [1, 2]],
    ['matrix', true, integers, ';p=1;p=2', [1, 2]],
    ['matrix', false, color, ';p=R,100,G,200', { R: 100, G: 200 }],
    ['matrix', true, color, ';R=100;G=200', { R: 100, G: 200 }],
    ['label', false, string, 'blue', ['p: must begin with “.”, as the style label says']],
    ['matrix', false, string, 'p=blue', ['p: must begin with “;”, as the style matrix says']],
    ['matrix', false, string, ';q=blue', ['p: must begin with “;p”, as the style matrix says']],
    ['simple', false, color, 'R,100,G', ['p: must have names and values in turns']],
  ])('%s, explode %s, %j: %s', (style, explode, schema, text, expected) => {
    expect(parameterOf({ in: 'path', style, explode, schema } as never)({ path: { p: text } })).toEqual(
      expected,
    )
  })

  test('was decoded by whoever found the operation, and is not decoded again', () => {
    expect(parameterOf({ in: 'path', schema: string })({ path: { p: '100%25' } })).toBe('100%25')
  })
})

describe('a parameter of the query', () => {
  test.each([
    ['form', true, string, 'p=blue', 'blue'],
    ['form', true, string, 'p=', ''],
    ['form', true, string, 'p=a%2Cb+c%26%252B', 'a,b c&%2B'],
    ['form', true, integers, 'p=1&p=2', [1, 2]],
    ['form', true, integers, 'q=0&p=1', [1]],
    ['form', false, integers, 'p=1,2', [1, 2]],
    ['form', false, { type: 'array', items: string }, 'p=a%2Cb,c', ['a,b', 'c']],
    ['form', false, integers, 'p=1', [1]],
    ['form', false, integers, 'p=', []],
    ['form', false, integers, 'p=1&p=2', [1, 2]],
    ['form', true, color, 'R=100&G=200&B=1', { R: 100, G: 200 }],
    ['form', false, color, 'p=R,100,G,200', { R: 100, G: 200 }],
    ['spaceDelimited', false, integers, 'p=1%202+3', [1, 2, 3]],
    ['spaceDelimited', false, color, 'p=R%20100%20G%20200', { R: 100, G: 200 }],
    ['pipeDelimited', false, integers, 'p=1|2%7C3', [1, 2, 3]],
    ['pipeDelimited', false, color, 'p=R|100|G|200', { R: 100, G: 200 }],
    ['deepObject', true, color, 'p[R]=100&p%5BG%5D=200', { R: 100, G: 200 }],
    ['deepObject', true, integers, 'p[]=1&p[]=2', [1, 2]],
    ['deepObject', true, integers, 'p[1]=1&p[0]=2', [2, 1]],
    ['deepObject', true, { anyOf: [color, { type: 'integer' }] }, 'p=5', 5],
    [
      'form',
      true,
      string,
      'p=%zz',
      ['p: is not percent-encoded rightly: it must be UTF-8, and each % followed by two digits'],
    ],
    [
      'form',
      true,
      string,
      'p=%ff',
      ['p: is not percent-encoded rightly: it must be UTF-8, and each % followed by two digits'],
    ],
    ['form', true, { type: 'integer' }, 'p=x', ['p: must be a whole number']],
    ['deepObject', true, color, 'p[R]=x', ['p/R: must be a whole number']],
  ])('%s, explode %s, %j: %s', (style, explode, schema, query, expected) => {
    expect(parameterOf({ in: 'query', style, explode, schema } as never)({ query })).toEqual(expected)
  })

  test('that allows reserved characters has a plus sign that is one', () => {
    const parameter = { in: 'query', allowReserved: true, schema: string }
    expect(parameterOf(parameter)({ query: 'p=a/b?c+d=%20e' })).toBe('a/b?c+d= e')
  })

  test('may be empty where that is allowed, whatever its type', () => {
    const flag = { in: 'query', schema: { type: 'integer' } }
    expect(parameterOf({ ...flag, allowEmptyValue: true } as never)({ query: 'p' })).toBe('')
    expect(parameterOf(flag)({ query: 'p' })).toEqual(['p: must be a whole number'])
  })

  test('takes what nobody else declares where its members may have any name', () => {
    const read = readerOf({
      parameters: [
        { name: 'limit', in: 'query', schema: { type: 'integer' } },
        {
          name: 'filter',
          in: 'query',
          schema: { type: 'object', additionalProperties: { type: 'integer' } },
        },
      ],
    })
    expect(read({ query: 'limit=1&a=2&b=3' }).parameters.query).toEqual({ limit: 1, filter: { a: 2, b: 3 } })
  })

  test('is the whole query where it is declared so', () => {
    const content = { 'application/x-www-form-urlencoded': { schema: color } }
    expect(parameterOf({ in: 'querystring', content } as never)({ query: 'R=1&G=2' })).toEqual({ R: 1, G: 2 })
    const json = { 'application/json': { schema: color } }
    expect(parameterOf({ in: 'querystring', content: json } as never)({ query: '%7B%22R%22:1%7D' })).toEqual({
      R: 1,
    })
  })
})

describe('a header', () => {
  test.each([
    [false, string, { P: ' blue, or %20 ' }, 'blue, or %20'],
    [false, integers, { P: '1, 2', p: '3' }, [1, 2, 3]],
    [false, color, { p: 'R, 100, G, 200' }, { R: 100, G: 200 }],
    [true, color, { p: 'R=100,G=200' }, { R: 100, G: 200 }],
  ])('explode %s, %j: %j', (explode, schema, headers, expected) => {
    expect(parameterOf({ in: 'header', explode, schema } as never)({ headers })).toEqual(expected)
  })
})

describe('a cookie', () => {
  test.each([
    ['form', true, string, 'o=1; p=a%20b+c; p2=3', 'a b+c'],
    ['form', true, integers, 'p=1&p=2', [1, 2]],
    ['form', true, integers, 'p=1; p=2', [1, 2]],
    ['form', false, integers, 'p=1,2', [1, 2]],
    ['form', true, color, 'R=100; G=200', { R: 100, G: 200 }],
    ['form', true, color, 'R=100&G=200', { R: 100, G: 200 }],
    ['form', false, color, 'p=R,100,G,200', { R: 100, G: 200 }],
    ['cookie', true, string, 'p=a%20b', 'a%20b'],
    ['cookie', true, integers, 'p=1; p=2', [1, 2]],
  ])('%s, explode %s, %j: %s', (style, explode, schema, Cookie, expected) => {
    expect(parameterOf({ in: 'cookie', style, explode, schema } as never)({ headers: { Cookie } })).toEqual(
      expected,
    )
  })
})

test.each([
  ['query', { query: 'p=%7B%22a%22%3A1%7D' }],
  ['path', { path: { p: '{"a":1}' } }],
  ['header', { headers: { p: '{"a":1}' } }],
  ['cookie', { headers: { Cookie: 'p=%7B%22a%22%3A1%7D' } }],
])('a parameter of the %s whose content is JSON has the types of JSON', (place, sent) => {
  const content = { 'application/json': { schema: { properties: { a: { type: 'integer' } } } } }
  const read = parameterOf({ in: place, content } as never)
  expect(read(sent)).toEqual({ a: 1 })
  if (place === 'path') {
    expect(read({ path: { p: '{"a":"1"}' } })).toEqual(['p/a: must be a whole number'])
    expect(read({ path: { p: '{"a"' } })).toEqual([
      'p: is no good JSON: expected “:”, found the end (line 1, column 5)',
    ])
  }
})

test('all that is missing or wrong is told at once, and what nobody declares is let through', () => {
  const read = readerOf({
    parameters: [
      { name: 'id', in: 'path', required: true, schema: { type: 'integer' } },
      { name: 'limit', in: 'query', required: true, schema: { type: 'integer', maximum: 100 } },
      { name: 'sort', in: 'query', schema: { enum: ['asc', 'desc'] } },
      { name: 'X-Trace', in: 'header', required: true, schema: string },
      { name: 'session', in: 'cookie', required: true, schema: string },
    ],
  })
  const { findings, parameters } = read({
    path: { id: '7' },
    query: 'limit=500&other=1',
    headers: { Other: '1' },
  })
  expect(findings).toEqual([
    { in: 'query', path: 'limit', message: 'limit: must be at most 100', keyword: 'maximum' },
    {
      in: 'header',
      path: 'X-Trace',
      message: 'the header parameter X-Trace is required',
      keyword: 'required',
    },
    {
      in: 'cookie',
      path: 'session',
      message: 'the cookie parameter session is required',
      keyword: 'required',
    },
  ])
  expect(parameters).toEqual({ path: { id: 7 }, query: { limit: 500 }, header: {}, cookie: {} })
})
