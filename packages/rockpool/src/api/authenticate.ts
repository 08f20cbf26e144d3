import { createHash, timingSafeEqual } from 'node:crypto'
import { problem, scopes, type Caller, type Clock, type Log, type Operation } from '../kernel/index.ts'
import { credentialState, type Credential, type Organizations } from '../organizations/index.ts'
import { checkOrigin } from './origins.ts'
import { sessionCookie, sessionKeyHeader } from './session/cookie.ts'
import { joinCredential } from './session/shares.ts'

/** The text after `Bearer`; `credential_missing` without one. */
export function bearerToken(header: string | undefined): string {
  const token = /^bearer +([\x21-\x7e]{1,512}) *$/i.exec(header ?? '')?.[1]
  if (!token)
    throw problem(
      'credential_missing',
      'send a control credential as “Authorization: Bearer rp_control_…” (rockpool login)',
    )
  return token
}

/**
 * The credential's text: from the Authorization header; without one, put together from a browser's two shares, when the
 * request comes from a page of ours.
 */
function shownText(headers: Headers, method: string, origins: readonly string[]): string {
  const cookie = sessionCookie(headers)
  const key = headers.get(sessionKeyHeader)
  const isBrowser = cookie !== undefined || key !== null
  if (headers.has('authorization') || !isBrowser)
    return bearerToken(headers.get('authorization') ?? undefined)
  checkOrigin(headers, method, origins)
  const text = cookie && key ? joinCredential({ cookie, key }) : undefined
  if (text) return text
  throw problem('credential_missing', 'this browser is not signed in: rockpool login --browser makes a link')
}

/** Who calls, and that it may call this operation; refusals as `credential_*`, `scope_missing`, `organization_not_allowed`. */
export function createAuthenticator({
  organizations,
  clock,
  log,
  origins,
}: {
  organizations: Organizations
  clock: Clock
  log: Log
  /** Those under which control is reached by configuration. */
  origins: readonly string[]
}) {
  const noteUse = createUseNote({ organizations, clock, log })

  return async (headers: Headers, operation: Operation): Promise<Caller> => {
    const credential = await organizations.findCredential(shownText(headers, operation.method, origins))
    if (!credential) throw problem('credential_unknown', 'this credential is not known here')
    const state = credentialState(credential, clock.now())
    if (state !== 'active')
      throw problem(
        'credential_ended',
        state === 'revoked' ? 'this credential is revoked' : 'this credential has ended: log in anew',
      )
    const caller = callerOf(credential)
    checkCaller(caller, credential, operation)
    noteUse(credential)
    return caller
  }
}

/** Pure. */
export function callerOf(credential: Credential): Caller | undefined {
  const { id, kind, member, organization, allows, environment, run } = credential
  if (kind === 'control') {
    const held = scopes.filter((scope) => credential.scopes.includes(scope))
    return { kind: 'control', credential: id, organization, member, scopes: held }
  }
  if (kind === 'sandbox' && 'sandboxesOf' in allows) {
    return {
      kind: 'parent-key',
      credential: id,
      organization: allows.sandboxesOf,
      member: null,
      scopes: ['read', 'write'],
    }
  }
  // Of a run in production there is nobody here.
  if (kind === 'run' && environment === 'sandbox' && run !== null && 'organization' in allows) {
    return { kind: 'run', credential: id, organization: allows.organization, member: null, run, scopes: [] }
  }
  return undefined
}

/** Pure. */
function checkCaller(
  caller: Caller | undefined,
  { kind, scopes: held }: Credential,
  operation: Operation,
): asserts caller is Caller {
  if (!caller || (caller.kind === 'run' && operation.runScope === undefined))
    throw problem(
      'scope_missing',
      `a ${kind} credential is for the gateway; the control API takes control credentials`,
    )
  if (caller.kind === 'run') {
    if (!held.includes(operation.runScope!))
      throw problem('scope_missing', `this run’s credential does not have the scope “${operation.runScope}”`)
    return
  }
  if (caller.kind === 'parent-key' && !operation.parentKey) {
    throw problem('scope_missing', 'a sandbox key may only create, list and delete sandboxes here')
  }
  if (operation.scope !== 'public' && !caller.scopes.includes(operation.scope)) {
    throw problem(
      'scope_missing',
      `this needs the scope “${operation.scope}”; the credential has: ${caller.scopes.join(', ') || 'none'}`,
    )
  }
  if (caller.kind === 'control' && caller.organization !== null && !operation.organizationBound) {
    throw problem(
      'organization_not_allowed',
      `this concerns the whole installation; the credential is bound to “${caller.organization}”`,
    )
  }
}

/** Last use is kept at most once a minute per credential, and never holds up an answer. */
function createUseNote({
  organizations,
  clock,
  log,
}: {
  organizations: Organizations
  clock: Clock
  log: Log
}) {
  return ({ id, lastUsedAt }: Credential): void => {
    const now = clock.now()
    if (lastUsedAt !== null && now - Date.parse(lastUsedAt) < 60_000) return
    organizations.touch(new Map([[id, new Date(now)]])).catch((error: unknown) => {
      log.debug({ error: String(error) }, 'the last use of a credential could not be kept')
    })
  }
}

const digest = (text: string) => createHash('sha256').update(text).digest()

/** The role whose token this is, in constant time; `credential_unknown` when there is none. */
export function roleOf(header: string | undefined, tokens: Readonly<Record<string, string>>): string {
  const shown = digest(bearerToken(header))
  let found: string | undefined
  for (const [role, token] of Object.entries(tokens)) {
    if (timingSafeEqual(shown, digest(token)) && token.length > 0) found = role
  }
  if (found === undefined) throw problem('credential_unknown', 'this role token is not of this installation')
  return found
}
