import { expect, test } from 'vitest'
import { contractOf } from '../../../../test/support/contracts.ts'
import { createCallMaker } from './requests.ts'

/** The request of a webhook, to a fixed address. */
function made(operation: object, { method = 'post', url = 'http://z.example/hook?a=1' } = {}) {
  const responses = { '204': { description: '' } }
  const contract = contractOf({ webhooks: { hook: { [method]: { responses, ...operation } } } })
  return createCallMaker(contract, { seed: '' }).make(
    { to: contract.webhooks[0]!, key: 'k', follows: null },
    url,
  )
}

const body = (name: string, schema: object, required = true) => ({
  requestBody: { required, content: { [name]: { schema } } },
})
const parameter = (place: string, name: string, value: unknown, required = false) => ({
  parameters: [{ in: place, name, required, schema: { const: value } }],
})
const impossible = { allOf: [{ type: 'string' }, { type: 'integer' }] }

test('parameters stand beside what the address has already', () => {
  expect(made(parameter('query', 'list', ['x', '&']))).toEqual({
    method: 'POST',
    url: 'http://z.example/hook?a=1&list=x&list=%26',
    headers: [],
    body: null,
  })
  expect(made(parameter('query', 'a', '1', true)).url).toBe('http://z.example/hook?a=1')
  expect(made(parameter('header', 'X-A', 'v')).headers).toEqual([['X-A', 'v']])
  expect(made(parameter('cookie', 'c', 'a; b')).headers).toEqual([['Cookie', 'c=a%3B%20b']])
})

test('a form is written as one', () => {
  const form = {
    type: 'object',
    required: ['a'],
    properties: { a: { const: 'b c' } },
    additionalProperties: false,
  }
  const { headers, body: text } = made(body('application/x-www-form-urlencoded', form))
  expect([headers, text]).toEqual([[['Content-Type', 'application/x-www-form-urlencoded']], 'a=b+c'])
})

test('what is optional and cannot be made is left out', () => {
  expect(made(parameter('header', 'X-A', 'ö')).headers).toEqual([])
  expect(made(body('application/json', impossible, false)).body).toBeNull()
  expect(made(body('image/png', {}, false)).body).toBeNull()
})

test.each([
  ['a body', body('application/json', impossible), 'its body cannot be made up'],
  ['a media type', body('image/png', {}), 'it takes image/png alone'],
  ['a parameter', parameter('header', 'X-A', 'ö', true), 'has characters that no header has'],
  ['a megabyte', body('application/json', { const: 'x'.repeat(1_000_000) }), 'its body has more than 1 MB'],
])('what is required and cannot be made is told: %s', (_, operation, reason) => {
  expect(() => made(operation)).toThrow(reason)
})

test('an address that breaks the contract of who serves it is not asked', () => {
  const operation = { parameters: [{ in: 'query', name: 'a', schema: { type: 'boolean' } }] }
  expect(() => made(operation, { url: 'http://z.example/?a=maybe' })).toThrow('what was made is not valid: a')
})

test('what no client sends is not sent', () => {
  expect(() => made({}, { method: 'trace' })).toThrow('TRACE is never sent')
  expect(() => made(body('application/json', {}), { method: 'get' })).toThrow('a body is never sent with GET')
  expect(made(parameter('header', 'Transfer-Encoding', 'chunked', true)).headers).toEqual([])
})
