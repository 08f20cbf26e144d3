import { expect, test } from 'vitest'
import { contractOf } from '../../../test/support/contracts.ts'
import { json, things } from '../../../test/support/mock-things.ts'
import { jobs } from '../../../test/support/mock-callbacks.ts'
import type { ToldCall } from './callbacks/index.ts'
import { createMockFetch } from './fetch.ts'

const at = (path: string, init: RequestInit & { duplex?: 'half' } = {}) =>
  new Request(`http://service.example${path}`, init)
const posted = (body: object) => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
})

test('what is made can be read again, without a port', async () => {
  const mock = createMockFetch(things)
  const made = await mock(at('/a/things', posted({ name: 'lamp', price: 3 })))
  expect([made.status, made.headers.get('x-count')]).toEqual([201, '3'])
  const thing = (await made.json()) as { id: string }
  expect(await (await mock(at(`/a/things/${thing.id}`))).json()).toEqual(thing)
  const gone = await mock(at(`/a/things/${thing.id}`, { method: 'DELETE' }))
  expect([gone.status, await gone.text()]).toEqual([204, ''])
  expect((await mock(at(`/a/things/${thing.id}`))).status).toBe(404)
})

test('HEAD has the head of GET, and nothing else', async () => {
  const mock = createMockFetch(things, { stateful: false })
  const [head, get] = await Promise.all([
    mock(at('/a/things/1', { method: 'HEAD' })),
    mock(at('/a/things/1')),
  ])
  expect(head.headers.get('content-length')).toBe(get.headers.get('content-length'))
  expect(await head.text()).toBe('')
})

test('values hang on the organization, where the path names none', async () => {
  const contract = contractOf({
    paths: {
      '/me': {
        get: { responses: { '200': { description: '', ...json({ type: 'string', format: 'uuid' }) } } },
      },
    },
  })
  const of = async (organization: string) =>
    (await createMockFetch(contract, { organization })(at('/me'))).text()
  expect(await of('a')).toBe(await of('a'))
  expect(await of('a')).not.toBe(await of('b'))
})

test('a body of more than 10 MB is refused, and read no further', async () => {
  let pulled = 0
  const body = new ReadableStream({
    pull(controller) {
      pulled += 1
      controller.enqueue(new Uint8Array(1024 * 1024))
    },
  })
  const { status } = await createMockFetch(things)(at('/a/things', { method: 'POST', body, duplex: 'half' }))
  expect(status).toBe(413)
  expect(pulled).toBeLessThan(20)
})

test('who has given up gets no answer', async () => {
  const controller = new AbortController()
  controller.abort(new Error('never mind'))
  const asked = createMockFetch(things)(at('/a/things', { signal: controller.signal }))
  await expect(asked).rejects.toThrow('never mind')
})

test('what a Response cannot say is a problem', async () => {
  const contract = contractOf({
    paths: { '/switch': { get: { responses: { '101': { description: '' } } } } },
  })
  const answer = await createMockFetch(contract)(at('/switch'))
  expect([answer.status, answer.headers.get('rockpool-problem')]).toEqual([501, 'mock_unable'])
})

test('callbacks come to a function, once their request is answered', async () => {
  const { promise, resolve } = Promise.withResolvers<Request>()
  const told = Promise.withResolvers<ToldCall>()
  const mock = createMockFetch(jobs, {
    onCallback: async (request) => {
      resolve(request)
      return new Response(null, { status: 204 })
    },
    onCalled: told.resolve,
  })
  const answer = await mock(at('/a/jobs', posted({ callbackUrl: 'http://me.example/hook', ref: 'r' })))
  const { id } = (await answer.json()) as { id: string }
  const { method, url, headers } = await promise
  expect([method, url]).toEqual(['POST', `http://me.example/hook?job=${id}&ref=r&try=1`])
  expect(headers.get('x-kind')).toBe('done')
  expect(await told.promise).toMatchObject({
    operation: 'startJob',
    name: 'done',
    status: 204,
    declared: true,
  })
})

test('a function that fails costs its callback, and nothing else', async () => {
  const told = Promise.withResolvers<ToldCall>()
  const mock = createMockFetch(jobs, {
    onCallback: () => Promise.reject(new Error('not now')),
    onCalled: told.resolve,
  })
  const answer = await mock(at('/a/jobs', posted({ callbackUrl: 'http://me.example/hook', ref: 'r' })))
  expect(answer.status).toBe(202)
  expect(await told.promise).toMatchObject({ status: null, reason: 'not now' })
})
