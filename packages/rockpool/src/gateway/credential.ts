import { parseCredential, sha256Hex } from '../kernel/index.ts'
import type { CredentialKind } from '../kernel/index.ts'
import { readShown } from './authorization.ts'
import { cookieValues, sessionCookie } from './cookies.ts'
import { memoOf, refuse, valuesOf } from './ground.ts'
import type { Ground, Known, Refusal, RequestHead, Via } from './ground.ts'
import type { Shown, ShownKey } from './header-memo.ts'
import type { TokenVerdict } from './issuers/types.ts'
import { isSameOrigin } from './same-origin.ts'
import type { EndUser, Route, SnapshotCredential } from './types.ts'

/** A credential of ours; or an end user, by a token of the users' own issuer. */
export type Found =
  | { kind: 'credential'; credential: SnapshotCredential; via: Via }
  | { kind: 'user'; user: EndUser }

/**
 * What counts: the credential or the token of a header, else a browser's session. Null where none counts and the route
 * needs none. A session beside what counts in a header is ignored. Notes in `known` a token whose key is not known.
 */
export function findCredential(
  ground: Ground,
  head: RequestHead,
  route: Route,
  known: Known,
  now: number,
): Found | null {
  const shown = shownIn(head)
  if (shown.kind === 'malformed') throw refuse('credential_unknown', shown.detail)
  const user = findUser(ground, shown, route, known, now)
  if (user !== null) return { kind: 'user', user }
  if (shown.kind === 'credential')
    return { kind: 'credential', credential: lookUp(ground, keyOf(shown), now), via: shown.via }
  const session = findSession(ground, head, route, known, now)
  if (session !== null) return { kind: 'credential', credential: session, via: 'cookie' }
  if (route.anonymous) return null
  if (shown.kind === 'foreign') throw notOurs()
  throw refuse(
    'credential_missing',
    'show a key: “Authorization: Bearer rp_…”, “Rockpool-Credential: rp_…”, or Basic with the key as user name and no password',
  )
}

/**
 * Null: nobody's token who is configured here, which is the service's own matter. So is one that does not count where the
 * route needs none: public pages stay public for whoever's sign-in is over, and what a service reads by itself goes on.
 */
function findUser(ground: Ground, shown: Shown, route: Route, known: Known, now: number): EndUser | null {
  if (!('token' in shown) || shown.token === undefined) return null
  const verdict = ground.directory.issuers.judge(shown.token, now)
  if (verdict.kind === 'foreign') return null
  requireFresh(ground, ground.cutOff.keyMs, now, 'tokens of end users')
  if (verdict.kind === 'verified') return verdict.user
  if (verdict.fault === 'token_key_unknown') known.unknownKeyOf = verdict.issuer.issuer
  if (route.anonymous) return null
  throw refusedToken(verdict)
}

function refusedToken({ issuer, fault, detail }: Extract<TokenVerdict, { kind: 'refused' }>): Refusal {
  if (fault === 'keys_unread') return refuse('token_unjudged', detail)
  if (fault === 'token_without_organization')
    return refuse('organization_not_allowed', `the token: ${detail}`)
  return refuse('token_refused', `the token of ${issuer.name}: ${detail}`, { reason: fault })
}

function shownIn(head: RequestHead): Shown {
  const memo = memoOf(head)
  if (memo?.shown !== undefined) return memo.shown
  const shown = readShown(valuesOf(head, 'authorization'), valuesOf(head, 'rockpool-credential'))
  if (memo !== undefined) memo.shown = shown
  return shown
}

function keyOf(shown: Extract<Shown, { kind: 'credential' }>): ShownKey {
  return (shown.key ??= { kind: parseCredential(shown.text)?.kind, sha256: sha256Hex(shown.text) })
}

function lookUp(ground: Ground, { kind, sha256 }: ShownKey, now: number): SnapshotCredential {
  if (kind === undefined) throw notOurs()
  if (kind === 'control')
    throw refuse(
      'credential_unknown',
      'a control credential is for the control API; it never opens a service',
    )
  if (kind === 'session')
    throw refuse('credential_unknown', 'a session counts in the cookie of its browser only')
  // Before the look-up: a run's credential made after the cut is not unknown, it cannot be known.
  requireFreshFor(kind, ground, now)
  const credential = ground.directory.credentials.get(sha256)
  if (credential === undefined || credential.kind !== kind)
    throw refuse('credential_unknown', 'there is no such credential, or it was revoked')
  return credential
}

/** A session that does not count leaves its browser anonymous where that will do, and is refused elsewhere. */
function findSession(
  ground: Ground,
  head: RequestHead,
  route: Route,
  known: Known,
  now: number,
): SnapshotCredential | null {
  const [text, ...more] = cookieValues(valuesOf(head, 'cookie'), sessionCookie)
  if (text === undefined) return null
  const none = (why: Refusal) => {
    if (route.anonymous) return null
    throw why
  }
  // Another page of the same host may have set the second one: neither is believed.
  if (more.length > 0) return none(refuse('credential_unknown', 'the browser shows more than one session'))
  if (parseCredential(text)?.kind !== 'session') return none(notOurs())
  const session = ground.directory.credentials.get(sha256Hex(text))
  // It may be a run's that cannot be known any more, and nobody else's call.
  if (session === undefined || session.run !== null) requireFreshRuns(ground, now)
  else requireFresh(ground, ground.cutOff.keyMs, now, 'sessions')
  if (session?.kind !== 'session')
    return none(refuse('credential_unknown', 'there is no such session, or it was revoked: sign in again'))
  if (Date.parse(session.endsAt!) <= now)
    return none(refuse('credential_ended', `the session ended at ${session.endsAt}: sign in again`))
  if (known.writes && !isSameOrigin(head, ground.secure))
    throw refuse(
      'origin_refused',
      'by a session’s cookie only pages of this origin may change something: Origin and Sec-Fetch-Site do not say that this is one',
    )
  return session
}

/** For a credential of this kind, shown in a header. */
export function requireFreshFor(kind: CredentialKind, ground: Ground, now: number): void {
  if (kind === 'run') requireFreshRuns(ground, now)
  else requireFresh(ground, ground.cutOff.keyMs, now, 'keys')
}

/** For all that acts for a run: fail closed. */
export function requireFreshRuns(ground: Ground, now: number): void {
  requireFresh(ground, ground.cutOff.runMs, now, 'runs')
}

/** `gateway_cut_off` when control has not vouched for what is known for longer than this. */
export function requireFresh(ground: Ground, limitMs: number, now: number, what: string): void {
  const age = now - ground.asOf
  if (age <= limitMs) return
  const detail = `this gateway has not heard from control for ${Math.floor(age / 1000)} s, and serves ${what} for ${limitMs / 1000} s at most`
  throw refuse('gateway_cut_off', detail)
}

function notOurs(): Refusal {
  return refuse(
    'credential_unknown',
    'this is not a credential of Rockpool: its form or its checksum is wrong',
  )
}
