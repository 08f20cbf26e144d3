import { describe, expect, test } from 'vitest'
import { memberOf, readJsonObject } from './json.ts'
import { maxTokenBytes, readToken } from './token.ts'

const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
const claims = { iss: 'https://login.example.test/', sub: 'u1' }
const written = (header: unknown, payload: unknown = claims, signature = 'c2ln') =>
  `${encode(header)}.${encode(payload)}.${signature}`

/** What is wrong with it; `none` when it names no issuer, `fine` when nothing is. */
function fault(text: string): string {
  const reading = readToken(text)
  if (reading.kind === 'bad') return reading.detail
  return reading.kind === 'token' ? 'fine' : 'none'
}

describe('RFC 7515 7.1: a token', () => {
  test('is read as it is written, and nothing of it is believed', () => {
    const text = written({ alg: 'ES256', kid: 'k1', typ: 'JWT' })
    expect(readToken(text)).toEqual({
      kind: 'token',
      token: {
        alg: 'ES256',
        kid: 'k1',
        iss: claims.iss,
        claims,
        signed: text.slice(0, text.lastIndexOf('.')),
        signature: Buffer.from('sig'),
      },
    })
  })

  test.each([
    'a',
    'a.b',
    'a.b.c',
    'a.b.c.d',
    '..',
    'v4.public.abcd',
    written({ alg: 'RS256' }, { sub: 'u1' }),
    written({ alg: 'RS256' }, { iss: 7 }),
    written({ alg: 'RS256' }, '["iss"]'),
    written({ alg: 'RS256' }, '{"iss":"a","iss":"https://login.example.test/"}'),
    written({ alg: 'RS256' }, { ...claims, more: 'x'.repeat(maxTokenBytes) }),
    `${written({ alg: 'RS256' })}.c2ln`,
  ])('that names no issuer in one way (%#) is nobody’s', (text) => {
    expect(fault(text)).toBe('none')
  })

  test('has one spelling: padding and spare bits are refused', () => {
    const header = { alg: 'RS256' }
    expect(fault(written(header))).toBe('fine')
    expect(fault(written(header, claims, 'c2ln='))).toBe('its signature is not base64url')
    expect(fault(written(header, claims, 'c2lnZB'))).toBe('its signature is not base64url')
    expect(fault(written(header, claims, 'c2+n'))).toBe('its signature is not base64url')
  })

  test('without a signature is none: an empty one too', () => {
    expect(fault(written({ alg: 'none' }, claims, ''))).toBe('its signature is not base64url')
  })

  test.each<[string, unknown, string]>([
    ['no algorithm', { kid: 'k1' }, 'its header names no algorithm'],
    ['a list of algorithms', { alg: ['RS256'] }, 'its header names no algorithm'],
    ['extensions', { alg: 'RS256', crit: ['b64'], b64: false }, 'its header has extensions (crit)'],
    ['no extensions, but crit', { alg: 'RS256', crit: [] }, 'its header has extensions (crit)'],
    ['a key id that is none', { alg: 'RS256', kid: 7 }, 'its header’s kid is no key id'],
    ['an endless key id', { alg: 'RS256', kid: 'k'.repeat(501) }, 'its header’s kid is no key id'],
    ['another kind', { alg: 'RS256', typ: 'logout+jwt' }, 'its type (typ) is neither JWT nor at+jwt'],
    ['two algorithms', '{"alg":"RS256","\\u0061lg":"none"}', 'its header: a name stands in it twice'],
    ['no JSON', 'alg', 'its header: not JSON'],
  ])('whose header has %s is refused', (_, header, detail) => {
    expect(fault(written(header))).toBe(detail)
  })

  test.each(['JWT', 'jwt', 'at+jwt', 'application/at+jwt'])('may be of the type %s', (typ) => {
    expect(fault(written({ alg: 'RS256', typ }))).toBe('fine')
  })
})

describe('RFC 7519 4: the claims', () => {
  const read = (text: string) => {
    const reading = readJsonObject(Buffer.from(text))
    return reading.ok ? 'fine' : reading.detail
  }

  test('stand there once each, however they are spelt', () => {
    expect(read('{"a":{"b":1},"b":["a",{"a":2}],"c":"\\"a\\":"}')).toBe('fine')
    expect(read('{"a":1, "b":2, "a":1}')).toBe('a name stands in it twice')
    expect(read('{"a":1,"\\u0061":1}')).toBe('a name stands in it twice')
    expect(read('{"a\\\\":1,"a":1}')).toBe('fine')
  })

  test('are what stands there, and not what every object has', () => {
    for (const name of ['constructor', '__proto__', 'toString']) expect(memberOf({}, name)).toBeUndefined()
    const reading = readJsonObject(Buffer.from('{"__proto__":"x"}'))
    expect(reading.ok && memberOf(reading.value, '__proto__')).toBe('x')
  })

  test('are bounded in depth', () => {
    const nested = (depth: number) => `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`
    expect(read(nested(16))).toBe('fine')
    expect(read(nested(17))).toBe('deeper than 16 levels')
    expect(read('['.repeat(8000))).toBe('deeper than 16 levels')
    expect(read(`{"a":"${'['.repeat(100)}"}`)).toBe('fine')
  })

  test('are strict UTF-8 without a mark before it, and an object', () => {
    const bytes = (head: number[], text: string) =>
      readJsonObject(Buffer.concat([Buffer.from(head), Buffer.from(text)])).ok
    expect(bytes([], '{}')).toBe(true)
    expect(bytes([0xef, 0xbb, 0xbf], '{}')).toBe(false)
    expect(readJsonObject(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])).ok).toBe(false)
    for (const other of ['', 'null', '[]', '7', '"a"', '{', '{"a":"', '{"a":"\\'])
      expect(read(other)).not.toBe('fine')
  })
})
