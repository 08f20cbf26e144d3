import { expect, test } from 'vitest'
import { service, testGateway } from '../../test/support/gateway.ts'
import { newEnd } from './engines/end.ts'
import type { Duties, Exchange } from './engines/engine.ts'
import { engines } from './engines/index.ts'
import { fieldsOf } from './header-fields.ts'
import { maxBodyBytesOf, totalMsOf } from './route-limits.ts'
import type { Route, SnapshotService } from './types.ts'

const cors = {
  origins: ['https://app.example.com'],
  credentials: false,
  headers: [],
  expose: [],
  maxAgeS: 60,
}

const route = { method: 'GET', path: '/open', operationId: 'open', anonymous: true }

/** The exchange of a call of this route. */
async function opened(
  written: Route,
  more: Partial<SnapshotService> = {},
  headers: readonly string[] = [],
): Promise<Exchange> {
  let duties: Duties | undefined
  await testGateway(
    'splice',
    { services: [service('catalog', { url: 'http://127.0.0.1:9', routes: [written], ...more })] },
    {},
    {},
    (given, bounds) => engines.splice((duties = given), bounds),
  )
  const { method, path: target } = written
  const head = { method, target, headers: ['Host', 'a', ...headers], remote: '127.0.0.1', encrypted: false }
  return duties!.open(head)
}

test('a call of which nothing is written has an hour, and a body of 100 MB', () => {
  expect([totalMsOf(route), maxBodyBytesOf(route)]).toEqual([3_600_000, 104_857_600])
})

test('what is written counts, and none is none', () => {
  const written = { ...route, totalMs: 5, maxBodyBytes: 6 }
  expect([totalMsOf(written), maxBodyBytesOf(written)]).toEqual([5, 6])
  const none = { ...route, totalMs: null, maxBodyBytes: null }
  expect([totalMsOf(none), maxBodyBytesOf(none)]).toEqual([undefined, undefined])
})

test.each<[string, Partial<Route>, Partial<SnapshotService>, string, boolean]>([
  ['server-sent events', {}, {}, 'text/event-stream; charset=utf-8', true],
  ['server-sent events that pages may read', {}, { cors }, 'Text/Event-Stream', true],
  ['server-sent events of a route that it is written for', { totalMs: 9 }, {}, 'text/event-stream', false],
  ['any other answer', {}, {}, 'application/json', false],
])('%s have no end by time: %o', async (_, limits, more, type, isEndless) => {
  const exchange = await opened({ ...route, ...limits }, more)
  const forward = 'forward' in exchange.plan ? exchange.plan.forward : undefined
  expect([forward?.totalMs, forward?.maxBodyBytes]).toEqual([limits.totalMs ?? 3_600_000, 104_857_600])
  exchange.answered(200, fieldsOf(['X-Other', '1', 'Content-Type', type]))
  expect(exchange.isEndless?.()).toBe(isEndless)
  exchange.ended(newEnd())
})

test.each([
  ['11', true],
  ['10', false],
])('a body of %s bytes is refused before it costs anything: %o', async (length, isRefused) => {
  const exchange = await opened({ ...route, method: 'POST', maxBodyBytes: 10 }, {}, [
    'Content-Length',
    length,
  ])
  expect('answer' in exchange.plan ? exchange.plan.answer.status : null).toBe(isRefused ? 413 : null)
  exchange.ended(newEnd())
})
