import { expect, test } from 'vitest'
import { contractOf } from '../../../test/support/contracts.ts'
import { json, things } from '../../../test/support/mock-things.ts'
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
