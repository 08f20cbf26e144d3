import { describe, expect, test } from 'vitest'
import { schemasafeOf } from '../../../../test/support/contract-schemasafe.ts'
import { contractOf } from '../../../../test/support/contracts.ts'
import { allTold, startCalling, startReceiver } from '../../../../test/support/mock-callbacks.ts'
import type { Json, JsonObject } from '../../types.ts'
import { createValidator } from '../../validation/index.ts'
import { createFollower } from './follow.ts'
import { createCallMaker } from './requests.ts'
import type { Exchange } from './types.ts'

const json = (schema: object) => ({ content: { 'application/json': { schema } } })
const string = { type: 'string' }
const object = (properties: object, more: object = {}) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  ...more,
})
const order = { $ref: '#/components/schemas/Order' }
const components = {
  schemas: {
    Order: object({ id: { type: 'string', format: 'uuid', readOnly: true }, total: { type: 'integer' } }),
  },
}

interface Given {
  path?: string
  answer?: object
  sent?: object
  /** Of the operation. */
  answers?: object
  takes?: object
  parameters?: Record<string, string>
}

/** Shops whose operation is called back with a body of this schema. */
function shop(told: object, { path = '/orders', answers = order, takes = {} }: Given = {}) {
  const callback = {
    post: { requestBody: { required: true, ...json(told) }, responses: { '204': { description: '' } } },
  }
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)
  return contractOf({
    paths: {
      [path]: {
        post: {
          operationId: 'order',
          parameters: names.map((name) => ({ in: 'path', name, required: true, schema: string })),
          requestBody: json(takes),
          responses: { '201': { description: '', ...json(answers) } },
          callbacks: { ordered: { '{$request.body#/url}': callback } },
        },
      },
    },
    components,
  })
}

function exchangeOf({ answer = {}, sent = {}, parameters = {} }: Given): Exchange {
  const nothing = () => undefined
  const path = (name: string) => (Object.hasOwn(parameters, name) ? parameters[name] : undefined)
  return {
    url: 'http://shop.example/orders',
    method: 'POST',
    status: 201,
    request: { header: nothing, query: nothing, path, body: () => sent as Json },
    response: { header: nothing, query: nothing, path: nothing, body: () => answer as Json },
  }
}

/** The body of the callback that follows. */
function bodyOf(told: object, given: Given): JsonObject {
  const contract = shop(told, given)
  const [operation] = contract.operations
  const [to] = operation!.callbacks[0]!.operations
  const follows = { operation: operation!, exchange: exchangeOf(given) }
  const { body } = createCallMaker(contract, { seed: '' }).make(
    { to: to!, key: 'k', follows },
    'http://z.example/',
  )
  return JSON.parse(body!) as JsonObject
}

const id = '0f3a1c5e-0000-4000-8000-000000000001'
const answer = { id, total: 5 }

describe('the body of a callback', () => {
  test('has the members of the answer, and what that has not of the request, by their names', () => {
    const told = object({ id: string, total: { type: 'integer' }, note: string, url: string, other: string })
    const sent = { url: 'http://z.example/', note: 'as sent', total: 9 }
    expect(bodyOf(told, { answer: { ...answer, note: 'as answered' }, sent })).toMatchObject({
      id,
      total: 5,
      note: 'as answered',
      url: 'http://z.example/',
      other: expect.any(String) as string,
    })
  })

  test.each([
    ['orderId', '/orders', {}],
    ['order_id', '/v1/orders', {}],
    ['orderID', '/shop/place', {}],
    ['purchase_id', '/purchases/', { answers: object({ id: string }) }],
  ])('has the id of what was answered as %s, after %s', (name, path, given) => {
    const body = bodyOf(object({ [name]: string, id: string }), { ...given, path, answer })
    expect(body[name]).toBe(id)
    // It is a message of its own.
    expect(body['id']).not.toBe(id)
  })

  test('has the ids of the path, with the type that it has for them', () => {
    const told = object({ customerId: { type: 'integer' }, shop_id: string, id: string })
    const given = {
      path: '/shops/{shop}/customers/{customer_id}/orders',
      parameters: { shop: '007', customer_id: '12' },
    }
    expect(bodyOf(told, { ...given, answer })).toEqual({ customerId: 12, shop_id: '007', id })
  })

  test('has what was answered wherever it has the same schema, read-only members too', () => {
    expect(bodyOf(order, { answer })).toEqual(answer)
    const told = object({ id: string, data: object({ order }) })
    const body = bodyOf(told, { answer })
    expect(body['data']).toEqual({ order: answer })
    expect(body['id']).not.toBe(id)
    const within = object({ order, count: { type: 'integer' } })
    expect(bodyOf(object({ what: order }), { answers: within, answer: { order: answer, count: 1 } })).toEqual(
      {
        what: answer,
      },
    )
    expect(bodyOf(object({ asked: order }), { takes: order, answers: {}, sent: answer })).toEqual({
      asked: answer,
    })
  })

  test('has within what it is about what was answered, and no ids of it elsewhere', () => {
    const inner = object({ id: string, total: { type: 'integer' } })
    const {
      data,
      order: own,
      customer,
    } = bodyOf(object({ data: inner, order: inner, customer: inner }), { answer })
    expect([data, own]).toEqual([answer, answer])
    expect(customer).not.toMatchObject({ id })
    expect(customer).not.toMatchObject({ total: 5 })
  })

  test('stays valid: what its schema does not allow stays as it was made, and the rest follows', () => {
    const told = object({
      id: string,
      total: { type: 'integer', maximum: 3 },
      kind: { enum: ['done'] },
      orderId: { type: 'integer' },
    })
    const body = bodyOf(told, { answer: { ...answer, kind: 'queued' } })
    expect(body['kind']).toBe('done')
    expect(body['total']).not.toBe(5)
    expect(Number.isInteger(body['orderId'])).toBe(true)
    const both = object(
      { id: string, total: { type: 'integer' } },
      { not: { properties: { id: { const: id } } } },
    )
    expect(bodyOf(both, { answer })).toMatchObject({ total: 5, id: expect.not.stringMatching(id) as string })
  })

  test('is as it was made where too much was answered, and where nothing is about it', () => {
    const told = object({ id: string, note: string })
    const plain = bodyOf(told, {})
    expect(bodyOf(told, { answer: { id, note: 'x'.repeat(1_000_000) } })).toEqual(plain)
    expect(bodyOf(told, { answer: [answer], sent: { file: Buffer.from('x') } })).toEqual(plain)
  })

  test('takes names for names alone', () => {
    const hostile = JSON.parse('{"__proto__": {"id": "x"}, "constructor": "x"}') as object
    const told = object({ toString: string, constructor: string })
    const body = bodyOf(told, { answer: hostile, sent: hostile })
    expect(Object.keys(body).toSorted()).toEqual(['constructor', 'toString'])
    expect(body['constructor']).toBe('x')
    expect(({} as JsonObject)['id']).toBeUndefined()
  })

  test('of schemas that contain themselves is followed to an end', () => {
    const tree = { $ref: '#/components/schemas/Tree' }
    const contract = contractOf({
      paths: { '/trees': { post: { responses: { '201': { description: '', ...json(tree) } } } } },
      components: {
        schemas: { Tree: { type: 'object', properties: { id: string, tree, of: { type: 'object' } } } },
      },
    })
    let deep: JsonObject = { id: 'leaf' }
    for (let depth = 0; depth < 50; depth += 1) deep = { id: String(depth), tree: deep }
    const follow = createFollower(contract, createValidator(contract, { direction: 'request' }))
    const [operation] = contract.operations
    const told = follow(
      tree,
      { id: 'made' },
      { operation: operation!, exchange: exchangeOf({ answer: deep }) },
    )
    expect(told).toEqual(deep)
  })
})

test('whoever receives a callback finds what it is about at the mock', async () => {
  const { origin, received } = await startReceiver()
  const told = object({ id: string, orderId: { type: 'string', format: 'uuid' }, order })
  const read = { responses: { '200': { description: '', ...json(order) } } }
  const both = contractOf({
    paths: {
      '/orders': {
        post: {
          requestBody: json(object({ url: string, total: { type: 'integer' } })),
          responses: { '201': { description: '', ...json(order) } },
          callbacks: {
            ordered: {
              '{$request.body#/url}': {
                post: {
                  requestBody: { required: true, ...json(told) },
                  responses: { '204': { description: '' } },
                },
              },
            },
          },
        },
      },
      '/orders/{order}': {
        parameters: [{ in: 'path', name: 'order', required: true, schema: string }],
        get: read,
      },
    },
    components,
  })
  const isGood = schemasafeOf(
    both,
    new Map([['told', both.operations[0]!.callbacks[0]!.operations[0]!.body!.content[0]!.schema]]),
  )
  const { post, asked, told: calls } = await startCalling([origin], { contract: both })
  const answers = []
  for (const total of [1, 2])
    answers.push(await (await post('/orders', { url: `${origin}/hook`, total })).json())
  await allTold(calls, 2)
  const bodies = received.map(({ body }) => JSON.parse(body) as { id: string; orderId: string; order: Json })
  expect(bodies.map((body) => isGood('told', body))).toEqual([true, true])
  expect(bodies.map((body) => body.order)).toEqual(answers)
  expect(bodies[0]!.id).not.toBe(bodies[1]!.id)
  for (const { orderId, order: sent } of bodies) {
    const found = await asked(`/orders/${orderId}`)
    expect([found.status, await found.json()]).toEqual([200, sent])
  }
})
