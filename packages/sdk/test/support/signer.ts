import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { signIdentity, type IdentityClaims, type PublicKey, type Trust } from '../../src/wire.ts'
import type { Keys } from '../../src/types.ts'

/** A gateway or a relay as far as signing goes: one key pair, and identities signed with it. */
export interface Signer {
  kid: string
  privateKey: KeyObject
  publicKey: PublicKey
  sign(claims?: Partial<IdentityClaims>): string
}

export function createSigner(kid: string, trust: Trust, audience = 'shop'): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const { x } = publicKey.export({ format: 'jwk' }) as { x: string }
  return {
    kid,
    privateKey,
    publicKey: { kid, trust, jwk: { kty: 'OKP', crv: 'Ed25519', x } },
    sign(claims = {}) {
      const iat = claims.iat ?? Math.floor(Date.now() / 1000)
      const base: IdentityClaims = {
        organization: 'harbor',
        environment: 'production',
        actor: 'customer',
        iss: trust,
        aud: audience,
        iat,
        exp: iat + 60,
      }
      return signIdentity({ ...base, ...claims }, { kid, privateKey })
    },
  }
}

/** Keys that are just there. */
export function keysOf(...signers: Signer[]): Keys {
  const known = new Map(signers.map(({ publicKey }) => [publicKey.kid, publicKey]))
  return { find: (kid) => Promise.resolve(known.get(kid)), close: () => {} }
}
