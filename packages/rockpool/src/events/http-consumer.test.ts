import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readIdentity } from '@rockpool/sdk/wire'
import type { CloudEvent, EventBatch, PublicKey } from '@rockpool/sdk/wire'
import { afterEach, describe, expect, test } from 'vitest'
import { createSimulatedClock, systemClock } from '../kernel/index.ts'
import { createEventSigner, createHttpConsumer } from './index.ts'
import type { LoggedEvent } from './index.ts'

type Answer = (batch: EventBatch, response: ServerResponse) => void

let server: Server | undefined
const registered: PublicKey[] = []

/** A service that answers its events as told; what it was sent is kept. */
async function service(answer: Answer, options: { healthy?: boolean } = {}) {
  const batches: EventBatch[] = []
  server = createServer(async (request, response) => {
    if (request.url === '/.rockpool/health') {
      if (options.healthy !== false) response.end('{}')
      return
    }
    let body = ''
    for await (const chunk of request) body += String(chunk)
    const batch = JSON.parse(body) as EventBatch
    batches.push(batch)
    answer(batch, response)
  })
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve))
  return { batches, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

const consumer = (url: string | undefined, timeout = 5_000, clock = systemClock) =>
  createHttpConsumer({
    service: 'payments',
    types: ['orders.order_placed'],
    url: () => url,
    signer: createEventSigner(async (key) => void registered.push(key)),
    clock,
    timeout,
  })

function event(subject: string, more: Partial<CloudEvent> = {}): LoggedEvent {
  return {
    position: 1,
    event: {
      specversion: '1.0',
      id: randomUUID(),
      source: '/services/orders',
      type: 'orders.order_placed',
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      subject,
      sequence: '1',
      organization: 'harbor',
      environment: 'production',
      actor: 'check',
      run: 'run_1',
      data: {},
      ...more,
    },
  }
}

const allApplied: Answer = ({ events }, response) =>
  response.end(JSON.stringify({ results: events.map(({ event }) => ({ id: event.id, outcome: 'applied' })) }))
const { signal } = new AbortController()

afterEach(() => {
  server?.closeAllConnections()
  server?.close()
  registered.length = 0
})

describe('the identity of an event', () => {
  test('is signed by the relay’s registered key at delivery, for this service and this event, and no other', async () => {
    const now = Date.UTC(2026, 5, 1)
    const { url, batches } = await service(allApplied)
    const [one, two] = [event('a'), event('b', { organization: 'sandbox-1', environment: 'sandbox' })]
    await consumer(url, 5_000, createSimulatedClock(now)).deliver([one, two], signal)

    const key = (kid: string) => registered.find((known) => known.kid === kid)
    const [first, second] = batches[0]!.events
    const read = (audience: string, at: number) =>
      readIdentity(first!.identity, { audience, trust: ['relay'], key, now: at })
    expect(read('payments', now)).toMatchObject({
      ok: true,
      claims: {
        iss: 'relay',
        aud: 'payments',
        event: one.event.id,
        organization: 'harbor',
        environment: 'production',
        actor: 'check',
        run: 'run_1',
      },
    })
    expect(read('catalog', now)).toMatchObject({ ok: false, code: 'identity_wrong_audience' })
    expect(read('payments', now + 120_000)).toMatchObject({ ok: false, code: 'identity_expired' })
    expect(
      readIdentity(second!.identity, { audience: 'payments', trust: ['relay'], key, now }),
    ).toMatchObject({
      ok: true,
      claims: { event: two.event.id, organization: 'sandbox-1', environment: 'sandbox' },
    })
    expect(second!.event).toEqual(two.event)
  })
})

describe('a service that cannot be reached', () => {
  const refusedBy = (url: string | undefined, timeout?: number) =>
    expect(consumer(url, timeout).deliver([event('a')], signal)).rejects

  test('is one that does not run, refuses connections, or says that it cannot now', async () => {
    await refusedBy(undefined).toMatchObject({
      name: 'ConsumerUnreachable',
      message: 'payments is not running',
    })
    await refusedBy('http://127.0.0.1:9').toMatchObject({ name: 'ConsumerUnreachable' })
    for (const status of [429, 502, 503, 504]) {
      const { url } = await service((_, response) => response.writeHead(status).end('busy'))
      await refusedBy(url).toMatchObject({
        name: 'ConsumerUnreachable',
        message: `payments answered ${status}: busy`,
      })
    }
  })

  test('is one that is silent altogether', async () => {
    const { url } = await service(() => {}, { healthy: false })
    await refusedBy(url, 100).toMatchObject({ name: 'ConsumerUnreachable' })
  })

  test('is one at whose place another service answers', async () => {
    const error = { code: 'identity_wrong_audience', message: 'the identity is meant for payments' }
    const { url } = await service(({ events }, response) =>
      response.end(
        JSON.stringify({ results: events.map(({ event: { id } }) => ({ id, outcome: 'failed', error })) }),
      ),
    )
    await refusedBy(url).toMatchObject({ name: 'ConsumerUnreachable', message: error.message })
  })

  test('is one whose database cannot be reached; what it did before that counts', async () => {
    const failed = {
      outcome: 'failed',
      error: { code: 'database_unreachable', message: 'its database is down' },
    }
    const { url } = await service(({ events }, response) =>
      response.end(
        JSON.stringify({
          results: events.map(({ event }) => ({
            id: event.id,
            ...(event.subject === 'good' ? { outcome: 'applied' } : failed),
          })),
        }),
      ),
    )
    await refusedBy(url).toMatchObject({ name: 'ConsumerUnreachable', message: 'its database is down' })
    const some = await consumer(url).deliver([event('good'), event('bad'), event('good')], signal)
    expect(some).toMatchObject([{ outcome: 'applied' }])
  })
})

describe('a batch that is at fault', () => {
  const poison: Answer = (batch, response) => {
    if (batch.events.some(({ event }) => event.subject === 'poison'))
      return void response.writeHead(500).end('boom')
    allApplied(batch, response)
  }

  test('is sent again one by one, up to the event that still fails alone', async () => {
    const { url, batches } = await service(poison)
    const results = await consumer(url).deliver([event('a'), event('b'), event('poison'), event('c')], signal)
    expect(results).toMatchObject([
      { outcome: 'applied' },
      { outcome: 'applied' },
      { outcome: 'failed', error: { code: 'answered_500', message: 'payments answered 500: boom' } },
    ])
    expect(batches.map(({ events }) => events.length)).toEqual([4, 1, 1, 1])
  })

  test('an answer that does not fit the batch is no answer', async () => {
    const { url } = await service((_, response) => response.end(JSON.stringify({ results: [] })))
    expect(await consumer(url).deliver([event('a')], signal)).toMatchObject([
      { outcome: 'failed', error: { code: 'answered_200' } },
    ])
  })

  test('an event whose consumer hangs in a healthy service is at fault itself', async () => {
    const { url } = await service((batch, response) => {
      if (batch.events.every(({ event }) => event.subject !== 'hang')) allApplied(batch, response)
    })
    const results = await consumer(url, 150).deliver([event('a'), event('hang')], signal)
    expect(results).toMatchObject([{ outcome: 'applied' }, { outcome: 'failed', error: { code: 'timeout' } }])
  })
})

describe('what goes into one request', () => {
  test('at most about 2 MB, and the deletion of an organization alone', async () => {
    const { url, batches } = await service(allApplied)
    const large = () => event('large', { data: 'x'.repeat(900_000) })
    const deletion = event('sandbox-1', { type: 'rockpool.organization_deleting', source: '/rockpool' })
    const results = await consumer(url).deliver(
      [large(), large(), large(), deletion, event('a'), event('b')],
      signal,
    )
    expect(results).toHaveLength(6)
    expect(batches.map(({ events }) => events.length)).toEqual([2, 1, 1, 2])
  })

  test('after a failed event nothing more of the same delivery is sent: its key’s later events must wait', async () => {
    const { url, batches } = await service(({ events }, response) =>
      response.end(
        JSON.stringify({
          results: events.map(({ event }) => ({
            id: event.id,
            outcome: 'failed',
            error: { code: 'consumer_failed', message: 'no' },
          })),
        }),
      ),
    )
    const large = () => event('large', { data: 'x'.repeat(1_500_000) })
    expect(await consumer(url).deliver([large(), large()], signal)).toHaveLength(1)
    expect(batches).toHaveLength(1)
  })
})
