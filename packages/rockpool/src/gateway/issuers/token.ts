import { memberOf, readJsonObject } from './json.ts'

/** A larger token is not looked at. */
export const maxTokenBytes = 8 * 1024

const maxKidLength = 500

/** A token as it is written; nothing of it is proven. */
export interface Token {
  alg: string
  kid: string | null
  iss: string
  claims: Readonly<Record<string, unknown>>
  /** What the signature is over. */
  signed: string
  signature: Buffer
}

/** `none`: nothing that names an issuer. `bad`: it names one, and is not as it must be. */
export type TokenReading =
  | { kind: 'none' }
  | { kind: 'bad'; iss: string; detail: string }
  | { kind: 'token'; token: Token }

/**
 * Reads the form of a compact JWS (RFC 7515 7.1) that holds claims (RFC 7519), in the one spelling that base64url has.
 * Pure; never throws. Of the header, `alg`, `kid`, `typ` and `crit` are read: keys and addresses of keys in it (`jwk`,
 * `jku`, `x5c`, `x5u`) are what an attacker would write, and nobody here looks at them (RFC 8725 3.10).
 */
export function readToken(text: string): TokenReading {
  if (text.length > maxTokenBytes) return { kind: 'none' }
  const [head = '', payload = '', tail = '', ...more] = text.split('.')
  if (more.length > 0) return { kind: 'none' }
  const claims = readPart(payload)
  const iss = claims.ok ? memberOf(claims.value, 'iss') : undefined
  if (!claims.ok || typeof iss !== 'string') return { kind: 'none' }
  const bad = (detail: string): TokenReading => ({ kind: 'bad', iss, detail })
  const header = readPart(head)
  if (!header.ok) return bad(`its header: ${header.detail}`)
  const fault = headerFault(header.value)
  if (fault !== undefined) return bad(fault)
  const signature = decode(tail)
  if (signature === undefined) return bad('its signature is not base64url')
  const { alg, kid } = header.value as { alg: string; kid?: string }
  const token = { alg, kid: kid ?? null, iss, claims: claims.value, signed: `${head}.${payload}`, signature }
  return { kind: 'token', token }
}

function headerFault(header: Readonly<Record<string, unknown>>): string | undefined {
  const [alg, kid, typ] = ['alg', 'kid', 'typ'].map((name) => memberOf(header, name))
  if (typeof alg !== 'string') return 'its header names no algorithm'
  if (kid !== undefined && (typeof kid !== 'string' || kid.length > maxKidLength))
    return 'its header’s kid is no key id'
  // RFC 7515 4.1.11: an extension that is not understood must be refused, and none is.
  if (memberOf(header, 'crit') !== undefined) return 'its header has extensions (crit)'
  // RFC 8725 3.11: tokens of other kinds (a logout, a proof) are of the same issuer, and are no access. RFC 9068: at+jwt.
  if (typ !== undefined && !(typeof typ === 'string' && /^(application\/)?(at\+)?jwt$/i.test(typ)))
    return 'its type (typ) is neither JWT nor at+jwt'
  return undefined
}

function readPart(text: string) {
  const bytes = decode(text)
  return bytes === undefined ? ({ ok: false, detail: 'not base64url' } as const) : readJsonObject(bytes)
}

/** Node reads base64url leniently; writing it again finds every other spelling. */
function decode(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url')
  return text !== '' && bytes.toString('base64url') === text ? bytes : undefined
}
