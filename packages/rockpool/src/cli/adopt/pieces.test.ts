import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { literal, quote } from './code.ts'
import { calledInEvidence, callsIn } from './coverage.ts'
import { parseHar } from './har.ts'
import { assertionsOf } from './observe.ts'
import { findSecrets, looksSecret } from './secret-finder.ts'

const call = (url: string, headers: Record<string, string> = {}, body: string | null = null) => ({
  method: 'GET',
  url: new URL(url),
  headers: Object.entries(headers),
  body,
})

const secretsOf = (...calls: ReturnType<typeof call>[]) =>
  Object.fromEntries([...findSecrets(calls, 'THINGS').byValue].map(([value, name]) => [name, value]))

describe('secrets are found', () => {
  test('where they stand', () => {
    expect(
      secretsOf(
        call(
          'https://a.test/x?api_key=open-sesame&page=2&sig=abcd1234',
          {
            authorization: 'Bearer tok_1234',
            cookie: 'session=1',
            'x-api-key': 'key_5678',
            'x-trace': 'plain',
          },
          '{"user":{"password":"hunter22","name":"Mia"},"items":[{"clientSecret":"s3cr3t"}]}',
        ),
      ),
    ).toEqual({
      THINGS_TOKEN: 'tok_1234',
      THINGS_COOKIE: 'session=1',
      THINGS_API_KEY: 'key_5678',
      THINGS_API_KEY_2: 'open-sesame',
      THINGS_SIG: 'abcd1234',
      THINGS_PASSWORD: 'hunter22',
      THINGS_CLIENT_SECRET: 's3cr3t',
    })
  })

  test('where one value stands twice, under one name', () => {
    const found = findSecrets(
      [call('https://a.test/?token=tok_1234', { authorization: 'Bearer tok_1234' })],
      'A',
    )
    expect([...found.byValue]).toEqual([['tok_1234', 'A_TOKEN']])
    expect(found.pieces('Bearer tok_1234!')).toEqual(['Bearer ', { secret: 'A_TOKEN' }, '!'])
  })

  test('that cannot be kept are named, and a house’s number is none', () => {
    const body =
      '{"pin":12,"password":"abc","address":{"number":"12"},"card":{"number":4242424242424242},"secret":""}'
    const found = findSecrets([call('https://a.test/', {}, body)], 'A')
    expect([found.unkept, [...found.byValue]]).toEqual([['PIN', 'PASSWORD', 'NUMBER'], []])
  })

  test('by how they look, and not in what only looks long', () => {
    const secret = [
      '9fK2mQ7xB4vT8zL1pW6r',
      'rp_live_0123456789abcdef',
      'eyJhbGciOi.eyJzdWIi.c2ln',
      'ghp_16C7e42F292c6912E7710c838347Ae178B4a',
    ]
    const plain = [
      'a-long-name-of-some-page-in-words',
      '2026-11-22T19:42:33.000Z',
      '8f14e45f-ceea-467f-a8a5-1f8f4b1d2c3d',
      'https://a.test/9fK2mQ7xB4vT8zL1pW6r',
      '00000000000000000000000000',
      'aaaaaaaaaaaaaaaaaaaaaaaa1',
    ]
    expect(secret.filter((text) => !looksSecret(text))).toEqual([])
    expect(plain.filter(looksSecret)).toEqual([])
    expect(secretsOf(call('https://a.test/hooks/9fK2mQ7xB4vT8zL1pW6r?q=9fK2mQ7xB4vT8zL1pW6s'))).toEqual({
      THINGS_Q: '9fK2mQ7xB4vT8zL1pW6s',
      THINGS_PATH: '9fK2mQ7xB4vT8zL1pW6r',
    })
  })
})

describe('what two answers have in common', () => {
  const at = Date.parse('2026-11-22T20:00:00Z')
  const seen = (body: unknown, status = 200, type = 'application/json') => ({ status, type, body, at })
  const names = { status: 'a.status', contentType: 't', body: 'a.body' }
  const lines = (one: unknown, other: unknown) =>
    assertionsOf(seen(one), seen(other), names, (text) => text.includes('tok_')).slice(2)

  test('is held to its value; what differs to its type or its form', () => {
    expect(
      lines(
        {
          id: 7,
          name: 'Tide clock',
          calls: 1,
          seen: { at: '2026-11-22T20:00:00Z', ref: '8f14e45f-ceea-467f-a8a5-1f8f4b1d2c3d' },
          gone: null,
          n: null,
        },
        {
          id: 7,
          name: 'Tide clock',
          calls: 2,
          seen: { at: '2026-11-22T20:00:00Z', ref: '9f14e45f-ceea-467f-a8a5-1f8f4b1d2c3d' },
          gone: 1,
          n: null,
        },
      ),
    ).toEqual([
      `expect(a.body).toMatchObject({ id: 7, name: 'Tide clock', n: null })`,
      `expect(typeof a.body.calls, 'calls').toBe('number')`,
      // The same in both, and yet of this minute.
      String.raw`expect(a.body.seen.at, 'seen.at').toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d/)`,
      `expect(a.body.seen.ref, 'seen.ref').toMatch(/^[0-9a-f-]{36}$/i)`,
    ])
  })

  test('is no secret, no card, and nothing that looks like one', () => {
    const body = {
      echo: 'Bearer tok_1',
      password: 'hunter2',
      card: 'x',
      note: '4242 4242 4242 4242',
      next: '9fK2mQ7xB4vT8zL1pW6r',
      ok: true,
    }
    const text = lines(body, body).join('\n')
    expect(text).toContain('toMatchObject({ ok: true })')
    expect(text).not.toMatch(/tok_1|hunter2|4242|9fK2/)
  })

  test('has no name in it that is a key of somebody', () => {
    const body = { tok_1: 1, rp_live_0123456789abcdef: 2, '9fK2mQ7xB4vT8zL1pW6r': 3, plain: 4 }
    expect(lines(body, body)).toEqual(['expect(a.body).toMatchObject({ plain: 4 })'])
    expect(lines([body], [{ ...body, plain: 5 }]).join()).not.toMatch(/tok_1|rp_live|9fK2/)
  })

  test('is of a list its form alone', () => {
    expect(lines([{ id: 1, a: 'x' }], [{ id: 2, a: 'x' }, { id: 3 }])).toEqual([
      `expect(Array.isArray(a.body), 'the body is a list').toBe(true)`,
      `expect(typeof a.body[0].id, 'id').toBe('number')`,
      `expect(typeof a.body[0].a, 'a').toBe('string')`,
    ])
  })

  test('is of a text the text, where it is short', () => {
    const text = (one: string, other: string) =>
      assertionsOf(seen(one, 200, 'text/plain'), seen(other, 200, 'text/plain'), names, () => false).slice(2)
    expect(text('pong', 'pong')).toEqual([`expect(a.body).toBe('pong')`])
    expect(text('a', 'b')).toEqual([`expect(typeof a.body).toBe('string')`])
  })

  test('is of statuses that differ both, and nothing else', () => {
    expect(assertionsOf(seen(1), seen(1, 404), names, () => false)).toEqual([
      'expect(a.status).toBeOneOf([200, 404])',
    ])
  })

  test('is bounded', () => {
    const wide = Object.fromEntries(Array.from({ length: 2_000 }, (_, index) => [`k${index}`, index]))
    let deep: unknown = 1
    for (let index = 0; index < 5_000; index++) deep = { a: deep }
    expect(lines(wide, wide).length).toBeLessThan(30)
    expect(lines(deep, deep)).toEqual([])
  })
})

describe('a recording', () => {
  const entry = (url: string, more: Record<string, unknown> = {}, mimeType = 'application/json') => ({
    request: {
      method: 'GET',
      url,
      headers: [
        { name: ':authority', value: 'a' },
        { name: 'Accept', value: 'application/json' },
        { name: 'Sec-Fetch-Mode', value: 'cors' },
      ],
      ...more,
    },
    response: { status: 200, content: { mimeType } },
  })

  test('is its calls of an API, each once, without what browsers add', () => {
    const har = {
      log: {
        entries: [
          entry('https://a.test/page', {}, 'text/html'),
          entry('https://a.test/logo.png', {}, 'image/png'),
          entry('https://a.test/app.js'),
          { ...entry('https://a.test/font'), _resourceType: 'font' },
          entry('https://a.test/items?page=1#top'),
          entry('https://a.test/items?page=1'),
          entry('https://a.test/orders', { method: 'POST', postData: { text: '{"a":1}' } }),
          entry('chrome-extension://x/y'),
          null,
          { request: 1 },
        ],
      },
    }
    const reading = parseHar(JSON.stringify(har))
    if (!reading.ok) throw new Error(reading.detail)
    expect(reading.calls.map(({ method, url, headers, body }) => [method, url.href, headers, body])).toEqual([
      ['GET', 'https://a.test/items?page=1', [['accept', 'application/json']], null],
      ['POST', 'https://a.test/orders', [['accept', 'application/json']], '{"a":1}'],
    ])
    expect(reading.left).toEqual({ noise: 7, same: 1, more: 0 })
  })

  test('of a long session is cut, and says so', () => {
    const entries = Array.from({ length: 30 }, (_, index) => entry(`https://a.test/items/${index}`))
    expect(parseHar(JSON.stringify({ log: { entries } }))).toMatchObject({
      left: { more: 10 },
      calls: { length: 20 },
    })
    expect(parseHar('{}')).toMatchObject({ ok: false })
    expect(parseHar('no')).toMatchObject({ ok: false })
  })
})

test('literals are what they stand for, whatever is in them', () => {
  const value = {
    a: ["it's", 'back\\slash', 'new\nline', '\u2028', '`${x}`', { 'a-b': null, __proto__x: 1 }],
    class: 1,
    '1a': 2,
  }
  expect(JSON.parse(JSON.stringify(runInNewContext(`(${literal(value)})`)))).toEqual(value)
  expect(runInNewContext(quote('\u0000\u001b"\''))).toBe('\u0000\u001b"\'')
})

test('calls of a service are found in the text of a check, and in the evidence of passing runs', () => {
  const source = `api.things.getThing({}); api . things.addThing ({}); api['delivery-quotes'].quote(); api.other.getOther(); api.things['odd name']()`
  expect(callsIn(source, 'things')).toEqual(['getThing', 'addThing', 'odd name'])
  expect(callsIn(source, 'delivery-quotes')).toEqual(['quote'])
  const entry = (operation: string, more = {}) => ({
    type: 'call',
    service: 'things',
    operation,
    status: 200,
    problem: null,
    ...more,
  })
  const run = (verdict: string, ...entries: unknown[]) => ({ verdict, attempts: [{ evidence: { entries } }] })
  const runs = [
    run(
      'pass',
      entry('a'),
      entry('b', { problem: 'write_refused' }),
      entry('c', { status: null }),
      entry('d', { service: 'x' }),
    ),
    run('fail', entry('e')),
  ]
  expect([...calledInEvidence(runs, 'things')]).toEqual(['a'])
})
