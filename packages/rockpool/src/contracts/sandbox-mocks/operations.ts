import { z } from 'zod'
import { operation } from '../../kernel/index.ts'

const name = z.string().min(1).max(100)

const mock = z
  .object({
    id: z.string(),
    organization: z.string().describe('the sandbox'),
    service: z.string(),
    address: z.string().describe('of the contract that it answers by'),
    version: z.string(),
    seed: z.string(),
    askedBy: z.string().describe('the member, the run, or the credential'),
    askedAt: z.iso.datetime(),
  })
  .meta({ id: 'SandboxMock' })

const askedMock = mock
  .extend({
    operations: z
      .array(z.object({ id: z.string(), method: z.string(), path: z.string() }))
      .describe('of the version, as they are called in this sandbox from now on'),
  })
  .meta({ id: 'AskedSandboxMock' })

/** A parent's sandbox key, and credentials that are bound to the parent, reach its sandboxes and no others; a run its own one. */
const reach = { parentKey: true, organizationBound: true, runScope: 'mocks' } as const
const params = z.strictObject({ sandbox: name, service: name })

export const mockService = operation({
  id: 'sandboxes.mock',
  method: 'PUT',
  path: '/sandboxes/{sandbox}/mocks/{service}',
  summary: 'Have a mock answer for a service in a sandbox',
  description:
    'From then on calls of this sandbox to the service go to a mock of the version that is asked for, also from other services and when the service does not run; never calls of production. In this sandbox the operations of that version are what the service has, and no others. It counts at every connected gateway when this answers. The version is looked up once: `latest` stays what it was. It begins with no data, and remembers nothing across a restart.',
  scope: 'write',
  ...reach,
  params,
  body: z.strictObject({
    version: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe(
        'as for contracts: 1.2.0, 1.2, latest, production, branch:<name>, a git revision, sha256:<hash>; unless given, what runs in production, else the latest',
      ),
    seed: z
      .string()
      .max(100)
      .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'has no control characters')
      .default('')
      .describe('another seed, other values'),
  }),
  answers: { 200: askedMock },
})

export const listSandboxMocks = operation({
  id: 'sandboxes.listMocks',
  method: 'GET',
  path: '/sandboxes/{sandbox}/mocks',
  summary: 'List the services that mocks answer for in a sandbox',
  scope: 'read',
  ...reach,
  params: z.strictObject({ sandbox: name }),
  answers: { 200: z.object({ items: z.array(mock) }) },
})

export const unmockService = operation({
  id: 'sandboxes.unmock',
  method: 'DELETE',
  path: '/sandboxes/{sandbox}/mocks/{service}',
  summary: 'Have the service answer again',
  description: 'What the mock was told is forgotten. It counts at every connected gateway when this answers.',
  scope: 'write',
  ...reach,
  params,
  answers: { 204: null },
})
