import { createPublicKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import { signatureAlgorithms } from '../../kernel/index.ts'
import type { IssuerKey } from './types.ts'

export const maxKeys = 50

const base64url = z.string().regex(/^[A-Za-z0-9_-]{1,1500}$/)
const kid = z.string().min(1).max(500).nullable()
const alg = z.enum(signatureAlgorithms).nullable()

/** Strict: a private member (`d`, `p`, …) has no place in it. */
export const issuerKeySchema = z.union([
  z.strictObject({ kid, alg, kty: z.literal('RSA'), n: base64url, e: base64url }),
  z.strictObject({
    kid,
    alg,
    kty: z.literal('EC'),
    crv: z.enum(['P-256', 'P-384', 'P-521']),
    x: base64url,
    y: base64url,
  }),
  z.strictObject({ kid, alg, kty: z.literal('OKP'), crv: z.enum(['Ed25519', 'Ed448']), x: base64url }),
])

/** The members that a public key has (RFC 7518 6, RFC 8037 2). */
const publicMembers = { RSA: ['n', 'e'], EC: ['crv', 'x', 'y'], OKP: ['crv', 'x'] } as const
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

export type JwksReading =
  /** `notes`: what was passed over or taken out, for people. */
  { ok: true; keys: IssuerKey[]; notes: string[] } | { ok: false; detail: string }

/**
 * The keys of a JWK set (RFC 7517 5) that can verify a token, their public members alone. Keys for something else and
 * keys that are not understood are passed over, as the RFC asks. A set without any such key is none. Pure.
 */
export function readJwks(document: unknown): JwksReading {
  const list = (document as { keys?: unknown } | null)?.keys
  if (!Array.isArray(list)) return { ok: false, detail: 'it is no JWK set: it has no list “keys”' }
  if (list.length > maxKeys) return { ok: false, detail: `it has more than ${maxKeys} keys` }
  const keys: IssuerKey[] = []
  const notes: string[] = []
  for (const [index, entry] of list.entries()) {
    const reading = readKey(entry)
    const twice = typeof reading !== 'string' && keys.some((key) => isSame(key, reading.key))
    if (typeof reading === 'string') notes.push(`key ${index} is passed over: ${reading}`)
    else if (twice) notes.push(`key ${index} is passed over: another has its kid`)
    else keys.push(reading.key)
    if (typeof reading !== 'string' && reading.isPrivate)
      notes.push(`key ${index} is published with its private half: whoever reads it can sign`)
  }
  if (keys.length === 0)
    return { ok: false, detail: ['it has no key that verifies tokens', ...notes.slice(0, 3)].join('; ') }
  return { ok: true, keys, notes }
}

/** A key that can be verified with; undefined where it is none, or is too weak to prove anything. */
export function toKeyObject(key: IssuerKey): KeyObject | undefined {
  const { kid: _, alg: __, ...jwk } = key
  try {
    const made = createPublicKey({ key: jwk, format: 'jwk' })
    const { modulusLength = 0, publicExponent = 0n } = made.asymmetricKeyDetails ?? {}
    // RFC 7518 3.3: 2048 bits or more. Upwards it is our time that has to be bounded.
    const isSound = modulusLength >= 2048 && modulusLength <= 8192 && publicExponent >= 3n
    return key.kty !== 'RSA' || (isSound && publicExponent < 1n << 32n) ? made : undefined
  } catch {
    return undefined
  }
}

/** A text: why it is passed over. */
function readKey(entry: unknown): { key: IssuerKey; isPrivate: boolean } | string {
  if (typeof entry !== 'object' || entry === null) return 'it is no object'
  const jwk = entry as Record<string, unknown>
  const { kty, use, key_ops: operations } = jwk
  if (kty !== 'RSA' && kty !== 'EC' && kty !== 'OKP') return 'its type (kty) is not RSA, EC or OKP'
  if (use !== undefined && use !== 'sig') return 'it is not for signatures (use)'
  if (Array.isArray(operations) && !operations.includes('verify')) return 'it is not for verifying (key_ops)'
  const parsed = issuerKeySchema.safeParse({
    kid: jwk['kid'] ?? null,
    alg: jwk['alg'] ?? null,
    kty,
    ...Object.fromEntries(publicMembers[kty].map((name) => [name, jwk[name]])),
  })
  if (!parsed.success) return 'its algorithm, curve, kid or numbers are not such as we verify with'
  if (toKeyObject(parsed.data) === undefined)
    return 'it is no valid public key, or an RSA key of other than 2048 to 8192 bits'
  return { key: parsed.data, isPrivate: privateMembers.some((name) => name in jwk) }
}

/** RFC 7517 4.5: keys of different types may share a kid. */
function isSame(one: IssuerKey, other: IssuerKey): boolean {
  return one.kid !== null && one.kid === other.kid && one.kty === other.kty
}
