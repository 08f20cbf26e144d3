import type { Item } from '@rockpool/client/control'

export type OrganizationItem = Item<'GET /organizations'>
export type MemberItem = Item<'GET /organizations/{organization}/members'>
export type CredentialItem = Item<'GET /organizations/{organization}/credentials'>

export const roles = ['viewer', 'developer', 'owner'] as const

/** What each role may do; the API holds it, not the page. */
export const roleWords: Record<(typeof roles)[number], string> = {
  viewer: 'reads everything of this organization',
  developer: 'also runs checks, makes and deletes sandboxes and their keys',
  owner: 'also makes and revokes live keys, and adds and removes members',
}

/** Where the page of an organization is. */
export const organizationPath = (slug: string): string => `/organizations/${encodeURIComponent(slug)}`

/** What a credential opens, in words. Pure. */
export function opens({ allows, kind, scopes }: Pick<CredentialItem, 'allows' | 'kind' | 'scopes'>): string {
  if ('organization' in allows) return allows.organization
  if ('sandboxesOf' in allows) return `all sandboxes of ${allows.sandboxesOf}`
  return kind === 'control' ? `the control API: ${scopes.join(', ')}` : 'what the identity it acts with opens'
}

/** Whether a credential counts now. Pure. */
export function stateOf({ revokedAt, endsAt }: Pick<CredentialItem, 'revokedAt' | 'endsAt'>, now: number) {
  if (revokedAt !== null) return 'revoked'
  return endsAt !== null && Date.parse(endsAt) <= now ? 'ended' : 'active'
}

/** What revoking a credential does to those who use it, in a sentence. Pure. */
export function consequenceOf(credential: CredentialItem, now: number): string {
  const { kind, lastUsedAt } = credential
  const used =
    lastUsedAt === null
      ? 'It was never used.'
      : now - Date.parse(lastUsedAt) < 600_000
        ? 'It was used in the last ten minutes: whoever uses it is refused from then on.'
        : 'Whoever still uses it is refused from then on.'
  const what =
    kind === 'live'
      ? 'Customers with this key get 401 within 100 ms, for ever.'
      : kind === 'control'
        ? 'Whoever is signed in with it is signed out at once.'
        : 'Calls with it get 401 within 100 ms, for ever.'
  return `${what} ${used}`
}
