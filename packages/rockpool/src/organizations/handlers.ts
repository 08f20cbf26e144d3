import { handle, problem, type Caller, type Clock, type Handled, type Scope } from '../kernel/index.ts'
import {
  addMember,
  createKey,
  createOrganization,
  getOrganization,
  listCredentials,
  listMembers,
  listOrganizations,
  logIn,
  removeMember,
  revokeCredential,
} from './operations.ts'
import type { Organizations } from './organizations.ts'
import { scopesOfRole, type NewCredentialInput, type Organization } from './types.ts'

/**
 * The organization, when the caller may touch it: any for a credential of the installation, else the caller's own and
 * its sandboxes. `organization_unknown`; for a bound caller `organization_not_allowed`, whether it exists or not.
 */
export async function requireOrganization(
  organizations: Pick<Organizations, 'get'>,
  caller: Caller,
  slug: string,
): Promise<Organization> {
  const refused = problem(
    'organization_not_allowed',
    `the credential is bound to “${caller.organization}” and does not allow “${slug.slice(0, 80)}”`,
  )
  const found = await organizations.get(slug).catch((error: unknown) => {
    throw caller.organization !== null && (error as { code?: string }).code === 'organization_unknown'
      ? refused
      : error
  })
  if (caller.organization !== null && ![found.slug, found.parent].includes(caller.organization)) throw refused
  return found
}

function requireScope(caller: Caller, scope: Scope, why: string): void {
  if (!caller.scopes.includes(scope)) throw problem('scope_missing', `${why} needs the scope “${scope}”`)
}

/** What the api part mounts. */
export function organizationsOperations({
  organizations,
  clock,
  settled,
}: {
  organizations: Organizations
  clock: Clock
  /** Resolves once the gateways know what was committed before the call, or after a bounded while. */
  settled: () => Promise<void>
}): Handled[] {
  const reachable = (caller: Caller, slug: string) => requireOrganization(organizations, caller, slug)

  return [
    handle(createOrganization, ({ body }) => organizations.create(null, body)),

    handle(listOrganizations, ({ query, caller }) =>
      organizations.list({ ...query, within: caller.organization ?? undefined }),
    ),

    handle(getOrganization, ({ params, caller }) => reachable(caller, params.organization)),

    handle(listMembers, async ({ params, query, caller }) => {
      await reachable(caller, params.organization)
      return organizations.listMembers(params.organization, query)
    }),

    handle(addMember, async ({ params, body, caller }) => {
      await reachable(caller, params.organization)
      return organizations.addMember({ organization: params.organization, ...body })
    }),

    handle(removeMember, async ({ params, caller }) => {
      await reachable(caller, params.organization)
      await organizations.removeMember(params.organization, params.member)
    }),

    handle(createKey, async ({ params, body, caller }) => {
      const { slug } = await reachable(caller, params.organization)
      if (body.environment === 'production') requireScope(caller, 'admin', 'a live key')
      const created = await organizations.createCredential(null, {
        kind: body.environment === 'production' ? 'live' : 'sandbox',
        organization: slug,
        allows: body.allSandboxes ? { sandboxesOf: slug } : { organization: slug },
        environment: body.environment,
        actor: 'customer',
        name: body.name,
        endsAt: body.endsAt === undefined ? null : future(body.endsAt, clock.now()),
      })
      await settled()
      return created
    }),

    handle(listCredentials, async ({ params, query, caller }) => {
      await reachable(caller, params.organization)
      return organizations.listCredentials({ organization: params.organization, ...query })
    }),

    handle(revokeCredential, async ({ params, query, caller }) => {
      await reachable(caller, params.organization)
      const found = await organizations.getCredential(params.credential)
      if (found.organization !== params.organization) {
        throw problem('not_found', `“${params.organization}” has no credential “${params.credential}”`)
      }
      if (query.environment !== undefined && found.environment !== query.environment) {
        throw problem(
          'environment_mismatch',
          `“${found.id}” is of ${found.environment ?? 'no environment'}, not of ${query.environment}: it was not revoked`,
        )
      }
      if (found.kind !== 'sandbox') requireScope(caller, 'admin', `revoking a ${found.kind} credential`)
      const revoked = await organizations.revokeCredential(found.id)
      await settled()
      return revoked
    }),

    handle(logIn, async ({ body, caller }) => {
      const endsAt = new Date(clock.now() + body.hours * 3600_000)
      const control = await controlCredentialFor(organizations, caller, body)
      return organizations.createCredential(null, { ...control, name: 'login', endsAt })
    }),
  ]
}

/**
 * What a control credential binds that an admin asks for: the member’s role for the member who is named, else what the
 * caller has. `organization_not_allowed`, `not_found`, or `invalid_input` when only half of a member is named.
 */
export async function controlCredentialFor(
  organizations: Pick<Organizations, 'get' | 'findMember'>,
  caller: Caller,
  named: { organization?: string | undefined; email?: string | undefined },
): Promise<Pick<NewCredentialInput, 'organization' | 'member' | 'scopes'> & typeof control> {
  if (named.organization === undefined && named.email === undefined) {
    const { organization, member, scopes } = caller
    return { ...control, organization, member, scopes }
  }
  if (named.organization === undefined || named.email === undefined) {
    const path = named.organization === undefined ? 'body.organization' : 'body.email'
    throw problem('invalid_input', 'a member is named by organization and email', {
      findings: [{ path, message: 'is missing' }],
    })
  }
  const { slug } = await requireOrganization(organizations, caller, named.organization)
  const member = await organizations.findMember(slug, named.email)
  if (!member) throw problem('not_found', `“${slug}” has no member with the address ${named.email}`)
  return { ...control, organization: slug, member: member.id, scopes: scopesOfRole[member.role] }
}

const control = { kind: 'control', allows: { none: true }, actor: 'member' } as const

function future(time: string, now: number): Date {
  const at = new Date(time)
  if (at.getTime() > now) return at
  throw problem('invalid_input', 'the key would have ended already', {
    findings: [{ path: 'body.endsAt', message: 'is in the past' }],
  })
}
