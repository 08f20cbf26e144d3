import type { Identity, Jwks, JwksKey, PublicKey } from './types.ts'

/**
 * Whether a header may be set by Rockpool alone, and so is stripped from what comes from outside.
 * Any letter case; `_` counts as `-`, because CGI-like servers cannot tell them apart.
 */
export function isReservedHeader(name: string): boolean {
  return name.toLowerCase().replaceAll('_', '-').startsWith('rockpool-')
}

/** A W3C `baggage` value without the members that are Rockpool's (keys that start with `rockpool.`, any case). */
export function stripBaggage(value: string): string {
  return value
    .split(',')
    .filter((member) => member.trim() !== '' && !isReservedKey(/^[^=;]*/.exec(member)?.[0] ?? ''))
    .join(',')
    .trim()
}

function isReservedKey(key: string): boolean {
  const plain = key.trim().toLowerCase()
  return plain.startsWith('rockpool.') || decoded(plain).trim().toLowerCase().startsWith('rockpool.')
}

// Keys are tokens and are not percent-decoded by the W3C text, but some readers do it all the same.
function decoded(key: string): string {
  try {
    return decodeURIComponent(key)
  } catch {
    return key
  }
}

/** The mark as `baggage` members, for logs and traces inside; never a source of truth. */
export function identityBaggage(identity: Identity): string {
  const members = [
    `rockpool.organization=${encodeURIComponent(identity.organization)}`,
    `rockpool.environment=${identity.environment}`,
    `rockpool.actor=${identity.actor}`,
  ]
  if (identity.run !== undefined) members.push(`rockpool.run=${encodeURIComponent(identity.run)}`)
  return members.join(',')
}

/** The plain identity within anything that carries one (claims, an event), without the rest. */
export function plainIdentity(from: Identity): Identity {
  const { organization, environment, actor, run, card, user } = from
  return {
    organization,
    environment,
    actor,
    ...(run === undefined ? {} : { run }),
    ...(card === undefined ? {} : { card }),
    ...(user === undefined ? {} : { user }),
  }
}

/** Public keys as a JWKS document. */
export function toJwks(keys: readonly PublicKey[]): Jwks {
  return {
    keys: keys.map(({ kid, trust, jwk }): JwksKey => ({
      kty: jwk.kty,
      crv: jwk.crv,
      x: jwk.x,
      kid,
      use: 'sig',
      alg: 'EdDSA',
      'rockpool:trust': trust,
    })),
  }
}

/** The keys of a JWKS document that are ours to use; others in it are passed over. `undefined` if it is no JWKS. */
export function fromJwks(document: unknown): PublicKey[] | undefined {
  const keys = (document as Partial<Jwks> | null)?.keys
  if (!Array.isArray(keys)) return undefined
  return keys.flatMap((key: Partial<JwksKey> | null): PublicKey[] => {
    const trust = key?.['rockpool:trust']
    if (key?.kty !== 'OKP' || key.crv !== 'Ed25519') return []
    if (typeof key.x !== 'string' || typeof key.kid !== 'string') return []
    if (trust !== 'gateway' && trust !== 'relay') return []
    return [{ kid: key.kid, trust, jwk: { kty: 'OKP', crv: 'Ed25519', x: key.x } }]
  })
}
