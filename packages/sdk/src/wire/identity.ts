import { createPublicKey, sign, verify, type KeyObject } from 'node:crypto'
import { maxIdentityBytes, maxIdentityLifeS } from './names.ts'
import {
  actors,
  environments,
  type Identity,
  type IdentityClaims,
  type PublicKey,
  type Trust,
} from './types.ts'

// A signed identity is a compact JWS (RFC 7515) with EdDSA over Ed25519 (RFC 8037):
//
//   base64url({"alg":"EdDSA","typ":"rockpool-identity+jwt","kid":…}) . base64url(claims) . base64url(signature)
//
// The reader accepts exactly this and nothing else that JOSE allows: no other algorithm, no `crit`, no key in the
// header, no padding. Signature first, then meaning: nothing in an unsigned token is believed, not even for an error.

const tokenType = 'rockpool-identity+jwt'
const clockSkewDefaultS = 5
const slugPattern = /^[a-z0-9][a-z0-9-]{0,99}$/
const namePattern = /^[\x21-\x7e]{1,200}$/
// A subject is a text of its issuer's own (RFC 7519 4.1.2): any characters, but no control characters and no half ones.
const userPattern = /^[^\p{Cc}\p{Cs}]{1,255}$/u

export type IdentityRefusal =
  | 'identity_malformed'
  | 'identity_unknown_key'
  | 'identity_forged'
  | 'identity_expired'
  | 'identity_wrong_audience'
  | 'identity_wrong_trust'

export type IdentityReading =
  | { ok: true; claims: IdentityClaims }
  | { ok: false; code: IdentityRefusal; detail: string }

export interface ReadIdentityOptions {
  /** The service that reads: the token's `aud` must be this. */
  audience: string
  /** Whose signature counts here. */
  trust: readonly Trust[]
  /** The key by its id, from the JWKS. */
  key: (kid: string) => PublicKey | undefined
  /** Milliseconds since the epoch. */
  now: number
  /** Allowed difference of clocks in seconds; 5 by default. */
  clockSkewS?: number
  /** Accept a token that expired at most this many seconds ago: a stored identity. */
  storedForS?: number
}

/**
 * Sign an identity for one audience.
 * @throws TypeError if the claims are not such as `readIdentity` accepts (a signer's bug, not a caller's)
 */
export function signIdentity(claims: IdentityClaims, key: { kid: string; privateKey: KeyObject }): string {
  const fault = claimsFault(claims)
  if (fault) throw new TypeError(`cannot sign this identity: ${fault}`)
  const header = encode({ alg: 'EdDSA', typ: tokenType, kid: key.kid })
  const signed = `${header}.${encode(claims)}`
  const token = `${signed}.${sign(null, Buffer.from(signed), key.privateKey).toString('base64url')}`
  if (token.length > maxIdentityBytes)
    throw new TypeError(`cannot sign this identity: larger than ${maxIdentityBytes} bytes`)
  return token
}

/** Verify a signed identity. Pure: the keys and the time come with the options; never throws on any input. */
export function readIdentity(token: string, options: ReadIdentityOptions): IdentityReading {
  if (token.length > maxIdentityBytes)
    return refuse('identity_malformed', `larger than ${maxIdentityBytes} bytes`)
  const [header, payload, signature, ...rest] = token.split('.')
  if (!header || !payload || !signature || rest.length > 0)
    return refuse('identity_malformed', 'not a compact JWS of three parts')
  const head = decode(header)
  const headFault = headerFault(head)
  if (headFault) return refuse('identity_malformed', headFault)

  const { kid } = head as { kid: string }
  const key = options.key(kid)
  const publicKey = key && keyObject(key)
  if (!key || !publicKey) return refuse('identity_unknown_key', `no key ${kid} is registered`)
  const bytes = decodeBytes(signature)
  if (!bytes || !verify(null, Buffer.from(`${header}.${payload}`), publicKey, bytes))
    return refuse('identity_forged', `the signature was not made by key ${kid}`)

  const claims = decode(payload)
  const fault = claimsFault(claims)
  if (fault) return refuse('identity_malformed', fault)
  return judge(claims as IdentityClaims, key, options)
}

function judge(claims: IdentityClaims, key: PublicKey, options: ReadIdentityOptions): IdentityReading {
  if (claims.iss !== key.trust || !options.trust.includes(key.trust))
    return refuse(
      'identity_wrong_trust',
      `signed by a ${key.trust} as ${claims.iss}; accepted here: ${options.trust.join(', ')}`,
    )
  if (claims.aud !== options.audience)
    return refuse('identity_wrong_audience', `minted for ${claims.aud}, presented to ${options.audience}`)
  const nowS = options.now / 1000
  const skewS = options.clockSkewS ?? clockSkewDefaultS
  if (claims.iat > nowS + skewS) return refuse('identity_expired', 'issued in the future: the clocks differ')
  if (nowS >= claims.exp + Math.max(skewS, options.storedForS ?? 0))
    return refuse('identity_expired', `expired at ${new Date(claims.exp * 1000).toISOString()}`)
  return { ok: true, claims }
}

function headerFault(head: unknown): string | undefined {
  if (!isRecord(head)) return 'the header is not a JSON object in base64url'
  if (head['alg'] !== 'EdDSA') return 'the algorithm must be EdDSA'
  if (head['typ'] !== tokenType) return `the type must be ${tokenType}`
  if (typeof head['kid'] !== 'string' || !namePattern.test(head['kid'])) return 'the header has no key id'
  if (Object.keys(head).length !== 3) return 'the header may have alg, typ and kid only'
  return undefined
}

/** Whether a value is a plain identity, as stored with a job or an event. */
export function isIdentity(value: unknown): value is Identity {
  return isRecord(value) && identityFault(value) === undefined
}

function claimsFault(claims: unknown): string | undefined {
  if (!isRecord(claims)) return 'the claims are not a JSON object in base64url'
  const { iss, aud, iat, exp } = claims
  if (iss !== 'gateway' && iss !== 'relay') return 'iss must be gateway or relay'
  if (typeof aud !== 'string' || !namePattern.test(aud)) return 'aud must be the name of one service'
  if (!Number.isSafeInteger(iat) || !Number.isSafeInteger(exp)) return 'iat and exp must be whole seconds'
  const lifeS = (exp as number) - (iat as number)
  if (lifeS <= 0 || lifeS > maxIdentityLifeS) return `exp must be at most ${maxIdentityLifeS} s after iat`
  for (const name of ['card', 'user'] as const)
    if (iss === 'relay' && claims[name] !== undefined) return `a relay never knows a ${name}`
  for (const name of ['service', 'event'] as const)
    if (claims[name] !== undefined && !isName(claims[name])) return `${name} must be a name`
  return identityFault(claims)
}

function identityFault(value: Record<string, unknown>): string | undefined {
  const { organization, environment, actor, run, card, user } = value
  if (typeof organization !== 'string' || !slugPattern.test(organization))
    return 'organization must be a slug'
  if (!(environments as readonly unknown[]).includes(environment))
    return 'environment must be production or sandbox'
  if (!(actors as readonly unknown[]).includes(actor)) return `actor must be one of ${actors.join(', ')}`
  if (run !== undefined && !isName(run)) return 'run must be an id'
  if (card !== undefined && !(isName(card) && actor === 'bot')) return 'card must be a token, and of a bot'
  if (user !== undefined && !(isUser(user) && actor === 'customer'))
    return 'user must be a text of at most 255 characters, and of a customer'
  return undefined
}

/** Whether a value can name an end user in an identity. */
export function isUser(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 255 && userPattern.test(value)
}

const isName = (value: unknown): boolean => typeof value === 'string' && namePattern.test(value)

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function refuse(code: IdentityRefusal, detail: string): IdentityReading {
  return { ok: false, code, detail }
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

/** Node decodes base64url leniently; re-encoding it makes the one accepted spelling unique. */
function decodeBytes(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? bytes : undefined
}

function decode(text: string): unknown {
  const bytes = decodeBytes(text)
  if (!bytes) return undefined
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}

// Parsing a key costs as much as verifying with it; a key's object lives as long as the key it was made from.
const keyObjects = new WeakMap<PublicKey, KeyObject>()

function keyObject(key: PublicKey): KeyObject | undefined {
  const known = keyObjects.get(key)
  if (known) return known
  try {
    const made = createPublicKey({ key: { ...key.jwk }, format: 'jwk' })
    if (made.asymmetricKeyType !== 'ed25519') return undefined
    keyObjects.set(key, made)
    return made
  } catch {
    return undefined
  }
}
