import { request as httpRequest } from 'node:http'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { send, startApi, type TestApi } from '../../test/support/api.ts'
import { refusal } from '../../test/support/organizations.ts'
import { bytes, handle, operation, type BytesValue } from '../kernel/index.ts'
import { createAsk } from './client/ask.ts'
import { createOperationClient } from './client/operations.ts'
import { openapiDocument } from './openapi.ts'

const picture = bytes({ types: ['image/png', 'application/zip'], limit: 1_000_000 })
const params = z.strictObject({ name: z.string() })
const put = operation({
  id: 'pictures.put',
  method: 'PUT',
  path: '/pictures/{name}',
  summary: 'Keep a picture',
  scope: 'write',
  params,
  body: picture,
  answers: { 200: z.object({ size: z.number(), type: z.string() }) },
})
const get = operation({
  id: 'pictures.get',
  method: 'GET',
  path: '/pictures/{name}',
  summary: 'Get a picture',
  scope: 'read',
  params,
  answers: { 200: picture },
})

let t: TestApi
let credential: string
const kept = new Map<string, BytesValue>()
beforeAll(async () => {
  t = await startApi({
    operations: [
      handle(put, async ({ params: { name }, body }) => {
        kept.set(name, body)
        return { size: body.bytes.length, type: body.type }
      }),
      handle(
        get,
        async ({ params: { name } }) => kept.get(name) ?? { type: 'text/html', bytes: Buffer.from('<b>') },
      ),
    ],
  })
  credential = await t.control(['read', 'write'])
})
afterAll(() => t.close())

test('bytes go in and come out as they are, with their type, through client and server', async () => {
  const client = createOperationClient(createAsk({ url: t.server.url, credential }))
  const content = Uint8Array.from({ length: 300_000 }, (_, at) => at % 256)
  const made = await client.call(put, { params: { name: 'a' }, body: { type: 'image/png', bytes: content } })
  expect(made).toEqual({ size: 300_000, type: 'image/png' })
  const got = await client.call(get, { params: { name: 'a' } })
  expect(got.type).toBe('image/png')
  expect(Buffer.compare(got.bytes, content)).toBe(0)
})

describe('refused are', () => {
  const call = (raw: string | Buffer, headers: Record<string, string>) =>
    send(t.server, 'PUT', '/pictures/b', { credential, raw, headers })

  test('another type, a compressed body, none at all', async () => {
    for (const headers of [
      { 'content-type': 'text/html' },
      { 'content-type': 'application/json' },
      { 'content-type': 'image/png', 'content-encoding': 'gzip' },
    ])
      expect(await call('x', headers)).toMatchObject({
        status: 415,
        body: { code: 'unsupported_media_type' },
      })
  })

  test('more bytes than the limit, announced or not', async () => {
    const raw = Buffer.alloc(1_000_001)
    const type = { 'content-type': 'image/png' }
    expect((await call(raw, type)).body.code).toBe('body_too_large')
    expect((await call(raw, { ...type, 'transfer-encoding': 'chunked' })).status).toBe(413)
    expect(kept.has('b')).toBe(false)
  })

  test('an answer of a type that the operation does not declare', async () => {
    const answer = await send(t.server, 'GET', '/pictures/nothing', { credential })
    expect(answer).toMatchObject({ status: 500, body: { code: 'internal' } })
  })

  test('what a browser would run, and a limit above 32 MB, already where they are declared', () => {
    for (const type of ['text/html', 'image/svg+xml', 'text/javascript', '*/*', 'nonsense'])
      expect(() => bytes({ types: [type], limit: 10 })).toThrow(type)
    expect(() => bytes({ types: ['image/png'], limit: 33 * 1024 * 1024 })).toThrow('limit')
  })

  test('for the client: a larger answer than was declared', async () => {
    kept.set('big', { type: 'image/png', bytes: Buffer.alloc(500) })
    const small = { ...get, answers: { 200: bytes({ types: ['image/png'], limit: 100 }) } }
    const client = createOperationClient(createAsk({ url: t.server.url, credential }))
    expect((await refusal(client.call(small, { params: { name: 'big' } }))).code).toBe('control_unreachable')
  })
})

test('a browser can make nothing of them but what they are', async () => {
  kept.set('c', { type: 'image/png', bytes: Buffer.from('<script>alert(1)</script>') })
  const { headers } = await send(t.server, 'GET', '/pictures/c', { credential })
  expect(headers).toMatchObject({
    'content-type': 'image/png',
    'content-length': '25',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
  })
})

test('the document names their media types', () => {
  const { paths } = openapiDocument([put, get], '1') as { paths: Record<string, Record<string, unknown>> }
  const content = { 'image/png': {}, 'application/zip': {} }
  expect(paths['/pictures/{name}']).toMatchObject({
    put: { requestBody: { required: true, content } },
    get: { responses: { 200: { content } } },
  })
})

test('files that are on their way are few at once, so that they fit into memory; another credential finds room', async () => {
  /** Announces bytes and sends none of them. */
  const hang = (text: string) => {
    const request = httpRequest({
      port: t.server.port,
      method: 'PUT',
      path: '/pictures/c',
      headers: { authorization: `Bearer ${text}`, 'content-type': 'image/png', 'content-length': '1000' },
    })
    request.on('error', () => {})
    const { promise, resolve } = Promise.withResolvers<number>()
    request.on('response', (response) => resolve(response.resume().statusCode!))
    request.flushHeaders()
    return { answered: promise, leave: () => request.destroy(), send: () => request.end(Buffer.alloc(1_000)) }
  }
  const put = async (text: string) =>
    (
      await send(t.server, 'PUT', '/pictures/d', {
        credential: text,
        raw: 'x',
        headers: { 'content-type': 'image/png' },
      })
    ).status
  const others = [await t.control(['write']), await t.control(['write'])]
  const hanging = Array.from({ length: 8 }, () => hang(credential))
  await vi.waitFor(async () => expect(await put(credential)).toBe(429))
  expect(await put(others[0]!)).toBe(200)
  hanging.push(...Array.from({ length: 8 }, () => hang(others[0]!)))
  await vi.waitFor(async () => expect(await put(others[1]!)).toBe(429))
  hanging[0]!.send()
  expect(await hanging[0]!.answered).toBe(200)
  for (const { leave } of hanging) leave()
  await vi.waitFor(async () => expect(await put(credential)).toBe(200))
})
