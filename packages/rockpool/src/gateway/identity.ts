import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { maxIdentityLifeS, signIdentity } from '@rockpool/sdk/wire'
import type { Identity, PublicKey } from '@rockpool/sdk/wire'

/** Signs identities with a key that exists in this process only. */
export interface Signer {
  /** To be registered with control before the first identity is used. */
  readonly publicKey: PublicKey
  /** A signed identity for one audience. `now` in milliseconds. */
  mint(order: MintOrder, now: number): string
}

export interface MintOrder {
  identity: Identity
  /** The service that will read it. */
  audience: string
  /** The service that calls, if one calls. */
  caller: string | null
  /** Id of the credential that was shown; null for an anonymous call. */
  credential: string | null
}

const maxCached = 20_000

/**
 * Makes an Ed25519 key and a signer with it. Signing costs as much as a whole small request, so an identity is minted
 * once a minute for each combination of what is in it. It lives for 180 s, so what is taken from the cache is good for
 * two minutes at least.
 */
export function createSigner(trust: 'gateway' | 'relay' = 'gateway'): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const { x } = publicKey.export({ format: 'jwk' })
  const kid = `${trust}-${randomBytes(12).toString('base64url')}`
  let minute = -1
  let cache = new Map<string, Map<string, string>>()
  let cached = 0

  return {
    publicKey: { kid, trust, jwk: { kty: 'OKP', crv: 'Ed25519', x: x! } },
    mint({ identity, audience, caller, credential }, now) {
      const current = Math.floor(now / 60_000)
      if (current !== minute || cached >= maxCached) {
        minute = current
        cache = new Map()
        cached = 0
      }
      const { organization, environment, actor, run, card, user } = identity
      const plain = `${credential ?? ''} ${organization} ${environment} ${actor}`
      // These may hold any character, and most calls have none of them.
      const hasMore = caller !== null || run !== undefined || card !== undefined || user !== undefined
      const name = hasMore ? `${plain} ${JSON.stringify([caller, run, card, user])}` : plain
      let ofAudience = cache.get(audience)
      if (ofAudience === undefined) cache.set(audience, (ofAudience = new Map()))
      const known = ofAudience.get(name)
      if (known !== undefined) return known
      const iat = Math.floor(now / 1000)
      const claims = { ...identity, iss: trust, aud: audience, iat, exp: iat + maxIdentityLifeS }
      const token = signIdentity(caller === null ? claims : { ...claims, service: caller }, {
        kid,
        privateKey,
      })
      ofAudience.set(name, token)
      cached += 1
      return token
    },
  }
}
