import type { KeyObject } from 'node:crypto'
import { isUser } from '@rockpool/sdk/wire'
import { fits, isSignedBy } from './algorithms.ts'
import { memberOf } from './json.ts'
import { readToken } from './token.ts'
import type { Token } from './token.ts'
import type { EndUser, IssuerKey, SnapshotIssuer, TokenFault, TokenVerdict } from './types.ts'

/** An issuer with its keys ready for use. */
export interface OpenIssuer {
  entry: SnapshotIssuer
  keys: readonly { key: IssuerKey; object: KeyObject }[]
}

/** Seconds since the epoch, as the token says them. */
export interface TokenTimes {
  exp: number
  nbf: number | null
  iat: number | null
}

type Refused = Extract<TokenVerdict, { kind: 'refused' }>

/** What a token proves whenever it is read; `judgeTimes` says whether it counts now. */
export type Proof =
  | Exclude<TokenVerdict, { kind: 'verified' }>
  | { kind: 'proven'; user: EndUser; times: TokenTimes }

const slug = /^[a-z0-9][a-z0-9-]{0,99}$/

/**
 * Verifies a token by the issuers there are (by `iss`), as RFC 8725 asks: the key by its id among those that the issuer
 * publishes, the algorithm by the issuer's list and the key's type, the signature, and only then what it says. Pure.
 */
export function proveToken(issuers: ReadonlyMap<string, OpenIssuer>, text: string): Proof {
  const reading = readToken(text)
  if (reading.kind === 'none') return { kind: 'foreign' }
  const issuer = issuers.get(reading.kind === 'token' ? reading.token.iss : reading.iss)
  if (issuer === undefined) return { kind: 'foreign' }
  const refused = (fault: TokenFault, detail: string): Refused => ({
    kind: 'refused',
    issuer: issuer.entry,
    fault,
    detail,
  })
  if (reading.kind === 'bad') return refused('token_malformed', reading.detail)
  const { token } = reading
  const { alg } = token
  const { algorithms } = issuer.entry
  if (!isAmong(alg, algorithms))
    return refused('token_algorithm', `its algorithm is none of ${algorithms.join(', ')}`)
  if (issuer.keys.length === 0)
    return refused('keys_unread', `the keys of ${issuer.entry.name} could not be read yet`)
  const candidates = keysFor(token, issuer)
  if (typeof candidates === 'string') return refused('token_key_unknown', candidates)
  const key = candidates.find((one) => fits(alg, one.key))
  if (key === undefined) return refused('token_algorithm', 'its algorithm is not for the key that it names')
  if (!isSignedBy(alg, key.object, token.signed, token.signature))
    return refused('token_forged', 'its signature is not that of the key that it names')
  return proveClaims(token, issuer.entry, issuers, refused)
}

/** Whether what was proven counts now; `now` in milliseconds. RFC 7519 4.1.4 to 4.1.6, with the issuer's skew. */
export function judgeTimes(proof: Proof, now: number): TokenVerdict {
  if (proof.kind !== 'proven') return proof
  const { user, times } = proof
  const { issuer } = user
  const refused = (fault: TokenFault, detail: string): Refused => ({ kind: 'refused', issuer, fault, detail })
  const nowS = now / 1000
  if (nowS >= times.exp + issuer.clockSkewS) return refused('token_expired', 'it has expired')
  if (nowS < (times.nbf ?? 0) - issuer.clockSkewS)
    return refused('token_not_yet', 'it does not count yet (nbf)')
  if (nowS < (times.iat ?? 0) - issuer.clockSkewS)
    return refused('token_not_yet', 'it was issued in the future (iat)')
  return { kind: 'verified', user }
}

/** RFC 7515 4.1.4 leaves kid out where there is one key only. A text: why there is none. */
function keysFor({ kid }: Token, { keys }: OpenIssuer): OpenIssuer['keys'] | string {
  if (kid === null) return keys.length === 1 ? keys : 'it names no key (kid), and its issuer has several'
  const named = keys.filter(({ key }) => key.kid === kid)
  return named.length > 0 ? named : 'its issuer publishes no key with its kid'
}

function proveClaims(
  { claims }: Token,
  issuer: SnapshotIssuer,
  issuers: ReadonlyMap<string, OpenIssuer>,
  refused: (fault: TokenFault, detail: string) => Refused,
): Proof {
  const [aud, exp, nbf, iat] = ['aud', 'exp', 'nbf', 'iat'].map((name) => memberOf(claims, name))
  if (!(Array.isArray(aud) ? aud : [aud]).some((one) => isAmong(one, issuer.audience)))
    return refused('token_wrong_audience', 'it is meant for another audience (aud)')
  if (!isTime(exp)) return refused('token_malformed', 'it has no end (exp)')
  if ((nbf !== undefined && !isTime(nbf)) || (iat !== undefined && !isTime(iat)))
    return refused('token_malformed', 'its nbf or iat is no time')
  const subject = memberOf(claims, issuer.subject)
  const user = typeof subject === 'string' && subject !== '' ? issuer.prefix + subject : undefined
  if (!isUser(user) || isOfAnother(user, issuer, issuers))
    return refused('token_without_user', `its claim “${issuer.subject}” names no user`)
  const organization =
    'slug' in issuer.organization ? issuer.organization.slug : memberOf(claims, issuer.organization.claim)
  if (typeof organization !== 'string' || !slug.test(organization))
    return refused('token_without_organization', 'it names no organization')
  const times = { exp, nbf: nbf ?? null, iat: iat ?? null }
  return { kind: 'proven', user: { issuer, organization, user }, times }
}

/** A subject that looks as if another issuer had given it, with its prefix, is nobody's. */
function isOfAnother(user: string, own: SnapshotIssuer, issuers: ReadonlyMap<string, OpenIssuer>): boolean {
  for (const { entry } of issuers.values())
    if (entry.prefix.length > own.prefix.length && user.startsWith(entry.prefix)) return true
  return false
}

function isAmong<T extends string>(value: unknown, list: readonly T[]): value is T {
  return typeof value === 'string' && (list as readonly string[]).includes(value)
}

/** RFC 7519 2, NumericDate: seconds, whole or not. */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}
