import { gzipSync } from 'node:zlib'
import type { RequestListener } from 'node:http'
import { describe, expect, test } from 'vitest'
import { call, ways, type Way } from '../../../test/support/engine-calls.ts'
import { bearer, live } from '../../../test/support/gateway-client.ts'
import { until } from '../../../test/support/gateway.ts'
import { boxKey, heldGateway, ordersContract } from '../../../test/support/held-contract.ts'
import type { OnDrift } from './sampling.ts'

const order = {
  type: 'object',
  required: ['id'],
  properties: { id: { type: 'string' }, state: { enum: ['open', 'paid'] } },
}
const response = { description: 'ok', content: { 'application/json': { schema: order } } }
const orders = ordersContract.paths['/{organization}/orders']
const contract = {
  ...ordersContract,
  paths: {
    ...ordersContract.paths,
    '/{organization}/orders': { ...orders, get: { ...orders.get, responses: { 200: response } } },
  },
}

describe.each(Object.keys(ways) as Way[])('%s: answers are held against the contract', (way) => {
  async function gatewayOf(listener: RequestListener, responses = 1) {
    const drift: Parameters<OnDrift>[] = []
    const gateway = await heldGateway({
      engine: way,
      listener,
      contract,
      validation: { requests: 'off', responses },
      gateway: { onDrift: (...told) => void drift.push(told) },
    })
    const ask = (method = 'GET', key = live, path = '/harbor/orders') =>
      call(way, gateway.port, { method, path, headers: bearer(key) })
    return { ...gateway, drift, ask }
  }
  const json =
    (body: string | Buffer, more: Record<string, string> = {}): RequestListener =>
    (_, response) =>
      void response.writeHead(200, { 'Content-Type': 'application/json', ...more }).end(body)

  test('after they went out as they came: what is different is told, and nothing of its values', async () => {
    const text = '{"id": 7, "state":"lost","owner":"Mia"}'
    const { ask, drift, contractCounts } = await gatewayOf(json(text))
    expect((await ask()).body).toBe(text)
    await until('told', () => drift.length > 0)
    expect(drift).toEqual([
      [
        'orders',
        'listOrders',
        200,
        [
          { pointer: '/id', keyword: 'type' },
          { pointer: '/state', keyword: 'enum', value: 'lost' },
          { pointer: '/owner', keyword: 'undeclared' },
        ],
      ],
    ])
    expect(contractCounts.values()).toEqual([
      { service: 'orders', operation: 'listOrders', findings: 0, drift: 3, dropped: 0 },
    ])
  })

  test('also in a coding, and where the ledger reads them too', async () => {
    const zipped = gzipSync('{"id":"a","more":1}')
    const { ask, drift, shipped } = await gatewayOf(json(zipped, { 'Content-Encoding': 'gzip' }))
    await ask()
    await until('told', () => drift.length === 1)
    expect(drift[0]![3]).toEqual([{ pointer: '/more', keyword: 'undeclared' }])
    expect((await ask('DELETE', boxKey, '/box/orders')).status).toBe(200)
    await until('recorded', () => shipped.some(({ outcome }) => outcome === 'done'))
  })

  test('that come in pieces, whatever the engine does with what it has read', async () => {
    const pieces = ['{"id":"', 'a'.repeat(5_000), 'b'.repeat(5_000), '","odd":1}']
    const { ask, drift } = await gatewayOf((_, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' })
      const write = () => {
        const piece = pieces.shift()
        if (piece === undefined) return void response.end()
        response.write(piece, () => setTimeout(write, 5))
      }
      write()
    })
    await ask()
    await until('told', () => drift.length === 1)
    expect(drift[0]![3]).toEqual([{ pointer: '/odd', keyword: 'undeclared' }])
  })

  test('of a status that nobody declared, whatever the body', async () => {
    const { ask, drift } = await gatewayOf(
      (_, response) => void response.writeHead(418).end('x'.repeat(300_000)),
    )
    expect((await ask()).body).toHaveLength(300_000)
    await until('told', () => drift.length === 1)
    expect(drift[0]!.slice(2)).toEqual([418, [{ pointer: '', keyword: 'status' }]])
  })

  test('so far as they are not too large; one that breaks off is none', async () => {
    const large = `{"more":"${'x'.repeat(300_000)}"}`
    let answers = 0
    const { ask, drift } = await gatewayOf((request, response) => {
      answers += 1
      if (answers === 1) return json(large)(request, response)
      if (answers === 3) return json('{}')(request, response)
      response
        .writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '100' })
        .write('{"more":1}')
      setImmediate(() => response.destroy())
    })
    expect((await ask()).body).toBe(large)
    await ask()
    await ask()
    await until('told', () => drift.length > 0)
    expect(drift.map(([, , , findings]) => findings)).toEqual([[{ pointer: '/id', keyword: 'required' }]])
  })

  test('by the share that is configured', async () => {
    const { ask, drift } = await gatewayOf(json('{}'), 0.000_001)
    for (let round = 0; round < 20; round++) await ask()
    expect(drift).toEqual([])
  })
})
