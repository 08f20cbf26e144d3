import { identityHeader, maxStoredIdentityS, plainIdentity, readIdentity } from '@rockpool/sdk/wire'
import type { Identity } from '@rockpool/sdk/wire'
import { findCredential, requireFresh, requireFreshRuns } from './credential.ts'
import { memoOf, refuse, valuesOf } from './ground.ts'
import type { Ground, Known, Refusal, RequestHead } from './ground.ts'
import { parameterOf } from './router.ts'
import type { Match } from './router.ts'
import { isOf, requireNotEnded, standingOf, takeUp } from './standing.ts'
import type { Allows, EndUser, SnapshotCredential, SnapshotOrganization } from './types.ts'

/** Fills in who acts for whom. Gives the calling service, if one calls. */
export function authorize(
  ground: Ground,
  head: RequestHead,
  match: Match,
  known: Known,
  now: number,
): string | null {
  const named = parameterOf(match, 'organization')
  const memo = memoOf(head)
  const standing = memo?.standing
  if (standing !== undefined && isOf(standing, ground.directory, named)) {
    takeUp(standing, ground, known, now)
    return null
  }
  const found = findCredential(ground, head, match.route, known, now)
  if (found === null) {
    requireFresh(ground, ground.cutOff.keyMs, now, 'calls without a credential')
    if (named === undefined) return null
    known.organization = findOrganization(ground, named)
    known.identity = identityOf(known.organization, { actor: 'anonymous', run: null, grant: null })
    return null
  }
  if (found.kind === 'user') {
    authorizeUser(ground, found.user, named, known)
    return null
  }
  const { credential } = found
  known.credential = credential
  known.via = found.via
  requireNotEnded(credential, now)
  if (credential.kind === 'service') return authorizeService(ground, head, named, credential, known, now)
  known.organization = organizationOf(ground, credential, named)
  if (credential.environment !== known.organization.environment)
    throw mismatch(credential.kind, known.organization)
  const granted = credential.grant !== null && credential.actor === 'bot'
  if (credential.run !== null && credential.environment === 'production' && !granted)
    throw refuse(
      'organization_not_allowed',
      'a run touches a production organization only by a grant, and none is given',
    )
  requireActive(known.organization)
  known.identity = identityOf(known.organization, credential)
  if (memo !== undefined) memo.standing = standingOf(memo, ground.directory, named, known)
  return null
}

/** A customer of the one organization that the token, or the issuer's configuration, names. No rule for runs applies. */
function authorizeUser(ground: Ground, user: EndUser, named: string | undefined, known: Known): void {
  const { issuer, organization: slug } = user
  known.user = user
  known.via = 'authorization'
  if (!ground.directory.organizations.has(slug))
    throw refuse('organization_not_allowed', 'the token is for an organization that does not exist')
  const organization = organizationOf(ground, { kind: 'user', allows: { organization: slug } }, named)
  known.organization = organization
  if (organization.environment !== issuer.environment) throw mismatch('user’s', organization)
  requireActive(organization)
  const by = { actor: 'customer', run: null, grant: null } as const
  known.identity = { ...identityOf(organization, by), user: user.user }
}

/** A service acts with the identity it received, in the same organization and for nobody else. */
function authorizeService(
  ground: Ground,
  head: RequestHead,
  named: string | undefined,
  credential: SnapshotCredential,
  known: Known,
  now: number,
): string {
  const service = credential.service!
  const [received, ...more] = valuesOf(head, identityHeader)
  if (received === undefined)
    throw refuse(
      'identity_missing',
      `service ${service} must send the identity it acts with, as Rockpool-Identity`,
    )
  if (more.length > 0) throw refuse('identity_refused', 'there is more than one Rockpool-Identity header')
  const reading = readIdentity(received, {
    audience: service,
    trust: ['gateway', 'relay'],
    key: (kid) => ground.directory.keys.get(kid),
    now,
    storedForS: maxStoredIdentityS,
  })
  if (!reading.ok)
    throw refuse('identity_refused', `${reading.code}: ${reading.detail}`, { reason: reading.code })
  const { claims } = reading
  if (claims.run !== undefined) requireFreshRuns(ground, now)
  if (named !== undefined && named !== claims.organization) {
    if (!ground.directory.organizations.has(named)) throw unknownOrganization()
    throw refuse('organization_not_allowed', `the identity is for ${claims.organization} only`)
  }
  known.organization = findOrganization(ground, claims.organization)
  if (known.organization.environment !== claims.environment)
    throw refuse(
      'environment_mismatch',
      `the identity says ${claims.environment}, the organization is ${known.organization.environment}`,
    )
  known.identity = plainIdentity(claims)
  return service
}

/** The credential's organization; where it allows several, the one among them that the path names. */
function organizationOf(
  ground: Ground,
  credential: { kind: string; allows: Allows },
  named: string | undefined,
): SnapshotOrganization {
  const { allows } = credential
  if ('organization' in allows) {
    const own = ground.directory.organizations.get(allows.organization)
    if (named === undefined || named === allows.organization) return own ?? gone(allows.organization)
    if (!ground.directory.organizations.has(named)) throw unknownOrganization()
    throw refuse('organization_not_allowed', `this credential is for ${allows.organization} only`)
  }
  if (!('sandboxesOf' in allows))
    throw refuse('organization_not_allowed', 'this credential allows no organization')
  if (named === undefined)
    throw refuse(
      'organization_required',
      'this key is for several sandboxes: use a path that names the organization',
    )
  const organization = ground.directory.organizations.get(named)
  if (!organization) throw unknownOrganization()
  if (organization.slug === allows.sandboxesOf && organization.environment === 'production')
    throw mismatch(credential.kind, organization)
  if (organization.parent !== allows.sandboxesOf)
    throw refuse('organization_not_allowed', `this key is for the sandboxes of ${allows.sandboxesOf} only`)
  return organization
}

function findOrganization(ground: Ground, slug: string): SnapshotOrganization {
  const organization = ground.directory.organizations.get(slug)
  if (!organization) throw unknownOrganization()
  requireActive(organization)
  return organization
}

function requireActive(organization: SnapshotOrganization): void {
  if (organization.status !== 'active') gone(organization.slug)
}

function gone(slug: string): never {
  throw refuse('organization_deleted', `organization ${slug} is deleted, or is being deleted`)
}

function unknownOrganization(): Refusal {
  return refuse('organization_unknown', 'the path names an organization that does not exist')
}

function mismatch(kind: string, organization: SnapshotOrganization): Refusal {
  const detail = `a ${kind} credential never touches ${organization.slug}, a ${organization.environment} organization`
  return refuse('environment_mismatch', detail)
}

function identityOf(
  organization: SnapshotOrganization,
  by: Pick<SnapshotCredential, 'actor' | 'run' | 'grant'>,
): Identity {
  const { slug, environment } = organization
  const identity: Identity = { organization: slug, environment, actor: by.actor }
  if (by.run !== null) identity.run = by.run
  if (by.grant?.card) identity.card = by.grant.card
  return identity
}
