import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { jwksServer, testKey } from '../../../test/support/issuer.ts'
import { freePort } from '../../kernel/index.ts'
import { fetchJwks } from './fetch-jwks.ts'
import { readJwks } from './keys.ts'
import type { JwksReading } from './keys.ts'

const rsa = testKey('RS256', { kid: 'r1' })
const ec = testKey('ES256', { kid: 'e1' })
const ed = testKey('EdDSA', { kid: 'o1' })
/** As issuers publish it. */
const { alg: _, ...published } = { ...rsa.key, use: 'sig', x5c: ['MIIB'], 'x5t#S256': 'abc' }

const kids = (reading: JwksReading) => (reading.ok ? reading.keys.map(({ kid }) => kid) : reading.detail)

describe('RFC 7517 5: a key set', () => {
  test('gives its keys that verify, and nothing else of them', () => {
    const reading = readJwks({ keys: [published, ec.key, { ...ed.key, alg: 'EdDSA', key_ops: ['verify'] }] })
    expect(reading).toEqual({ ok: true, notes: [], keys: [rsa.key, ec.key, { ...ed.key, alg: 'EdDSA' }] })
  })

  test('that holds private halves gives the public ones alone, and says so', () => {
    const jwk = rsa.privateKey.export({ format: 'jwk' })
    const reading = readJwks({ keys: [{ ...jwk, kid: 'r1' }] })
    expect(reading).toEqual({
      ok: true,
      keys: [rsa.key],
      notes: ['key 0 is published with its private half: whoever reads it can sign'],
    })
    expect(JSON.stringify(reading)).not.toContain(jwk.d!)
  })

  const weak = (modulusLength: number, publicExponent = 65_537) =>
    generateKeyPairSync('rsa', { modulusLength, publicExponent }).publicKey.export({ format: 'jwk' })

  test.each<[string, unknown]>([
    ['a shared secret', { kty: 'oct', k: 'c2VjcmV0', kid: 'h1', alg: 'HS256' }],
    ['a key for encryption', { ...published, use: 'enc' }],
    ['a key that signs only', { ...published, key_ops: ['sign'] }],
    ['a key for another algorithm', { ...published, alg: 'RSA-OAEP' }],
    ['a curve that is not used', { ...ec.key, alg: undefined, crv: 'secp256k1' }],
    ['a point that is not on its curve', { ...ec.key, x: 'AAAA'.repeat(10) + 'AAA' }],
    ['an RSA key of 1024 bits', weak(1024)],
    ['a key that is a text', 'key'],
    ['a key that is nothing', null],
    ['a kid that is no text', { ...published, kid: 7 }],
  ])('%s in it is passed over, and the others count', (_, other) => {
    expect(kids(readJwks({ keys: [other, ec.key] }))).toEqual(['e1'])
    expect(kids(readJwks({ keys: [other] }))).toContain('no key that verifies tokens')
  })

  test('two keys of one id: the first counts; of different types both', () => {
    const second = testKey('ES256', { kid: 'e1', which: 'second' })
    const reading = readJwks({ keys: [ec.key, second.key, { ...rsa.key, kid: 'e1' }] })
    expect(reading.ok && reading.keys).toEqual([ec.key, { ...rsa.key, kid: 'e1' }])
  })

  test.each([
    null,
    7,
    {},
    [],
    { keys: {} },
    { keys: [] },
    { keys: Array.from({ length: 51 }, () => ec.key) },
  ])('that is none (%#) is refused', (document) => {
    expect(readJwks(document).ok).toBe(false)
  })
})

describe('an issuer’s answer', () => {
  const whole = JSON.stringify({ keys: [ec.key] })
  const read = async (answer: Parameters<typeof jwksServer>[0], timeoutMs?: number) =>
    kids(await fetchJwks(await jwksServer(answer), timeoutMs))

  test('is read', async () => {
    expect(await read((_, response) => response.end(whole))).toEqual(['e1'])
  })

  test('of 64 KB is read, and more is not', async () => {
    const fill = (length: number) => whole + ' '.repeat(length - whole.length)
    expect(await read((_, response) => response.end(fill(65_536)))).toEqual(['e1'])
    expect(await read((_, response) => response.end(fill(65_537)))).toBe('it is larger than 65536 bytes')
  })

  test('without an end is not waited for: the connection is given up', async () => {
    let written = 0
    const detail = await read((_, response) => {
      const more = () => {
        while (!response.destroyed && written < 1 << 30) {
          written += 65_536
          if (!response.write(Buffer.alloc(65_536, 32))) break
        }
      }
      response.on('drain', more)
      more()
    })
    expect(detail).toBe('it is larger than 65536 bytes')
    expect(written).toBeLessThan(1 << 30)
  })

  test('that does not come, or drips, ends at the deadline', async () => {
    expect(await read(() => {}, 200)).toBe('it did not answer within 0.2 s')
    const drips = await read((_, response) => {
      const timer = setInterval(() => response.write(' '), 20)
      response.on('close', () => clearInterval(timer))
    }, 200)
    expect(drips).toBe('it did not answer within 0.2 s')
  })

  test.each<[string, number, string, string]>([
    ['a page', 200, '<html>', 'it is not JSON'],
    ['other JSON', 200, '{"error":"x"}', 'it is no JWK set: it has no list “keys”'],
    ['an error', 500, whole, 'it answered 500'],
    ['nothing', 204, '', 'it is not JSON'],
  ])('that is %s is none', async (_, status, body, detail) => {
    expect(await read((_request, response) => response.writeHead(status).end(body))).toBe(detail)
  })

  test('that leads elsewhere is not followed', async () => {
    const elsewhere = await jwksServer((_, response) => response.end(whole))
    const detail = await read((_, response) => response.writeHead(302, { location: elsewhere }).end())
    expect(detail).toContain('redirect')
  })

  test('that cannot be had is told in one sentence', async () => {
    expect(kids(await fetchJwks(`http://127.0.0.1:${(await freePort()).port}/jwks.json`))).toContain(
      'ECONNREFUSED',
    )
  })
})
