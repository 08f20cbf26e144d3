import { describe, expect, test } from 'vitest'
import { secretFrom } from '../../../kernel/index.ts'
import { choose } from './choose.ts'
import { addressFindings, createEndpoints, nowhere, shownAddress } from './endpoints.ts'
import { payloadOf } from './payload.ts'
import { nextAttempt, pausesMs, retryAfterMs } from './schedule.ts'
import { newSigningSecret, signedHeaders } from './signature.ts'

test('the signature is that of the Standard Webhooks', () => {
  // The example of the specification’s own libraries.
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
  const said = {
    message: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    at: 1_614_265_330_999,
    body: '{"test": 2432232314}',
  }
  expect(signedHeaders(said, secret)).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  })
})

test('a secret is 24 random bytes, and never the same', () => {
  const [one, other] = [newSigningSecret(), newSigningSecret()]
  expect(one).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/)
  expect(one).not.toBe(other)
})

describe('when it is tried again', () => {
  const failure = { told: false, failure: 'it answered 500', isGone: false, retryAfterMs: 0 } as const

  test('pauses grow, and after about a day it is given up', () => {
    expect(pausesMs.map((ms) => ms / 1_000)).toEqual([5, 30, 120, 600, 3_600, 10_800, 21_600, 50_400])
    expect(pausesMs.map((ms, failed) => nextAttempt(failed + 1, failure, 7) === 7 + ms)).not.toContain(false)
    expect(nextAttempt(pausesMs.length + 1, failure, 0)).toBeNull()
    const hours = pausesMs.reduce((sum, ms) => sum + ms) / 3_600_000
    expect([hours > 23, hours < 26]).toEqual([true, true])
  })

  test('a receiver that asks for more time gets it, up to a day; for less it does not', () => {
    expect(nextAttempt(1, { ...failure, retryAfterMs: 60_000 }, 0)).toBe(60_000)
    expect(nextAttempt(1, { ...failure, retryAfterMs: 1 }, 0)).toBe(5_000)
    expect(nextAttempt(1, { ...failure, retryAfterMs: 1e12 }, 0)).toBe(86_400_000)
    expect(nextAttempt(1, { ...failure, isGone: true }, 0)).toBeNull()
  })

  test.each([
    ['120', 120_000],
    ['Thu, 01 Jan 1970 00:01:00 GMT', 50_000],
    ['Thu, 01 Jan 1970 00:00:01 GMT', 0],
    ['soon', 0],
    ['-5', 0],
    ['9'.repeat(400), 0],
    [null, 0],
  ])('Retry-After: %s', (header, ms) => expect(retryAfterMs(header, 10_000)).toBe(ms))
})

describe('what is sent at once', () => {
  const due = (notice: number, watcher: string, origin: string) => ({ notice, watcher, origin })
  const bounds = { all: 3, ofOrigin: 2 }

  test('is as much as there is room for, of one origin less than all', () => {
    const waiting = [1, 2, 3, 4].map((n) => due(n, `slow ${n}`, 'slow')).concat(due(9, 'quick', 'quick'))
    expect(choose(waiting, [], bounds).map(({ notice }) => notice)).toEqual([1, 2, 9])
    expect(choose(waiting, [due(7, 'x', 'slow')], bounds).map(({ notice }) => notice)).toEqual([1, 9])
    expect(
      choose(
        waiting,
        [1, 2, 3].map((n) => due(n, `y${n}`, `y${n}`)),
        bounds,
      ),
    ).toEqual([])
  })

  test('is one at a time of each watcher', () => {
    expect(choose([due(2, 'one', 'a')], [due(1, 'one', 'a')], bounds)).toEqual([])
  })
})

describe('an address', () => {
  const origins = new Set(['https://hooks.example.com', 'http://127.0.0.1:9000'])

  test.each(['https://hooks.example.com/contracts?token=zephyr', 'http://127.0.0.1:9000/'])(
    '%s is one that the configuration names',
    (address) => expect(addressFindings(address, origins)).toEqual([]),
  )

  test.each([
    ['https://elsewhere.example.com/', "contracts: { notify: ['https://elsewhere.example.com'] }"],
    ['https://hooks.example.com:8443/', "contracts: { notify: ['https://hooks.example.com:8443'] }"],
    ['https://hooks.example.com.evil.test/', 'nothing is sent to https://hooks.example.com.evil.test'],
    ['http://127.0.0.1:5432/', 'nothing is sent to http://127.0.0.1:5432'],
    ['http://hooks.example.com/', 'has to begin with https://'],
    ['http://169.254.169.254/latest/meta-data', 'has to begin with https://'],
    ['file:///etc/passwd', 'has to begin with https://'],
    ['https://user:word@hooks.example.com/', 'has a user or password'],
    ['https://hooks.example.com/#part', 'has a #'],
    ['hooks.example.com', 'is no URL'],
  ])('%s is refused, with what to do', (address, message) => {
    expect(addressFindings(address, origins)).toEqual([
      { path: 'to', message: expect.stringContaining(message) },
    ])
    expect(nowhere.findings(address)).toHaveLength(1)
  })

  test('is shown without what stands in its query', () => {
    expect(shownAddress('https://hooks.example.com:8443/a/b?token=zephyr&x')).toBe(
      'https://hooks.example.com:8443/a/b?…',
    )
    expect(shownAddress('https://hooks.example.com')).toBe('https://hooks.example.com/')
  })

  test('opens for its watcher alone, and under the secret that it was sealed under', () => {
    const of = (byte: number) => createEndpoints({ origins: [], secret: secretFrom(Buffer.alloc(32, byte)) })
    const endpoint = { url: 'https://hooks.example.com/', secret: newSigningSecret() }
    const sealed = of(1).seal('wat_1', endpoint)
    expect(of(1).open('wat_1', sealed)).toEqual(endpoint)
    expect(of(1).open('wat_2', sealed)).toBeUndefined()
    expect(of(2).open('wat_1', sealed)).toBeUndefined()
  })
})

test('what is sent stays below 20 KB, and its counts tell of all', () => {
  const line = {
    weight: 'breaks',
    operation: 'GET /things',
    rule: 'r',
    sentence: 'it is gone',
    fingerprint: 'f',
  }
  const push = { service: 'things', address: 'sha256:0', name: '2.0.0', pushedBy: 'mem_1', pushedAt: 'now' }
  const text = payloadOf({
    id: 7,
    watcher: { id: 'wat_1', consumer: 'orders' },
    push,
    base: 'sha256:1',
    counts: { breaks: 50 },
    differences: Array.from({ length: 50 }, () => ({ ...line, place: 'x'.repeat(1_000) })),
  })
  const { type, timestamp, data } = JSON.parse(text) as {
    type: string
    timestamp: string
    data: Record<string, unknown> & { differences: object[] }
  }
  expect([type, timestamp, data['counts'], data['consumer']]).toEqual([
    'contract.changed',
    'now',
    { breaks: 50 },
    'orders',
  ])
  expect(data.differences.length).toBeGreaterThan(10)
  expect(Buffer.byteLength(text)).toBeLessThan(20_000)
})
