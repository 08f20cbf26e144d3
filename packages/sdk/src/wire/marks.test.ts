import { describe, expect, test } from 'vitest'
import { fromJwks, identityBaggage, isReservedHeader, plainIdentity, stripBaggage, toJwks } from './marks.ts'
import type { IdentityClaims, PublicKey } from './types.ts'

describe('a reserved header', () => {
  test.each([
    'Rockpool-Identity',
    'rOcKpOoL-iDeNtItY',
    'ROCKPOOL-ANYTHING',
    'rockpool_identity',
    'Rockpool-',
    'rockpool-identity-',
  ])('%s is reserved', (name) => {
    expect(isReservedHeader(name)).toBe(true)
  })

  test.each(['X-Rockpool-Identity', 'rockpool', 'rockpools-identity', 'authorization', ''])(
    '%s is not',
    (name) => {
      expect(isReservedHeader(name)).toBe(false)
    },
  )
})

describe('baggage from outside', () => {
  test.each([
    ['rockpool.organization=harbor', ''],
    ['a=1,rockpool.actor=bot,b=2', 'a=1,b=2'],
    ['a=1 , ROCKPOOL.Run=x;p=1, b=2', 'a=1 , b=2'],
    ['\trockpool.run =x', ''],
    ['rockpool%2Erun=x,a=1', 'a=1'],
    ['%72ockpool.run=x', ''],
    ['rockpool.run', ''],
    ['rockpool.run;p=1', ''],
    [',,a=rockpool.run,', 'a=rockpool.run'],
    ['myrockpool.run=x', 'myrockpool.run=x'],
    ['%zz=1', '%zz=1'],
    ['', ''],
  ])('%j becomes %j', (given, kept) => {
    expect(stripBaggage(given)).toBe(kept)
  })

  test('of our own making is stripped whole', () => {
    const ours = identityBaggage({
      organization: 'harbor',
      environment: 'sandbox',
      actor: 'check',
      run: 'run_1',
    })
    expect(ours).toBe(
      'rockpool.organization=harbor,rockpool.environment=sandbox,rockpool.actor=check,rockpool.run=run_1',
    )
    expect(stripBaggage(`${ours},a=1`)).toBe('a=1')
  })
})

test('a plain identity has nothing of the claims beside it', () => {
  const claims: IdentityClaims = {
    iss: 'gateway',
    aud: 'catalog',
    iat: 1,
    exp: 2,
    service: 'orders',
    organization: 'harbor',
    environment: 'sandbox',
    actor: 'check',
  }
  expect(plainIdentity(claims)).toEqual({ organization: 'harbor', environment: 'sandbox', actor: 'check' })
})

test('keys survive the way through a JWKS, and what is not ours in it is passed over', () => {
  const key: PublicKey = { kid: 'g1', trust: 'gateway', jwk: { kty: 'OKP', crv: 'Ed25519', x: 'abc' } }
  const jwks = toJwks([key])
  const others = [
    null,
    7,
    { kty: 'RSA', kid: 'r' },
    { ...jwks.keys[0], 'rockpool:trust': 'anyone' },
    { ...jwks.keys[0], kid: 1 },
  ]
  expect(fromJwks({ keys: [...others, ...jwks.keys] })).toEqual([key])
  expect(fromJwks({})).toBeUndefined()
  expect(fromJwks(null)).toBeUndefined()
})
