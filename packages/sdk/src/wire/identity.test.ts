import { createPublicKey, sign } from 'node:crypto'
import { importJWK, jwtVerify, SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { createSigner, type Signer } from '../../test/support/signer.ts'
import { readIdentity, signIdentity, type IdentityReading, type ReadIdentityOptions } from './identity.ts'
import { plainIdentity } from './marks.ts'
import type { IdentityClaims } from './types.ts'

const gateway = createSigner('g1', 'gateway', 'catalog')
const relay = createSigner('r1', 'relay', 'catalog')
const iat = 1_800_000_000
const claims: IdentityClaims = {
  iss: 'gateway',
  aud: 'catalog',
  iat,
  exp: iat + 60,
  organization: 'harbor',
  environment: 'sandbox',
  actor: 'check',
  run: 'run_1',
  service: 'orders',
}
const keys = new Map([gateway, relay].map(({ publicKey }) => [publicKey.kid, publicKey]))

function read(token: string, options: Partial<ReadIdentityOptions> = {}): IdentityReading {
  return readIdentity(token, {
    audience: 'catalog',
    trust: ['gateway'],
    key: (kid) => keys.get(kid),
    now: (iat + 10) * 1000,
    ...options,
  })
}

const code = (reading: IdentityReading): string => (reading.ok ? 'ok' : reading.code)
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const head = { alg: 'EdDSA', typ: 'rockpool-identity+jwt', kid: 'g1' }

/** A token of any content, with a signature that is right for it. */
function signed(header: object, payload: unknown, signer: Signer = gateway): string {
  const text = `${encode(header)}.${encode(payload)}`
  return `${text}.${sign(null, Buffer.from(text), signer.privateKey).toString('base64url')}`
}

describe('a signed identity', () => {
  test('says what was signed', () => {
    expect(read(signIdentity(claims, gateway))).toEqual({ ok: true, claims })
  })

  test('of a bot may name the card of its grant', () => {
    const bot: IdentityClaims = { ...claims, environment: 'production', actor: 'bot', card: 'card_bot' }
    expect(read(signIdentity(bot, gateway))).toEqual({ ok: true, claims: bot })
    expect(plainIdentity(bot)).toEqual({
      organization: 'harbor',
      environment: 'production',
      actor: 'bot',
      run: 'run_1',
      card: 'card_bot',
    })
  })

  test('of a customer may name the end user, whatever the issuer calls people', () => {
    for (const user of ['u', 'auth0|5f7c', 'Zoë 👩‍🚀 "x"', '€'.repeat(255)]) {
      const customer: IdentityClaims = { ...claims, actor: 'customer', user }
      expect(read(signIdentity(customer, gateway))).toEqual({ ok: true, claims: customer })
      expect(plainIdentity(customer).user).toBe(user)
    }
  })

  test('of ours verifies in jose', async () => {
    const key = await importJWK({ ...gateway.publicKey.jwk }, 'EdDSA')
    const { payload, protectedHeader } = await jwtVerify(signIdentity(claims, gateway), key, {
      audience: 'catalog',
      issuer: 'gateway',
      typ: 'rockpool-identity+jwt',
      currentDate: new Date((iat + 10) * 1000),
    })
    expect(payload).toEqual(claims)
    expect(protectedHeader).toEqual(head)
  })

  test('of jose verifies in ours', async () => {
    const token = await new SignJWT({ ...claims }).setProtectedHeader(head).sign(gateway.privateKey)
    expect(read(token)).toEqual({ ok: true, claims })
  })

  test('is refused from the moment it expires, give or take the clocks', () => {
    const token = signIdentity(claims, gateway)
    expect(code(read(token, { now: (iat + 64) * 1000 }))).toBe('ok')
    expect(code(read(token, { now: (iat + 65) * 1000 }))).toBe('identity_expired')
    expect(code(read(token, { now: (iat + 60) * 1000, clockSkewS: 0 }))).toBe('identity_expired')
  })

  test('counts longer as a stored one, up to the age allowed', () => {
    const token = signIdentity(claims, gateway)
    expect(code(read(token, { now: (iat + 3600) * 1000, storedForS: 7200 }))).toBe('ok')
    expect(code(read(token, { now: (iat + 60 + 7200) * 1000, storedForS: 7200 }))).toBe('identity_expired')
  })

  test('is refused before it was issued', () => {
    expect(code(read(signIdentity(claims, gateway), { now: (iat - 6) * 1000 }))).toBe('identity_expired')
  })

  test('is refused by another audience', () => {
    expect(code(read(signIdentity(claims, gateway), { audience: 'orders' }))).toBe('identity_wrong_audience')
  })

  test('is refused when another key signed it under a known id', () => {
    const stranger = createSigner('g1', 'gateway', 'catalog')
    expect(code(read(signIdentity(claims, stranger)))).toBe('identity_forged')
  })

  test('is refused when its key is not registered', () => {
    const stranger = createSigner('g9', 'gateway', 'catalog')
    expect(code(read(signIdentity(claims, stranger)))).toBe('identity_unknown_key')
  })

  test('is refused when the registered key is no Ed25519 key', () => {
    const broken = { ...gateway.publicKey, jwk: { ...gateway.publicKey.jwk, x: 'AA' } }
    expect(code(read(signIdentity(claims, gateway), { key: () => broken }))).toBe('identity_unknown_key')
  })

  test('of a relay is refused where a gateway is asked for, and the reverse', () => {
    const token = signIdentity({ ...claims, iss: 'relay' }, relay)
    expect(code(read(token))).toBe('identity_wrong_trust')
    expect(code(read(token, { trust: ['relay'] }))).toBe('ok')
    expect(code(read(signIdentity(claims, gateway), { trust: ['relay'] }))).toBe('identity_wrong_trust')
  })

  test('of a relay that calls itself a gateway is refused', () => {
    const token = signIdentity(claims, relay)
    expect(code(read(token))).toBe('identity_wrong_trust')
    expect(code(read(token, { trust: ['gateway', 'relay'] }))).toBe('identity_wrong_trust')
  })

  test('is refused when a claim was changed after signing', () => {
    const [header, , signature] = signIdentity(claims, gateway).split('.')
    const changed = `${header}.${encode({ ...claims, environment: 'production' })}.${signature}`
    expect(code(read(changed))).toBe('identity_forged')
  })

  test.each([
    ['no algorithm', { ...head, alg: 'none' }],
    ['another algorithm', { ...head, alg: 'HS256' }],
    ['another type', { ...head, typ: 'JWT' }],
    ['no key id', { alg: head.alg, typ: head.typ }],
    ['a key of its own', { ...head, jwk: gateway.publicKey.jwk }],
    ['an extension to be understood', { ...head, crit: ['exp'] }],
  ])('with %s in its header is malformed, whoever signed it', (_, header) => {
    expect(code(read(signed(header, claims)))).toBe('identity_malformed')
  })

  test('without a signature is refused', () => {
    expect(code(read(`${encode({ ...head, alg: 'none' })}.${encode(claims)}.`))).toBe('identity_malformed')
    expect(code(read(`${encode(head)}.${encode(claims)}.`))).toBe('identity_malformed')
    expect(code(read(`${encode(head)}.${encode(claims)}`))).toBe('identity_malformed')
  })

  test('signed with the public key as a secret is refused', async () => {
    const secret = createPublicKey(gateway.privateKey).export({ format: 'der', type: 'spki' })
    const token = await new SignJWT({ ...claims })
      .setProtectedHeader({ ...head, alg: 'HS256' })
      .sign(new Uint8Array(secret))
    expect(code(read(token))).toBe('identity_malformed')
  })

  test.each([
    ['no organization', { ...claims, organization: '' }],
    ['an organization that is no slug', { ...claims, organization: 'Harbor/../x' }],
    ['a list of organizations', { ...claims, organization: ['harbor'] }],
    ['another environment', { ...claims, environment: 'staging' }],
    ['another actor', { ...claims, actor: 'root' }],
    ['a list of audiences', { ...claims, aud: ['catalog'] }],
    ['no end', { ...claims, exp: undefined }],
    ['an end as text', { ...claims, exp: String(claims.exp) }],
    ['a life of more than three minutes', { ...claims, exp: iat + 181 }],
    ['an end before its beginning', { ...claims, exp: iat }],
    ['a run that is no id', { ...claims, run: 7 }],
    ['a card, but is no bot’s', { ...claims, card: 'card_1' }],
    ['a card that is no token', { ...claims, actor: 'bot', card: 'a b' }],
    ['a user, but is no customer’s', { ...claims, user: 'u1' }],
    ['a user without a name', { ...claims, actor: 'customer', user: '' }],
    ['a user of 256 characters', { ...claims, actor: 'customer', user: 'u'.repeat(256) }],
    ['a user with a control character', { ...claims, actor: 'customer', user: 'a\nb' }],
    ['a user that is half a character', { ...claims, actor: 'customer', user: '\ud83d' }],
    ['a user that is a number', { ...claims, actor: 'customer', user: 7 }],
    ['another issuer', { ...claims, iss: 'me' }],
    ['nothing', null],
    ['a list', [claims]],
  ])('that says %s is malformed, although its signature is right', (_, payload) => {
    expect(code(read(signed(head, payload)))).toBe('identity_malformed')
  })

  test('larger than 4 KB is refused unread', () => {
    const large = signed(head, { ...claims, more: 'x'.repeat(4096) })
    expect(read(large)).toMatchObject({
      ok: false,
      code: 'identity_malformed',
      detail: 'larger than 4096 bytes',
    })
  })

  test('has one spelling: padding, other alphabets and spare bits are refused', () => {
    const token = signIdentity(claims, gateway)
    // The signature's 64 bytes leave four spare bits in its last character.
    const last = token.at(-1)!
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const spare = alphabet[alphabet.indexOf(last) ^ 1]!
    for (const other of [`${token}=`, `${token}.`, ` ${token}`, `${token.slice(0, -1)}${spare}`])
      expect(code(read(other)), other.slice(-3)).not.toBe('ok')
  })

  test.each(['', '.', '..', '...', 'a.b.c', 'é.é.é', '{}.{}.{}', 'bnVsbA.bnVsbA.bnVsbA'])(
    'that is garbage (%j) is malformed',
    (garbage) => {
      expect(code(read(garbage))).toBe('identity_malformed')
    },
  )

  test('of a relay that names a card is malformed', () => {
    const bot = { ...claims, iss: 'relay', actor: 'bot', card: 'card_1' }
    const relayHead = { ...head, kid: 'r1' }
    expect(code(read(signed(relayHead, bot, relay), { trust: ['relay'] }))).toBe('identity_malformed')
  })

  test('of a relay that names an end user is malformed', () => {
    const customer = { ...claims, iss: 'relay', actor: 'customer', user: 'u1' }
    const relayHead = { ...head, kid: 'r1' }
    expect(code(read(signed(relayHead, customer, relay), { trust: ['relay'] }))).toBe('identity_malformed')
  })

  test('that no reader would accept cannot be signed', () => {
    expect(() => signIdentity({ ...claims, exp: iat + 600 }, gateway)).toThrow('at most 180 s')
    expect(() => signIdentity({ ...claims, run: 'x'.repeat(5000) }, gateway)).toThrow('run must be an id')
  })
})
