import { z } from 'zod'
import { operation, pageOf, pageQuery } from '../kernel/index.ts'

const environment = z.enum(['production', 'sandbox'])
const role = z.enum(['owner', 'developer', 'viewer'])
const slug = z.string().min(1).max(100)
const id = z.string().min(1).max(100)
const time = z.iso.datetime()

const organization = z
  .object({
    slug: z.string(),
    name: z.string(),
    environment: environment.describe('fixed for ever when the organization is created'),
    parent: z.string().nullable().describe('the organization that a sandbox belongs to'),
    status: z.enum(['active', 'deleting', 'deleted']),
    createdAt: time,
  })
  .meta({ id: 'Organization' })

const member = z
  .object({ id: z.string(), organization: z.string(), email: z.string(), role, createdAt: time })
  .meta({ id: 'Member' })

const credential = z
  .object({
    id: z.string(),
    kind: z.enum(['live', 'sandbox', 'run', 'session', 'service', 'control']),
    hint: z.string().describe('its beginning and its end'),
    name: z.string().nullable(),
    organization: z.string().nullable(),
    allows: z
      .union([
        z.object({ organization: z.string() }),
        z.object({ sandboxesOf: z.string() }),
        z.object({ none: z.literal(true) }),
      ])
      .describe('one organization, all sandboxes of a parent, or none of its own'),
    environment: environment.nullable(),
    scopes: z.array(z.string()).readonly(),
    member: z.string().nullable(),
    createdAt: time,
    endsAt: time.nullable(),
    revokedAt: time.nullable(),
    lastUsedAt: time.nullable(),
  })
  .meta({ id: 'Credential' })

const shownOnce = z
  .object({ credential, text: z.string().describe('shown once, and stored nowhere') })
  .meta({ id: 'NewCredential' })

const ofOrganization = z.strictObject({ organization: slug })

export const createOrganization = operation({
  id: 'organizations.create',
  method: 'POST',
  path: '/organizations',
  summary: 'Create an organization',
  scope: 'admin',
  body: z.strictObject({
    slug: z.string().max(1000).describe('2 to 63 lower-case letters, digits and dashes; never given twice'),
    name: z.string().max(1000),
    environment: environment.describe('fixed for ever'),
    parent: slug.nullish().describe('of a sandbox'),
  }),
  answers: { 201: organization },
})

export const listOrganizations = operation({
  id: 'organizations.list',
  method: 'GET',
  path: '/organizations',
  summary: 'List organizations',
  description: 'A credential that is bound to an organization sees that one and its sandboxes.',
  scope: 'read',
  organizationBound: true,
  query: pageQuery.extend({
    parent: slug.optional(),
    environment: environment.optional(),
    status: z.enum(['active', 'deleting', 'deleted']).optional(),
  }),
  answers: { 200: pageOf(organization) },
})

export const getOrganization = operation({
  id: 'organizations.get',
  method: 'GET',
  path: '/organizations/{organization}',
  summary: 'Get an organization',
  scope: 'read',
  organizationBound: true,
  params: ofOrganization,
  answers: { 200: organization },
})

export const listMembers = operation({
  id: 'organizations.listMembers',
  method: 'GET',
  path: '/organizations/{organization}/members',
  summary: 'List the members of an organization',
  scope: 'read',
  organizationBound: true,
  params: ofOrganization,
  query: pageQuery,
  answers: { 200: pageOf(member) },
})

export const addMember = operation({
  id: 'organizations.addMember',
  method: 'POST',
  path: '/organizations/{organization}/members',
  summary: 'Add a member to an organization',
  scope: 'admin',
  organizationBound: true,
  params: ofOrganization,
  body: z.strictObject({ email: z.string().max(1000), role }),
  answers: { 201: member },
})

export const removeMember = operation({
  id: 'organizations.removeMember',
  method: 'DELETE',
  path: '/organizations/{organization}/members/{member}',
  summary: 'Remove a member, and revoke the member’s credentials',
  scope: 'admin',
  organizationBound: true,
  params: z.strictObject({ organization: slug, member: id }),
  answers: { 204: null },
})

export const createKey = operation({
  id: 'organizations.createKey',
  method: 'POST',
  path: '/organizations/{organization}/credentials',
  summary: 'Create a live key or a sandbox key',
  description:
    'The environment is named, and must be that of the organization; with `allSandboxes`, a parent gets one key for all its sandboxes. A live key needs the scope admin.',
  scope: 'write',
  organizationBound: true,
  params: ofOrganization,
  body: z.strictObject({
    environment,
    allSandboxes: z.boolean().default(false).describe('one key for all sandboxes of this parent'),
    name: z.string().min(1).max(120).optional(),
    endsAt: time.optional(),
  }),
  answers: { 201: shownOnce },
})

export const listCredentials = operation({
  id: 'organizations.listCredentials',
  method: 'GET',
  path: '/organizations/{organization}/credentials',
  summary: 'List the credentials of an organization',
  scope: 'read',
  organizationBound: true,
  params: ofOrganization,
  query: pageQuery.extend({ all: z.stringbool().default(false).describe('with revoked and ended ones') }),
  answers: { 200: pageOf(credential) },
})

export const revokeCredential = operation({
  id: 'organizations.revokeCredential',
  method: 'DELETE',
  path: '/organizations/{organization}/credentials/{credential}',
  summary: 'Revoke a credential, at once and for ever',
  scope: 'write',
  organizationBound: true,
  params: z.strictObject({ organization: slug, credential: id }),
  query: z.strictObject({
    environment: environment.optional().describe('refused when it is not that of the credential'),
  }),
  answers: { 200: credential },
})

export const logIn = operation({
  id: 'organizations.logIn',
  method: 'POST',
  path: '/login',
  summary: 'Exchange an admin’s control credential for one with an end',
  description:
    'With `organization` and `email`, for that member, with the scopes of the member’s role; without them, for the caller, with the caller’s own scopes.',
  scope: 'admin',
  organizationBound: true,
  body: z.strictObject({
    organization: slug.optional(),
    email: z.string().max(254).optional(),
    hours: z
      .number()
      .positive()
      .max(30 * 24)
      .default(12)
      .describe('until it ends'),
  }),
  answers: { 201: shownOnce },
})
