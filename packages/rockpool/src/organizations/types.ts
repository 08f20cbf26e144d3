import type { Actor, Environment, PublicKey } from '@rockpool/sdk/wire'
import type { CredentialKind, Scope } from '../kernel/index.ts'

/*
 * Vocabulary
 *
 * organization   whose data it is; named by its slug, which is never given twice
 * environment    production or sandbox; fixed for ever when the organization is created
 * parent         the organization that a sandbox belongs to; a parent has no parent of its own
 * member         a person of an organization, with a role: owner, developer or viewer
 * credential     a secret that tells who calls; it alone decides organization, environment, actor and run
 * key            a credential for customers of the data plane: live or sandbox
 * allows         which organizations a credential may touch: one, all sandboxes of a parent, or none of its own
 * session        a credential in the cookie of a browser, of a person or of a run; it always has an end
 * grant          what lets a run touch a production organization: as a bot, with a budget of writes
 * ticket         a text that is exchanged once, within minutes, for a credential; it opens nothing by itself
 * signing key    the public half of a key with which a gateway or a relay signs identities
 */

export type OrganizationStatus = 'active' | 'deleting' | 'deleted'

export interface Organization {
  slug: string
  name: string
  environment: Environment
  parent: string | null
  /** It only moves forward: active, deleting, deleted. */
  status: OrganizationStatus
  /** ISO 8601. */
  createdAt: string
}

export interface NewOrganization {
  slug: string
  name: string
  environment: Environment
  parent?: string | null | undefined
}

export type Role = 'owner' | 'developer' | 'viewer'

export interface Member {
  /** `mem_…` */
  id: string
  organization: string
  email: string
  role: Role
  createdAt: string
}

export type Allows = { organization: string } | { sandboxesOf: string } | { none: true }

/** By it a run touches a production organization. It comes from the configuration. */
export interface Grant {
  name: string
  /** Unsafe calls that this credential may make in all. */
  writes: number
  /** The test card that the signed identity names; null: none. */
  card: string | null
}

export interface Credential {
  /** `key_…` */
  id: string
  /** Hex SHA-256 of the text. */
  sha256: string
  /** Beginning and end of the text, for lists. */
  hint: string
  kind: CredentialKind
  name: string | null
  /** Whose list it is in; null: the installation's own. */
  organization: string | null
  allows: Allows
  /** Null for service and control credentials, which have none of their own. */
  environment: Environment | null
  actor: Actor
  run: string | null
  service: string | null
  member: string | null
  scopes: readonly string[]
  /** Of runs and their sessions on production organizations. */
  grant: Grant | null
  createdAt: string
  /** It ends by itself then; null: never. */
  endsAt: string | null
  revokedAt: string | null
  /** As last reported; at most a few seconds behind. */
  lastUsedAt: string | null
}

/** What a new credential binds; what its kind cannot bind is refused, with all findings at once. */
export interface NewCredentialInput {
  kind: CredentialKind
  organization?: string | null | undefined
  allows: Allows
  environment?: Environment | null | undefined
  actor: Actor
  run?: string | null | undefined
  service?: string | null | undefined
  member?: string | null | undefined
  scopes?: readonly string[] | undefined
  grant?: Grant | null | undefined
  endsAt?: Date | null | undefined
  name?: string | null | undefined
}

/** Where a ticket is exchanged: at control for a control credential, at the gateway for a session. */
export type TicketPurpose = 'control' | 'gateway'

export interface NewTicketInput {
  purpose: TicketPurpose
  /** What the credential will bind: of kind control, or session. */
  credential: NewCredentialInput
  /** Milliseconds, an hour at most. */
  ttlMs: number
  /** Who asked for it: the id of a credential, or the name of a role. */
  createdBy: string
}

/** The text is shown once, and never logged. */
export interface CreatedTicket {
  text: string
  endsAt: string
}

/** The text is shown once: it is stored nowhere. */
export interface CreatedCredential {
  credential: Credential
  text: string
}

export interface Page<T> {
  items: T[]
  /** Cursor of the next page; null on the last. */
  next: string | null
}

export interface PageRequest {
  cursor?: string | undefined
  /** Items in a page; default 50. */
  limit?: number | undefined
}

export interface OrganizationFilter extends PageRequest {
  parent?: string | undefined
  environment?: Environment | undefined
  status?: OrganizationStatus | undefined
  /** This organization and its sandboxes. */
  within?: string | undefined
}

export interface CredentialFilter extends PageRequest {
  organization?: string | undefined
  kind?: CredentialKind | undefined
  run?: string | undefined
  service?: string | undefined
  /** Without it, those that are revoked or have ended are left out. */
  all?: boolean | undefined
}

export type RevokeFilter =
  | { run: string }
  /** All that are in its list, and all that allow it. */
  | { organization: string }
  | { service: string }
  | { member: string }

/** What changed; `resync` means that changes may have been missed: read everything anew. */
export type Change =
  | { kind: 'organization'; slug: string }
  | { kind: 'credential'; id: string }
  | { kind: 'key'; kid: string }
  | { kind: 'resync' }

/** Everything that the gateways need to know, read in one transaction. */
export interface Snapshot {
  /** All that are not deleted. */
  organizations: Organization[]
  /** Credentials of the data plane that are neither revoked nor ended. */
  credentials: Credential[]
  keys: PublicKey[]
}

/** What was committed since a moment, as of one later moment. */
export interface Changes extends Snapshot {
  /** For the next call: which transactions this one saw. */
  moment: string
  /** Everything is told, as in a snapshot, and what is not told is gone. Else only what was written, whatever its state is now. */
  whole: boolean
  /** Hex SHA-256 of credentials whose rows are not there any more. */
  gone: string[]
}

/** What is to be told whether it changed or not: slugs, and hex SHA-256 of credentials. */
export interface Doubts {
  organizations: readonly string[]
  credentials: readonly string[]
}

/** What a role may do at the control API. */
export const scopesOfRole: Readonly<Record<Role, readonly Scope[]>> = {
  viewer: ['read'],
  developer: ['read', 'write'],
  owner: ['read', 'write', 'admin'],
}
