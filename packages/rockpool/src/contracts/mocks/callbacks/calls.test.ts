import type { ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { contractOf } from '../../../../test/support/contracts.ts'
import { eventually } from '../../../../test/support/eventually.ts'
import {
  allTold,
  isEvent,
  jobs,
  startCalling,
  startReceiver,
} from '../../../../test/support/mock-callbacks.ts'
import type { Received } from '../../../../test/support/mock-callbacks.ts'
import type { Json } from '../../types.ts'
import { createMockCalls } from './calls.ts'

describe('a callback', () => {
  test('is sent once, after the answer, as the contract says, to where the request says', async () => {
    const { origin, received } = await startReceiver()
    const { start, told, remembered } = await startCalling([origin])
    const answer = await start(`${origin}/hook`)
    const { id } = (await answer.json()) as { id: string }
    await allTold(told, 1)
    expect(received).toHaveLength(1)
    const [{ method, url, headers, body }] = received as [Received]
    expect([method, url]).toEqual(['POST', `/hook?job=${id}&ref=x%26y&try=1`])
    expect(headers).toMatchObject({ 'x-kind': 'done', 'x-attempt': '1', 'content-type': 'application/json' })
    expect(headers['connection']).not.toBe('close')
    expect(isEvent('event', JSON.parse(body) as Json)).toBe(true)
    expect(isEvent('event', {})).toBe(false)
    expect(body).not.toContain('secret')
    const call = {
      operation: 'startJob',
      name: 'done',
      method: 'POST',
      url: origin + url,
      status: 204,
      declared: true,
      reason: null,
    }
    expect(told).toEqual([call])
    expect(await remembered()).toEqual([call])
  })

  test('goes to no origin that is not allowed, and says what would allow it', async () => {
    const [{ origin, received }, other] = [await startReceiver(), await startReceiver()]
    const { start, told } = await startCalling([origin])
    const { port } = new URL(origin)
    for (const url of [
      other.origin,
      `http://localhost:${port}/`,
      `http://user:word@127.0.0.1:${port}/`,
      `http://127.0.0.1:${port}@${new URL(other.origin).host}/`,
      'http://192.0.2.1/',
      'file:///etc/passwd',
      '/hook',
    ])
      await start(url)
    await allTold(told, 7)
    expect(received).toEqual([])
    expect(other.received).toEqual([])
    expect(told.map(({ status }) => status)).toEqual(Array.from({ length: 7 }, () => null))
    expect(told.map(({ reason }) => reason)).toEqual([
      `nothing is sent there without --callbacks ${other.origin}`,
      `nothing is sent there without --callbacks http://localhost:${port}`,
      expect.stringContaining('without a password'),
      expect.stringContaining('without a password'),
      'calls go to https, or to http of this machine, without a password in the address',
      expect.stringContaining('is no URL of http or https'),
      expect.stringContaining('is no URL of http or https'),
    ])
  })

  test('follows no redirect, and tells that this status is not declared', async () => {
    const { origin, received } = await startReceiver(
      (_, response) => void response.writeHead(302, { Location: '/elsewhere' }).end(),
    )
    const { start, told } = await startCalling([origin])
    await start(`${origin}/hook`)
    await allTold(told, 1)
    expect(told[0]).toMatchObject({ status: 302, declared: false, reason: null })
    expect(received).toHaveLength(1)
  })

  test('tells that a status of a declared class is declared', async () => {
    const { origin } = await startReceiver((_, response) => void response.writeHead(410).end())
    const { start, told } = await startCalling([origin])
    await start(origin)
    await allTold(told, 1)
    expect(told[0]).toMatchObject({ status: 410, declared: true })
  })

  test('waits so long for a receiver, and for the whole of its answer', async () => {
    const { origin } = await startReceiver(({ url }, response) => {
      if (url.startsWith('/endless')) response.writeHead(200).write('never')
    })
    const { start, told } = await startCalling([origin], { bounds: { ms: 2_000 } })
    for (const path of ['silent', 'endless']) await start(`${origin}/${path}`)
    await allTold(told, 2)
    const seen = (path: string) => told.find(({ url }) => url?.includes(path))
    expect(seen('silent')).toMatchObject({ status: null, reason: 'no whole answer came within 2 s' })
    expect(seen('endless')).toMatchObject({ status: 200, reason: 'no whole answer came within 2 s' })
  })

  test('reads a megabyte of an answer, as it is unpacked', async () => {
    const { origin } = await startReceiver(({ url }, response) => {
      response.writeHead(410, { 'Content-Encoding': 'gzip' })
      response.end(gzipSync('x'.repeat(1_000_000 + Number(url.startsWith('/large')))))
    })
    const { start, told } = await startCalling([origin])
    await start(`${origin}/large`)
    await allTold(told, 1)
    await start(`${origin}/fits`)
    await allTold(told, 2)
    expect(told.map(({ status, reason }) => [status, reason])).toEqual([
      [410, 'the answer has more than 1 MB'],
      [410, null],
    ])
  })

  test('waits in a queue that ends, with few under way', async () => {
    const held: ServerResponse[] = []
    const { origin, received } = await startReceiver((_, response) => void held.push(response))
    const { start, told } = await startCalling([origin], { bounds: { queue: 10, ms: 60_000 } })
    for (let count = 0; count < 16; count++) await start(origin)
    await allTold(told, 2)
    expect(told.map(({ reason }) => reason)).toEqual([
      '10 calls are waiting already',
      '10 calls are waiting already',
    ])
    await eventually('four are under way', async () => held.length === 4)
    while (told.length < 16) {
      const before = told.length
      const one = await eventually('the next one is under way', async () => held.shift())
      expect(held.length).toBeLessThan(4)
      one.writeHead(204).end()
      await allTold(told, before + 1)
    }
    expect(received).toHaveLength(14)
  })

  test('is not sent for what went wrong, nor where nobody wants it', async () => {
    const { origin, received } = await startReceiver()
    const { start, post, asked, told } = await startCalling([origin])
    expect((await start(origin, { Prefer: 'code=409' })).status).toBe(409)
    expect((await post('/a/jobs', { callbackUrl: 5 })).status).toBe(422)
    const silent = await start(origin, { Prefer: 'callback=none' })
    expect([silent.status, silent.headers.get('preference-applied')]).toEqual([202, 'callback=none'])
    expect((await start(origin, { Prefer: 'callback=maybe' })).status).toBe(400)
    expect((await start(origin, { Prefer: 'code=202' })).status).toBe(202)
    expect((await asked(`/poll?to=${origin}`, { method: 'HEAD' })).status).toBe(204)
    expect((await asked(`/poll?to=${origin}`)).status).toBe(204)
    await allTold(told, 2)
    expect(received.map(({ method }) => method).toSorted()).toEqual(['DELETE', 'POST'])
  })

  test('that cannot be addressed says which expression leads to nothing', async () => {
    const { post, told } = await startCalling([])
    await post('/a/jobs', { ref: 'r' })
    await allTold(told, 1)
    expect(told[0]).toMatchObject({ url: null, reason: '$request.body#/callbackUrl leads to nothing' })
  })

  test('is the same for the same requests, has values of its own each time, and changes no answer', async () => {
    const { origin, received } = await startReceiver()
    const run = async (seed: string, headers: Record<string, string> = {}) => {
      const { start, told } = await startCalling([origin], { seed })
      const from = received.length
      const answers: string[] = []
      for (let count = 1; count <= 2; count++) {
        answers.push(await (await start(origin, headers)).text())
        if (headers['Prefer'] === undefined) await allTold(told, count)
      }
      return { answers, sent: received.slice(from).map(({ url, body }) => url + body) }
    }
    const one = await run('s')
    expect(one.sent).toHaveLength(2)
    expect(one.sent[0]).not.toBe(one.sent[1])
    expect(await run('s')).toEqual(one)
    expect((await run('t')).sent).not.toEqual(one.sent)
    expect((await run('s', { Prefer: 'callback=none' })).answers).toEqual(one.answers)
  })

  test('that is under way ends with the mock, and nothing is told of it', async () => {
    const { origin, received } = await startReceiver(() => {})
    const { start, told, calls } = await startCalling([origin])
    for (let count = 0; count < 6; count++) await start(origin)
    await eventually('four are under way', async () => received.length === 4)
    calls.close()
    const again = createMockCalls({ contract: jobs, origins: new Set([origin]) })
    onTestFinished(() => again.close())
    again.send([
      {
        operation: null,
        name: 'last',
        to: jobs.webhooks[1]!,
        target: { url: `${origin}/last` },
        key: '',
        follows: null,
      },
    ])
    await eventually('a later one arrives', async () => received.some(({ url }) => url === '/last'))
    expect(received).toHaveLength(5)
    expect(told).toEqual([])
  })
})

test('the last hundred calls are remembered', async () => {
  const { start, told, remembered } = await startCalling([])
  for (let count = 0; count < 103; count++) await start(`http://127.0.0.1:9/${count}`)
  await allTold(told, 103)
  expect(await remembered()).toEqual(told.slice(3))
})

test('a contract with paths of Rockpool’s own is refused, with all of them', () => {
  const get = { responses: { '204': { description: '' } } }
  const contract = contractOf({
    paths: { '/.rockpool': { get }, '/.rockpool/mock/calls': { get }, '/.rockpools': { get } },
  })
  const create = () => createMockCalls({ contract, origins: new Set() })
  expect(create).toThrow(
    expect.objectContaining({
      code: 'invalid_input',
      findings: [
        expect.objectContaining({ path: '/paths/~1.rockpool/get', file: 'contract.json' }),
        expect.objectContaining({ path: '/paths/~1.rockpool~1mock~1calls/get' }),
      ],
    }) as Error,
  )
})
