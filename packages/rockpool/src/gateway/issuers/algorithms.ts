import { constants, verify } from 'node:crypto'
import type { KeyObject, VerifyKeyObjectInput } from 'node:crypto'
import type { SignatureAlgorithm } from '../../kernel/index.ts'
import type { IssuerKey } from './types.ts'

interface Algorithm {
  /** Null: the algorithm has a hash of its own (RFC 8037 3.1). */
  hash: 'sha256' | 'sha384' | 'sha512' | null
  /** The keys it may be used with: the key decides what is verified, never the token alone (RFC 8725 3.1). */
  kty: IssuerKey['kty']
  curves: readonly string[]
  how: Omit<VerifyKeyObjectInput, 'key'>
}

// RFC 7518 3.3
const pkcs1 = { padding: constants.RSA_PKCS1_PADDING }
// RFC 7518 3.5: the salt is as long as the hash; MGF1 uses the same hash, which is OpenSSL's way too.
const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
// RFC 7518 3.4: R and S side by side, not in DER.
const ecdsa = { dsaEncoding: 'ieee-p1363' } as const

const algorithms: Record<SignatureAlgorithm, Algorithm> = {
  RS256: { hash: 'sha256', kty: 'RSA', curves: [], how: pkcs1 },
  RS384: { hash: 'sha384', kty: 'RSA', curves: [], how: pkcs1 },
  RS512: { hash: 'sha512', kty: 'RSA', curves: [], how: pkcs1 },
  PS256: { hash: 'sha256', kty: 'RSA', curves: [], how: pss },
  PS384: { hash: 'sha384', kty: 'RSA', curves: [], how: pss },
  PS512: { hash: 'sha512', kty: 'RSA', curves: [], how: pss },
  ES256: { hash: 'sha256', kty: 'EC', curves: ['P-256'], how: ecdsa },
  ES384: { hash: 'sha384', kty: 'EC', curves: ['P-384'], how: ecdsa },
  ES512: { hash: 'sha512', kty: 'EC', curves: ['P-521'], how: ecdsa },
  EdDSA: { hash: null, kty: 'OKP', curves: ['Ed25519', 'Ed448'], how: {} },
}

/** Whether a key is for this algorithm: by its type, its curve, and what its issuer says of it. */
export function fits(algorithm: SignatureAlgorithm, key: IssuerKey): boolean {
  const { kty, curves } = algorithms[algorithm]
  if (key.kty !== kty || (key.alg !== null && key.alg !== algorithm)) return false
  return key.kty === 'RSA' || curves.includes(key.crv)
}

/** Whether the signature is the key's. Never throws. */
export function isSignedBy(
  algorithm: SignatureAlgorithm,
  key: KeyObject,
  signed: string,
  signature: Uint8Array,
): boolean {
  const { hash, how } = algorithms[algorithm]
  try {
    return verify(hash, Buffer.from(signed, 'latin1'), { key, ...how }, signature)
  } catch {
    return false
  }
}
