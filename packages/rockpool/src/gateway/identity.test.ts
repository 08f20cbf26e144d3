import { maxIdentityLifeS, readIdentity } from '@rockpool/sdk/wire'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSigner } from './identity.ts'
import type { MintOrder } from './identity.ts'

const minute = Date.UTC(2026, 0, 1)
const plain: MintOrder = {
  identity: { organization: 'harbor', environment: 'production', actor: 'customer' },
  audience: 'catalog',
  caller: null,
  credential: 'key_1',
}

/** Few values of each, so that orders often differ in one of them only. */
const plainOrder: fc.Arbitrary<MintOrder> = fc
  .record({
    organization: fc.constantFrom('harbor', 'marina'),
    environment: fc.constantFrom('production' as const, 'sandbox' as const),
    actor: fc.constantFrom('customer' as const, 'bot' as const),
  })
  .map((identity) => ({ ...plain, identity }))
const anyOrder: fc.Arbitrary<MintOrder> = fc
  .record({
    organization: fc.constantFrom('harbor', 'marina'),
    environment: fc.constantFrom('production' as const, 'sandbox' as const),
    actor: fc.constantFrom('customer' as const, 'bot' as const),
    run: fc.constantFrom(undefined, undefined, 'run_1', 'run_2'),
    extra: fc.constantFrom(undefined, undefined, 'x', 'y'),
    audience: fc.constantFrom('catalog', 'orders'),
    caller: fc.constantFrom(null, null, 'pages', 'search'),
    credential: fc.constantFrom(null, 'key_1', 'key_2'),
  })
  .map(({ organization, environment, actor, run, extra, audience, caller, credential }) => ({
    identity: {
      organization,
      environment,
      actor,
      ...(run === undefined ? {} : { run }),
      ...(extra === undefined ? {} : actor === 'bot' ? { card: extra } : { user: extra }),
    },
    audience,
    caller,
    credential,
  }))

const order = fc.oneof(plainOrder, anyOrder)

test('a token says what was ordered, whatever was ordered before', () => {
  fc.assert(
    fc.property(fc.array(order, { minLength: 1, maxLength: 12 }), (orders) => {
      const signer = createSigner()
      for (const one of [...orders, ...orders]) {
        const reading = readIdentity(signer.mint(one, minute), {
          audience: one.audience,
          trust: ['gateway'],
          key: (kid) => (kid === signer.publicKey.kid ? signer.publicKey : undefined),
          now: minute,
        })
        const iat = minute / 1000
        const claims = {
          ...one.identity,
          iss: 'gateway',
          aud: one.audience,
          iat,
          exp: iat + maxIdentityLifeS,
        }
        expect(reading).toEqual({
          ok: true,
          claims: one.caller === null ? claims : { ...claims, service: one.caller },
        })
      }
    }),
    { numRuns: 50 },
  )
})

test('the same order gets the same token for a minute; another credential, or the next minute, another one', () => {
  const signer = createSigner()
  const token = signer.mint(plain, minute)
  expect(signer.mint({ ...plain, identity: { ...plain.identity } }, minute + 59_999)).toBe(token)
  expect(signer.mint(plain, minute + 60_000)).not.toBe(token)

  // Each signature of the same claims is the same (RFC 8032), so what is told apart here are moments.
  const first = signer.mint(plain, minute + 61_000)
  const second = signer.mint({ ...plain, credential: 'key_2' }, minute + 62_000)
  expect(second).not.toBe(first)
  expect(signer.mint(plain, minute + 63_000)).toBe(signer.mint(plain, minute + 60_000))
})
