import { expect, test } from 'vitest'
import { readFilter, readIdempotencyKey, readNewCustomer, readNewOrder } from './input.ts'
import { Problem } from './problem.ts'

function findingsOf(work: () => unknown): string[] {
  try {
    work()
  } catch (error) {
    if (error instanceof Problem) return error.findings.map(({ path }) => path)
  }
  return []
}

test('a quantity is one unless given', () => {
  expect(readNewOrder({ item: 'item_1', card: '4242424242424242' }).quantity).toBe(1)
})

test('all findings are told at once', () => {
  const body = { item: '', quantity: 0, card: 'x', email: 'mia', colour: 'red' }
  expect(findingsOf(() => readNewOrder(body))).toEqual([
    '/body',
    '/body/item',
    '/body/quantity',
    '/body/card',
    '/body/email',
  ])
  const customer = { email: null, name: 'Mia\u0000', age: 7 }
  expect(findingsOf(() => readNewCustomer(customer))).toEqual(['/body', '/body/email', '/body/name'])
})

test('a body that is no object is refused', () => {
  for (const body of [null, [], 'order', 1]) expect(findingsOf(() => readNewOrder(body))).toEqual(['/body'])
})

test('a refusal never repeats a card number', () => {
  const body = { item: '', card: '4242424242424242' }
  expect(() => readNewOrder(body)).toThrow(Problem)
  try {
    readNewOrder(body)
  } catch (error) {
    expect(JSON.stringify(error)).not.toContain('4242')
  }
})

test('a page has 20 entries unless a whole number from 1 to 100 is given', () => {
  expect(readFilter({})).toEqual({ limit: 20, cursor: undefined })
  expect(readFilter({ limit: '100', cursor: 'order_1' })).toEqual({ limit: 100, cursor: 'order_1' })
  for (const limit of ['0', '101', '-1', '1.5', '', '1e1']) {
    expect(
      findingsOf(() => readFilter({ limit })),
      limit,
    ).toEqual(['/querystring/limit'])
  }
})

test('a list is of one address or one domain, however they are written', () => {
  const filter = readFilter({ email: 'Mia@Harbor.Example.', domain: 'HARBOR.example' })
  expect(filter).toMatchObject({ email: 'mia@harbor.example', domain: 'harbor.example' })
  expect(findingsOf(() => readFilter({ email: 'mia', domain: '*.example' }))).toEqual([
    '/querystring/email',
    '/querystring/domain',
  ])
})

test('an idempotency key is short and printable', () => {
  expect(readIdempotencyKey('order-4711')).toBe('order-4711')
  expect(findingsOf(() => readIdempotencyKey('x'.repeat(201)))).toEqual(['/headers/idempotency-key'])
})
