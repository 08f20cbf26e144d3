export { createOrganizations } from './organizations.ts'
export type { Organizations, OrganizationsOptions } from './organizations.ts'
export type { Credentials } from './credentials.ts'
export type { Members } from './members.ts'
export type { Tickets } from './tickets.ts'
export type { SigningKeys } from './signing-keys.ts'
export * as organizationsApi from './operations.ts'
export { controlCredentialFor, organizationsOperations, requireOrganization } from './handlers.ts'
export { credentialState } from './rules.ts'
export { scopesOfRole } from './types.ts'
export type {
  Allows,
  Change,
  Changes,
  CreatedCredential,
  CreatedTicket,
  Credential,
  CredentialFilter,
  Doubts,
  Grant,
  Member,
  NewCredentialInput,
  NewOrganization,
  NewTicketInput,
  Organization,
  OrganizationFilter,
  OrganizationStatus,
  Page,
  PageRequest,
  RevokeFilter,
  Role,
  Snapshot,
  TicketPurpose,
} from './types.ts'

/** For `migrate`. */
export const organizationsMigrations = {
  schema: 'organizations',
  folder: new URL('./migrations/', import.meta.url),
} as const
