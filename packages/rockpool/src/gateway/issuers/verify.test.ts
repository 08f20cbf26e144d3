import { constants, createHmac, createPublicKey, randomInt, sign } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import {
  claimsAt,
  iss,
  issuerEntry,
  signatureOf,
  testKey,
  tokenBy,
  type TestKey,
} from '../../../test/support/issuer.ts'
import { signatureAlgorithms } from '../../kernel/index.ts'
import { isSignedBy } from './algorithms.ts'
import { createIssuers } from './issuers.ts'
import { toKeyObject } from './keys.ts'
import type { IssuerKey, SnapshotIssuer } from './types.ts'

const now = Date.UTC(2026, 0, 1)
const k1 = testKey('ES256')
const claims = claimsAt(now)

/** `verified`, `foreign`, or what is wrong. */
function verdict(
  token: string,
  options: {
    keys?: IssuerKey[]
    at?: number
    entry?: Partial<SnapshotIssuer>
    others?: SnapshotIssuer[]
  } = {},
): string {
  const { keys = [k1.key], at = now, entry = {}, others = [] } = options
  const judged = createIssuers([issuerEntry(keys, entry), ...others]).judge(token, at)
  return judged.kind === 'refused' ? judged.fault : judged.kind
}
const says = (more: object, header: object = {}) => tokenBy(k1, { ...claims, ...more }, header)

describe.each(signatureAlgorithms)('RFC 7518 3: %s', (alg) => {
  const key = testKey(alg)
  const keys = [key.key]
  const token = tokenBy(key, claims)

  test('by the issuer’s key counts, and tells whom it speaks for', () => {
    expect(createIssuers([issuerEntry(keys)]).judge(token, now)).toEqual({
      kind: 'verified',
      user: { issuer: issuerEntry(keys), organization: 'harbor', user: 'u1' },
    })
    expect(verdict(token, { keys: [{ ...key.key, alg }] })).toBe('verified')
  })

  test('by another key is forged', () => {
    const stranger = testKey(alg, { which: 'stranger' })
    expect(verdict(tokenBy(stranger, claims), { keys })).toBe('token_forged')
  })

  test('that the issuer does not use is refused', () => {
    const algorithms = signatureAlgorithms.filter((other) => other !== alg)
    expect(verdict(token, { keys, entry: { algorithms } })).toBe('token_algorithm')
  })

  test('never verifies with a key of another type, or one that is for another algorithm', () => {
    for (const other of signatureAlgorithms) {
      const { key: foreign } = testKey(other)
      const isSame = foreign.kty === 'RSA' && key.key.kty === 'RSA'
      if (!isSame && other !== alg) expect(verdict(token, { keys: [foreign] }), other).toBe('token_algorithm')
      if (other !== alg)
        expect(verdict(token, { keys: [{ ...key.key, alg: other }] }), other).toBe('token_algorithm')
      // The same key, and a header that lies about how it was used.
      if (other !== alg)
        expect(verdict(tokenBy(key, claims, { alg: other }), { keys }), other).not.toBe('verified')
    }
  })
})

// The examples of the RFCs themselves: nothing in them is ours.
test.each<[string, 'RS256' | 'ES256' | 'EdDSA', IssuerKey, string, string]>([
  [
    'RFC 7515 A.2',
    'RS256',
    {
      kid: null,
      alg: null,
      kty: 'RSA',
      e: 'AQAB',
      n: 'ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ',
    },
    'eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ',
    'cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw',
  ],
  [
    'RFC 7515 A.3',
    'ES256',
    {
      kid: null,
      alg: null,
      kty: 'EC',
      crv: 'P-256',
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
    },
    'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ',
    'DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q',
  ],
  [
    'RFC 8037 A.4',
    'EdDSA',
    { kid: null, alg: null, kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' },
    'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc',
    'hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg',
  ],
])('the signature of %s is right, and no other', (_, alg, key, signed, signature) => {
  const object = toKeyObject(key)!
  const bytes = Buffer.from(signature, 'base64url')
  expect(isSignedBy(alg, object, signed, bytes)).toBe(true)
  expect(isSignedBy(alg, object, `${signed}A`, bytes)).toBe(false)
  expect(isSignedBy(alg, object, signed, bytes.subarray(1))).toBe(false)
})

test('RFC 7518 3.5: the salt of PS256 is as long as the hash, and no shorter', () => {
  const { privateKey, key } = testKey('PS256')
  const how = { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING }
  const by = (saltLength: number) =>
    isSignedBy(
      'PS256',
      toKeyObject(key)!,
      'text',
      sign('sha256', Buffer.from('text'), { ...how, saltLength }),
    )
  expect([32, 0, 20, 64].map(by)).toEqual([true, false, false, false])
})

describe('RFC 8725 2: attacks', () => {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

  test.each(['none', 'None', 'NONE', 'nOnE'])('2.1: no signature, as alg %s', (alg) => {
    const text = `${encode({ alg, kid: 'k1' })}.${encode(claims)}`
    expect(verdict(`${text}.`)).toBe('token_malformed')
    expect(verdict(`${text}.AA`)).toBe('token_algorithm')
    expect(verdict(says({}, { alg }))).toBe('token_algorithm')
  })

  test.each(['HS256', 'HS384', 'HS512'])('2.1: the public key as the secret of %s', (alg) => {
    const rsa = testKey('RS256')
    const publicKey = createPublicKey(rsa.privateKey)
    for (const secret of [
      publicKey.export({ format: 'pem', type: 'spki' }),
      publicKey.export({ format: 'der', type: 'spki' }),
      JSON.stringify(rsa.key),
    ]) {
      const text = `${encode({ alg, kid: 'k1' })}.${encode(claims)}`
      const signature = createHmac(`sha${alg.slice(2)}`, secret)
        .update(text)
        .digest('base64url')
      expect(verdict(`${text}.${signature}`, { keys: [rsa.key] })).toBe('token_algorithm')
    }
  })

  test('2.4: a signature of zeros, and one in another encoding', () => {
    const text = `${encode({ alg: 'ES256', kid: 'k1' })}.${encode(claims)}`
    expect(verdict(`${text}.${Buffer.alloc(64).toString('base64url')}`)).toBe('token_forged')
    const [r, s] = [signatureOf('ES256', k1.privateKey, text).subarray(0, 32), Buffer.alloc(32)]
    expect(verdict(`${text}.${Buffer.concat([r, s]).toString('base64url')}`)).toBe('token_forged')
  })

  test('3.10: a key, a certificate or an address in the header is what an attacker would write', () => {
    const stranger = testKey('ES256', { which: 'stranger' })
    const { x, y } = stranger.key as Extract<IssuerKey, { kty: 'EC' }>
    const jwk = { kty: 'EC', crv: 'P-256', x, y }
    for (const header of [
      { jwk },
      { jku: 'https://evil.example/jwks.json' },
      { x5u: 'https://evil.example/cert.pem' },
      { x5c: ['MIIB'] },
    ]) {
      expect(verdict(tokenBy(stranger, claims, header))).toBe('token_forged')
      // Of the issuer itself they are passed over.
      expect(verdict(says({}, header))).toBe('verified')
    }
  })

  test.each(['../../dev/null', 'k1\u0000', "k1' or '1'='1", '__proto__', 'constructor', 'K1', ''])(
    'a key id of somebody’s making (%j) leads to no key',
    (kid) => {
      expect(verdict(says({}, { kid }))).toBe('token_key_unknown')
    },
  )

  test('a key of another issuer is none of this one', () => {
    const other = testKey('ES256', { which: 'other', kid: 'k2' })
    const others = [
      issuerEntry([other.key], { issuer: 'https://other.example.test/', name: 'other', prefix: 'o:' }),
    ]
    expect(verdict(tokenBy(other, claims), { others })).toBe('token_key_unknown')
    expect(verdict(tokenBy(other, claims, { kid: 'k1' }), { others })).toBe('token_forged')
    expect(verdict(tokenBy(other, { ...claims, iss: 'https://other.example.test/' }), { others })).toBe(
      'verified',
    )
  })

  test.each<[string, TestKey]>([
    ['ES256', k1],
    ['EdDSA', testKey('EdDSA')],
    ['RS256', testKey('RS256')],
  ])('1000 flipped bits of a token by %s never verify', (_, key) => {
    const token = tokenBy(key, claims)
    const issuers = createIssuers([issuerEntry([key.key])])
    expect(issuers.judge(token, now).kind).toBe('verified')
    const parts = token.split('.')
    for (let round = 0; round < 1000; round += 1) {
      const part = randomInt(3)
      const bytes = round % 2 === 0 ? Buffer.from(parts[part]!, 'base64url') : Buffer.from(parts[part]!)
      const bit = randomInt(bytes.length * 8)
      bytes[bit >> 3]! ^= 1 << (bit & 7)
      const text = bytes.toString(round % 2 === 0 ? 'base64url' : 'latin1')
      const flipped = parts.with(part, text).join('.')
      expect(issuers.judge(flipped, now).kind, `bit ${bit} of part ${part} of ${token}`).not.toBe('verified')
    }
  })
})

describe('RFC 7515 4.1.4: the key', () => {
  const k2 = testKey('ES256', { which: 'second', kid: 'k2' })

  test('may be left unnamed where there is one, and must be named where there are several', () => {
    expect(verdict(says({}, { kid: undefined }))).toBe('verified')
    expect(verdict(says({}, { kid: undefined }), { keys: [k1.key, k2.key] })).toBe('token_key_unknown')
    expect(verdict(says({}), { keys: [k2.key, k1.key] })).toBe('verified')
  })

  test('an old one counts as long as it is published, beside the new one', () => {
    expect(verdict(says({}), { keys: [k1.key, k2.key] })).toBe('verified')
    expect(verdict(tokenBy(k2, claims), { keys: [k1.key, k2.key] })).toBe('verified')
    expect(verdict(says({}), { keys: [k2.key] })).toBe('token_key_unknown')
  })

  test('of the issuer is not known yet: nobody can tell', () => {
    expect(verdict(says({}), { keys: [] })).toBe('keys_unread')
  })
})

describe('RFC 7519 4.1: the claims', () => {
  test.each<[string, object, string]>([
    ['another issuer', { iss: 'https://evil.example/' }, 'foreign'],
    ['the issuer in other letters', { iss: iss.slice(0, -1) }, 'foreign'],
    ['another audience', { aud: 'web' }, 'token_wrong_audience'],
    ['no audience', { aud: undefined }, 'token_wrong_audience'],
    ['a list of others', { aud: ['web', ['api'], 'API'] }, 'token_wrong_audience'],
    ['a list with ours', { aud: ['web', 'api'] }, 'verified'],
    ['no end', { exp: undefined }, 'token_malformed'],
    ['an end as text', { exp: '9999999999' }, 'token_malformed'],
    ['an end that is none', { exp: null }, 'token_malformed'],
    ['a beginning as text', { nbf: '0' }, 'token_malformed'],
    ['no iat', { iat: undefined }, 'verified'],
    ['no subject', { sub: undefined }, 'token_without_user'],
    ['a subject that is a number', { sub: 7 }, 'token_without_user'],
    ['an empty subject', { sub: '' }, 'token_without_user'],
    ['an endless subject', { sub: 'u'.repeat(256) }, 'token_without_user'],
    ['a subject with a line break', { sub: 'u\r\nx' }, 'token_without_user'],
    ['no organization', { org: undefined }, 'token_without_organization'],
    ['an organization that is no slug', { org: '../harbor' }, 'token_without_organization'],
    ['several organizations', { org: ['harbor'] }, 'token_without_organization'],
  ])('with %s', (_, more, expected) => {
    expect(verdict(says(more))).toBe(expected)
  })

  test('exp, nbf and iat count with the issuer’s skew, to the second', () => {
    const s = now / 1000
    const at = (more: object, clockSkewS = 60) => verdict(says(more), { entry: { clockSkewS } })
    expect(at({ exp: s - 59 })).toBe('verified')
    expect(at({ exp: s - 60 })).toBe('token_expired')
    expect(at({ exp: s }, 0)).toBe('token_expired')
    expect(at({ nbf: s + 60 })).toBe('verified')
    expect(at({ nbf: s + 61 })).toBe('token_not_yet')
    expect(at({ iat: s + 60 })).toBe('verified')
    expect(at({ iat: s + 61 })).toBe('token_not_yet')
    expect(at({ iat: s + 1 }, 0)).toBe('token_not_yet')
  })

  test('the organization may be one for all; then no claim is asked', () => {
    expect(verdict(says({ org: undefined }), { entry: { organization: { slug: 'harbor' } } })).toBe(
      'verified',
    )
  })

  test('a name that every object has is no claim', () => {
    expect(verdict(says({}), { entry: { organization: { claim: 'constructor' } } })).toBe(
      'token_without_organization',
    )
    expect(verdict(says({}), { entry: { subject: '__proto__' } })).toBe('token_without_user')
  })

  test('a subject is unique within its issuer: the prefix tells them apart, and nobody can choose another’s', () => {
    const staff = issuerEntry([k1.key], {
      issuer: 'https://staff.example.test/',
      name: 'staff',
      prefix: 'staff:',
    })
    const issuers = createIssuers([issuerEntry([k1.key]), staff])
    const user = (token: string) => {
      const judged = issuers.judge(token, now)
      return judged.kind === 'verified' ? judged.user.user : judged.kind
    }
    expect(user(says({}))).toBe('u1')
    expect(user(says({ iss: staff.issuer }))).toBe('staff:u1')
    expect(user(says({ sub: 'staff:u1' }))).toBe('refused')
    expect(user(says({ iss: staff.issuer, sub: 'u'.repeat(250) }))).toBe('refused')
  })
})

describe('what is remembered', () => {
  test('is bounded, and bad tokens push out no good one', () => {
    const issuers = createIssuers([issuerEntry([k1.key])])
    const good = says({})
    issuers.judge(good, now)
    for (let n = 0; n < 1_100; n += 1) issuers.judge(`${good.slice(0, -4)}${String(n).padStart(4, '0')}`, now)
    expect(issuers.remembered().proven).toBe(1)
    expect(issuers.remembered().refused).toBeLessThanOrEqual(1_000)
    for (let n = 0; n < 50; n += 1) issuers.judge(says({ iss: `https://${n}.example/` }), now)
    expect(issuers.remembered().proven).toBe(1)
  })

  test('is judged by the time anew, and forgotten when it is over', () => {
    const issuers = createIssuers([issuerEntry([k1.key])])
    const token = says({})
    expect(issuers.judge(token, now).kind).toBe('verified')
    expect(issuers.judge(token, now + 359_000).kind).toBe('verified')
    expect(issuers.judge(token, now + 360_000)).toMatchObject({ kind: 'refused', fault: 'token_expired' })
    expect(issuers.remembered().proven).toBe(0)
    expect(issuers.judge(token, now).kind).toBe('verified')
  })
})
