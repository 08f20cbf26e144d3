import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { contractOf } from '../../../../test/support/contracts.ts'
import { ask, json, things } from '../../../../test/support/mock-things.ts'
import { createMockFetch } from '../fetch.ts'
import { createMock } from '../mock.ts'
import { startMockServer } from '../server.ts'
import type { MockOptions } from '../types.ts'
import { readFaults } from './faults.ts'
import type { Fault } from './faults.ts'
import { readLatency } from './latency.ts'

const run = promisify(execFile)

async function started(options: MockOptions = {}, contract = things): Promise<string> {
  const server = await startMockServer(createMock(contract, options), { port: 0 })
  onTestFinished(() => server.close())
  return `http://127.0.0.1:${server.port}`
}

/** What curl says of it: its exit code, and the bytes of the body that came. */
async function curled(url: string, prefer: string): Promise<{ code: number; said: string; body: string }> {
  try {
    const { stdout } = await run('curl', ['-sS', '-H', `Prefer: ${prefer}`, url])
    return { code: 0, said: '', body: stdout }
  } catch (error) {
    const { code, stderr, stdout } = error as { code: number; stderr: string; stdout: string }
    return { code, said: stderr, body: stdout }
  }
}

const delaysOf = (latency: string, seed = '') => {
  const mock = createMock(things, { stateful: false, seed, latency: readLatency(latency) })
  return Array.from({ length: 2_000 }, () => {
    const { delivery } = mock.answer({ method: 'GET', target: '/a/things/1', headers: [], body: null })
    return delivery!.delayMs
  })
}

test('latency has the median and the percentile that are asked for, the same each time', () => {
  const delays = delaysOf('50,400').toSorted((a, b) => a - b)
  expect(Math.abs(delays[1_000]! - 50)).toBeLessThan(8)
  expect(Math.abs(delays[1_980]! - 400)).toBeLessThan(140)
  expect(delaysOf('50,400')).toEqual(delaysOf('50,400'))
  expect(delaysOf('50,400', 'other')).not.toEqual(delaysOf('50,400'))
  expect(new Set(delaysOf('20'))).toEqual(new Set([20]))
})

test('the latency of a contract is what each operation promises', () => {
  const answer = { responses: { '200': { description: '' } } }
  const contract = contractOf({
    'x-rockpool-latency-ms': 90,
    paths: { '/a': { get: { ...answer, 'x-rockpool-latency-ms': 70 } }, '/b': { get: answer } },
  })
  const mock = createMock(contract, { latency: { kind: 'contract' } })
  const delay = (target: string) =>
    mock.answer({ method: 'GET', target, headers: [], body: null }).delivery?.delayMs
  expect([delay('/a'), delay('/b')]).toEqual([70, 90])
})

test.each(['', 'x', '60001', '0,5', '400,50', '1,2,3', '-5'])('the latency “%s” is refused', (text) => {
  expect(() => readLatency(text)).toThrow(/is none/)
})

test('all that is wrong with faults is told at once, each with its place', () => {
  const given = [
    { kind: 'slow', operation: 'absent', percent: 0 },
    { kind: 'wrong_field', pointer: '/a' },
    { kind: 'throttle' },
    { kind: 'delay', ms: 50_000, jitterMs: 20_000, status: 500 },
    { kind: 'reset', operation: 'absent' },
  ]
  const { findings } = readFaults(given, new Set(['getThing']))
  expect(findings.map(({ path }) => path)).toEqual([
    '0.percent',
    '1.kind',
    '1',
    '2.bytesPerSecond',
    '3.status',
    '3.jitterMs',
    '4.operation',
  ])
  expect(findings[1]!.message).toContain('every body that it sends is valid')
})

test('a fault hits its operation, and its share of the requests, the same ones each time', () => {
  const fault: Fault = { effect: { kind: 'unavailable' }, operation: 'getThing', percent: 20 }
  const statuses = () => {
    const mock = createMock(things, { stateful: false, faults: [fault] })
    return Array.from({ length: 1_000 }, () => ask(mock, 'GET', '/a/things/1').status)
  }
  const hit = statuses().filter((status) => status === 503).length
  expect(Math.abs(hit - 200)).toBeLessThan(50)
  expect(statuses()).toEqual(statuses())
  const other = createMock(things, { stateful: false, faults: [{ ...fault, percent: 100 }] })
  expect(ask(other, 'GET', '/a/things').status).toBe(200)
})

test('what is answered in the stead of a service is not done', () => {
  const mock = createMock(things)
  const prefer = (text: string) =>
    ask(mock, 'POST', '/a/things', { body: { name: 'x' }, headers: ['Prefer', text] })
  expect(prefer('fault=unavailable')).toMatchObject({ status: 503, body: { code: 'fault_injected' } })
  expect(prefer('fault=status; status=418')).toMatchObject({ status: 418, body: '' })
  expect(ask(mock, 'GET', '/a/things').body).toMatchObject({ data: [] })
})

test.each([
  ['fault=wrong_field', /every body that it sends is valid/],
  ['fault=nonsense', /must be one of unavailable, slow/],
  ['fault=throttle', /bytesPerSecond is missing/],
  ['delay=60001', /it is a whole number from 0 to 60000/],
])('Prefer: %s is refused', (prefer, detail) => {
  const { status, body } = ask(createMock(things), 'GET', '/a/things', { headers: ['Prefer', prefer] })
  expect(status).toBe(400)
  expect((body as { detail: string }).detail).toMatch(detail)
})

test('curl meets each fault as a broken transport, and never a body that says it is whole', async () => {
  const url = `${await started({ stateful: false })}/a/things/1`
  const { body: whole } = await curled(url, '')
  expect(await curled(url, 'fault=abort')).toMatchObject({ code: 56, body: '' })
  const cut = await curled(url, 'fault=truncate')
  // 18: the transfer was shorter than Content-Length.
  expect(cut).toMatchObject({ code: 18, body: whole.slice(0, Math.floor(whole.length / 2)) })
  expect(await curled(url, 'fault=truncate; afterBytes=5')).toMatchObject({
    code: 18,
    body: whole.slice(0, 5),
  })
  expect(await curled(url, 'fault=reset; afterBytes=5')).toMatchObject({ code: 56, body: whole.slice(0, 5) })
  expect(await curled(url, 'fault=truncate; afterBytes=100000')).toMatchObject({ code: 0, body: whole })
})

test('an answer is late, or slow, and whole', async () => {
  const url = `${await started({ stateful: false })}/a/things/1`
  const { body: whole } = await curled(url, '')
  const began = performance.now()
  expect(await curled(url, 'delay=300')).toMatchObject({ code: 0, body: whole })
  expect(performance.now() - began).toBeGreaterThanOrEqual(299)
  const again = performance.now()
  expect(await curled(url, 'fault=throttle; bytesPerSecond=200')).toMatchObject({ code: 0, body: whole })
  // The client is done when the last part has come: nothing is waited for after it.
  expect(performance.now() - again).toBeGreaterThan(((whole.length - 20) / 200) * 1000 * 0.9)
})

const item = {
  type: 'object',
  required: ['name'],
  properties: { name: { type: 'string', minLength: 1_000 } },
}
const stream = contractOf({
  openapi: '3.2.0',
  paths: {
    '/stream': {
      get: {
        responses: { '200': { description: '', content: { 'application/x-ndjson': { itemSchema: item } } } },
      },
    },
    '/list': { get: { responses: { '200': { description: '', ...json({ type: 'array', items: item }) } } } },
  },
})

test('no more of a stream is made than its reader takes, and nothing when it has gone', async () => {
  const mock = createMock(stream)
  let made = 0
  let isEnded = false
  const server = await startMockServer(
    {
      answer(request) {
        const answer = mock.answer(request)
        const { pieces } = answer.body as { pieces: Iterable<string> }
        const counted = function* () {
          try {
            for (const piece of pieces) {
              made += 1
              yield piece
            }
          } finally {
            isEnded = true
          }
        }
        return { ...answer, body: { pieces: counted() } }
      },
    },
    { port: 0 },
  )
  onTestFinished(() => server.close())
  const given = new AbortController()
  const answer = await fetch(`http://127.0.0.1:${server.port}/stream`, {
    headers: { Prefer: 'items=100000' },
    signal: given.signal,
  })
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
  await reader.read()
  given.abort()
  await expect.poll(() => isEnded, { timeout: 10_000 }).toBe(true)
  expect(made).toBeLessThan(50_000)
})

test('in process, too: late, broken off, reset, streamed', async () => {
  const mock = createMockFetch(stream)
  const asked = (path: string, prefer: string) =>
    mock(new Request(`http://a.example${path}`, { headers: { Prefer: prefer } }))
  expect((await (await asked('/stream', 'items=20')).text()).split('\n')).toHaveLength(21)
  await expect(asked('/list', 'fault=abort')).rejects.toMatchObject({
    message: 'fetch failed',
    cause: { code: 'ECONNRESET' },
  })
  await expect((await asked('/list', 'fault=reset')).text()).rejects.toThrow('terminated')
  await expect((await asked('/stream', 'fault=truncate; afterBytes=1500')).text()).rejects.toThrow(
    'terminated',
  )
  const given = new AbortController()
  const late = mock(
    new Request('http://a.example/list', { headers: { Prefer: 'delay=60000' }, signal: given.signal }),
  )
  given.abort(new Error('never mind'))
  await expect(late).rejects.toThrow('never mind')
})
