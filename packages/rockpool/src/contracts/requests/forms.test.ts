import { describe, expect, test } from 'vitest'
import { bodiesOf } from '../../../test/support/contract-requests.ts'

const form = 'application/x-www-form-urlencoded'

describe('a form without types', () => {
  const read = bodiesOf(form, { type: 'object' })
  test.each([
    ['a=1&b=x', { a: '1', b: 'x' }],
    ['a=1&a=2', { a: ['1', '2'] }],
    ['a[]=1&a[]=2', { a: ['1', '2'] }],
    ['a[]=1', { a: ['1'] }],
    ['a%5B%5D=1', { a: ['1'] }],
    ['a=1&a[]=2', { a: ['1', '2'] }],
    ['a[1]=x&a[0]=y&a[7]=z', { a: ['y', 'x', 'z'] }],
    ['a[1]=x&a[]=y', { a: ['x', 'y'] }],
    ['a[b][0][c]=v&a[b][1][c]=w&a[d]=1', { a: { b: [{ c: 'v' }, { c: 'w' }], d: '1' } }],
    ['a[][b]=1&a[][b]=2', { a: [{ b: '1' }, { b: '2' }] }],
    ['a+b=c+d%2B&e', { 'a b': 'c d+', e: '' }],
    ['=1&a[b=2&[c]=3&d[e]f=4&g]=5', { '': '1', 'a[b': '2', '[c]': '3', 'd[e]f': '4', 'g]': '5' }],
    ['&&a=1&', { a: '1' }],
    ['', {}],
  ])('%s', (text, expected) => expect(read(text)).toMatchObject({ body: expected, findings: [] }))

  test('may have fields of any name', () => {
    const { body, findings } = read('__proto__=1&a[__proto__][b]=2&constructor=3')
    expect(findings).toEqual([])
    expect(JSON.stringify(body)).toBe('{"__proto__":"1","a":{"__proto__":{"b":"2"}},"constructor":"3"}')
    expect(Object.getPrototypeOf(body)).toBe(Object.prototype)
  })
})

test('a form has the types of the contract, however deep', () => {
  const read = bodiesOf(
    form,
    { $ref: '#/components/schemas/Order' },
    {
      schemas: {
        Order: {
          type: 'object',
          properties: {
            paid: { type: 'boolean' },
            tags: { type: 'array', items: { type: 'string' } },
            lines: { type: 'array', items: { $ref: '#/components/schemas/Line' } },
            prices: { type: 'object', additionalProperties: { type: 'number' } },
          },
        },
        Line: {
          type: 'object',
          required: ['number'],
          properties: { number: { type: 'integer' }, sku: { type: 'string' } },
        },
      },
    },
  )
  const text =
    'paid=yes&tags=a&lines[0][number]=1&lines[0][sku]=007&lines[1][number]=2&prices[5000]=1.5&prices[7]=2'
  expect(read(text)).toMatchObject({
    findings: [],
    body: {
      paid: true,
      tags: ['a'],
      lines: [{ number: 1, sku: '007' }, { number: 2 }],
      prices: { 5000: 1.5, 7: 2 },
    },
  })
  expect(read('lines[0][sku]=1').findings).toEqual([
    { in: 'body', path: '/lines/0', message: '/lines/0: must have number (Line)', keyword: 'required' },
  ])
})

test('a field that is declared with brackets in its name is that field', () => {
  const read = bodiesOf(form, { properties: { 'ids[]': { type: 'array', items: { type: 'integer' } } } })
  expect(read('ids[]=1&ids[]=2').body).toEqual({ 'ids[]': [1, 2] })
})

test('fields are written as their encoding says', () => {
  const schema = {
    type: 'object',
    properties: {
      ids: { type: 'array', items: { type: 'integer' } },
      pipes: { type: 'array', items: { type: 'integer' } },
      where: { type: 'object', properties: { a: { type: 'integer' } } },
    },
  }
  const encoding = {
    ids: { style: 'form', explode: false },
    pipes: { style: 'pipeDelimited' },
    where: { contentType: 'application/json' },
  }
  const read = bodiesOf(form, schema, { encoding })
  expect(read('ids=1,2&pipes=3|4&where=%7B%22a%22:5%7D').body).toEqual({
    ids: [1, 2],
    pipes: [3, 4],
    where: { a: 5 },
  })
  expect(read('where=%7B').findings).toMatchObject([{ path: '/where', keyword: 'syntax' }])
})

describe('a form that costs more than it is worth', () => {
  const read = bodiesOf(form, { type: 'object' })
  const deep = (levels: number) => `a${'[b]'.repeat(levels - 1)}=1`
  test.each([
    ['a[999999999]=1', '/a: has an index above 1000'],
    ['a[b][1001]=1', '/a/b: has an index above 1000'],
    [deep(17), '/a: is nested deeper than 16 levels'],
    [`a${'[b]'.repeat(200_000)}=1`, '/a: is nested deeper than 16 levels'],
    [Array.from({ length: 10_001 }, () => 'a=1').join('&'), 'the body: has more than 10000 fields'],
    ['a[b]=1&a=2', '/a: is given both as an object and as something else'],
    ['a[b]=1&a[]=2', '/a: is given both as an object and as something else'],
    ['a=%', '/a: is not percent-encoded rightly: it must be UTF-8, and each % followed by two digits'],
  ])('is told: %.40s', (text, message) => {
    const started = performance.now()
    expect(read(text)).toMatchObject({ body: undefined, findings: [{ message }] })
    expect(performance.now() - started).toBeLessThan(500)
  })

  test('is taken up to the bounds', () => {
    expect(read('a[1000]=1').body).toEqual({ a: ['1'] })
    expect(read(deep(16)).findings).toEqual([])
    expect(read(Array.from({ length: 10_000 }, () => 'a=1').join('&')).findings).toEqual([])
  })
})

test('a name that every object of JavaScript has is declared by no contract that does not say so', () => {
  const schema = { properties: { a: {} }, additionalProperties: { type: 'object' } }
  expect(bodiesOf(form, schema)('constructor[0]=1').body).toEqual({ constructor: { 0: '1' } })
})
