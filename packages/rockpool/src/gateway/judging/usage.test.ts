import { describe, expect, onTestFinished, test } from 'vitest'
import { call } from '../../../test/support/engine-calls.ts'
import { bearer, echo, live } from '../../../test/support/gateway-client.ts'
import { until } from '../../../test/support/gateway.ts'
import { boxKey, heldGateway, type HeldOptions } from '../../../test/support/held-contract.ts'
import type { ShippedRow, UsageShipment } from '../../contracts/light.ts'
import { createSimulatedClock, silentLog } from '../../kernel/index.ts'
import type { Forwarding } from '../forwarding.ts'
import { createUsageCollector, type UsageCollector } from './usage.ts'

const asJson = ['Content-Type', 'application/json']
const start = Date.parse('2026-11-23T12:00:00.000Z')
const gone = (status: number) => Object.assign(new Error('control'), { cause: { status } })

/** A gateway that holds calls against its contract, counts them, and tells `answer`. */
async function countingGateway(options: Partial<HeldOptions> = {}) {
  const shipments: UsageShipment[] = []
  const clock = createSimulatedClock(start)
  const control = { answer: (): Promise<void> => Promise.resolve() }
  const late: { usage?: UsageCollector } = {}
  const usage = {
    request: (...parts: Parameters<UsageCollector['request']>) => late.usage!.request(...parts),
    response: (...parts: Parameters<UsageCollector['response']>) => late.usage!.response(...parts),
    missed: (one: Forwarding) => late.usage!.missed(one),
  }
  const gateway = await heldGateway({ engine: 'node', listener: echo, ...options, gateway: { usage } })
  const collector = createUsageCollector({
    state: gateway.state,
    keeper: gateway.keeper,
    ship: async (shipment) => {
      shipments.push(structuredClone(shipment))
      await control.answer()
    },
    clock,
    log: silentLog,
  })
  late.usage = collector
  onTestFinished(() => collector.close())
  const post = async (body: string | object, { key = live, path = '/harbor/orders' } = {}) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const headers = [...bearer(key), ...asJson]
    const length = Buffer.byteLength(text)
    return call('node', gateway.port, { method: 'POST', path, headers, body: [text], length })
  }
  /** The rows that are told after a minute. */
  const minute = async (): Promise<ShippedRow[]> => {
    const before = shipments.length
    await clock.advance(60_000)
    await until('a shipment', () => shipments.length > before)
    return shipments.slice(before).flatMap(({ rows }) => rows)
  }
  return { ...gateway, clock, control, collector, shipments, post, minute }
}

const shown = (rows: readonly ShippedRow[], ...kinds: string[]) =>
  rows
    .filter(({ kind }) => kinds.includes(kind))
    .map(
      ({ side, operation, place, value, organization, times }) =>
        `${side} ${operation} ${place}${value === null ? '' : ` = ${value}`} (${organization} ${times})`,
    )
    .sort()

describe('what was in calls', () => {
  test('is told after a minute, by place and organization; sandboxes as Rockpool’s own, and no values', async () => {
    const { post, minute, shipments } = await countingGateway()
    await post({ sku: 'hidden-value', quantity: 1, speed: 'fast' })
    await post({ sku: 'hidden-value', quantity: 2 })
    await post({ sku: 'hidden-value', quantity: 'wrong' })
    await post({ sku: 'hidden-value', quantity: 1, gift: true }, { key: boxKey, path: '/box/orders' })
    const rows = await minute()
    expect(shown(rows, 'call')).toEqual([
      'customers POST /{}/orders operation (harbor 3)',
      'own POST /{}/orders operation (harbor 1)',
    ])
    expect(shown(rows, 'sent').filter((line) => line.includes('schema NewOrder /'))).toEqual([
      'customers POST /{}/orders schema NewOrder /quantity (harbor 3)',
      'customers POST /{}/orders schema NewOrder /sku (harbor 3)',
      'customers POST /{}/orders schema NewOrder /speed (harbor 1)',
      'own POST /{}/orders schema NewOrder /gift (harbor 1)',
      'own POST /{}/orders schema NewOrder /quantity (harbor 1)',
      'own POST /{}/orders schema NewOrder /sku (harbor 1)',
    ])
    expect(shown(rows, 'value')).toContain(
      'customers POST /{}/orders schema NewOrder /speed = "fast" (harbor 1)',
    )
    expect(JSON.stringify(shipments)).not.toContain('hidden-value')
  })

  test('is told of operations that are judged alone as watched, once a day, also where nobody calls', async () => {
    const { minute, clock, collector, post } = await countingGateway()
    const rows = await minute()
    expect(shown(rows, 'observed').filter((line) => line.startsWith('customers'))).toHaveLength(5)
    await post({ sku: 'a', quantity: 1 })
    expect(shown(await minute(), 'observed')).toEqual([])
    await clock.advance(86_400_000)
    await collector.close()
    const off = await countingGateway({ validation: { requests: 'off', responses: 1 } })
    await off.clock.advance(60_000)
    await off.collector.close()
    expect(off.shipments).toEqual([])
  })

  test('of answers comes from those that are looked at', async () => {
    const { post, minute } = await countingGateway({ validation: { requests: 'off', responses: 1 } })
    await post({ sku: 'a', quantity: 1 })
    const rows = await minute()
    expect(rows.map(({ direction }) => direction)).toContain('response')
    expect(shown(rows, 'media type')).toEqual([
      'customers POST /{}/orders response 200 = application/json (harbor 1)',
    ])
  })
})

describe('what nobody looked into is told as a cut', () => {
  test('a body that does not say its length is not held up, and nobody may say what was not in it', async () => {
    const { port, minute } = await countingGateway({ validation: { requests: 'report' } })
    const headers = [...bearer(live), ...asJson]
    await call('node', port, { method: 'POST', path: '/harbor/orders', headers, body: ['{"sku":', '"a"}'] })
    expect(shown(await minute(), 'cut')).toEqual(['customers POST /{}/orders operation (harbor 1)'])
  })

  test('a body that is no JSON', async () => {
    const { post, minute } = await countingGateway()
    await post('{"sku"')
    expect(shown(await minute(), 'cut')).toEqual(['customers POST /{}/orders operation (harbor 1)'])
  })
})

describe('control', () => {
  test('that does not answer is told the very same again, and then what came meanwhile', async () => {
    const { post, minute, control, shipments, clock } = await countingGateway()
    control.answer = () => Promise.reject(gone(503))
    await post({ sku: 'a', quantity: 1 })
    await minute()
    await post({ sku: 'a', quantity: 1 })
    await minute()
    control.answer = () => Promise.resolve()
    await clock.advance(60_000)
    await until('the rest', () => shipments.some(({ number }) => number === 2))
    expect(shipments.map(({ number }) => number)).toEqual([1, 1, 1, 2])
    expect(shipments[0]).toEqual(shipments[2])
    expect(new Set(shipments.map(({ source }) => source)).size).toBe(1)
    const counted = [shipments[2]!, shipments[3]!].flatMap(({ rows }) => rows)
    expect(counted.filter(({ kind }) => kind === 'call').map(({ times }) => times)).toEqual([1, 1])
  })

  test('that refuses for good hears that something is missing, instead of it', async () => {
    const { post, control, shipments, clock } = await countingGateway()
    let answers = 0
    control.answer = () => (answers++ === 0 ? Promise.reject(gone(422)) : Promise.resolve())
    await post({ sku: 'a', quantity: 1 })
    await clock.advance(60_000)
    await until('the cuts', () => shipments.length > 1)
    const [, second] = shipments
    expect(new Set(second!.rows.map(({ kind }) => kind))).toEqual(new Set(['cut']))
    expect(shown(second!.rows, 'cut')).toContain('customers POST /{}/orders operation (null 1)')
  })

  test('hears what is left when the gateway stops', async () => {
    const { post, collector, shipments } = await countingGateway()
    await post({ sku: 'a', quantity: 1 })
    await collector.close()
    expect(
      shown(
        shipments.flatMap(({ rows }) => rows),
        'call',
      ),
    ).toEqual(['customers POST /{}/orders operation (harbor 1)'])
  })
})
