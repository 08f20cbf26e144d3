import { z } from 'zod'
import { operation } from '../../kernel/index.ts'
import { releaseName } from './names.ts'

const weight = z
  .int()
  .min(0)
  .max(1_000)
  .describe('its share of the organizations is this over the sum of all; 0: for verified callers alone')

const release = z
  .object({
    service: z.string(),
    name: z.string(),
    url: z.string().describe('an origin'),
    weight,
    state: z.enum(['running', 'draining']),
    drain: z
      .object({
        since: z.iso.datetime(),
        done: z.boolean().describe('nothing leads to it any more: its process may be stopped'),
        waiting: z.array(z.string()).describe('gateways that have not said so'),
      })
      .nullable()
      .describe('null: it runs'),
    createdBy: z.string(),
    createdAt: z.iso.datetime(),
    changedBy: z.string(),
    changedAt: z.iso.datetime(),
  })
  .meta({ id: 'Release' })

const service = z.string().min(1).max(100)
const ofService = z.strictObject({ service })
const name = z.string().regex(releaseName, 'must be letters, digits, dots, dashes, + and _, 100 at most')
const ofRelease = z.strictObject({ service, release: name })

export const listReleases = operation({
  id: 'releases.list',
  method: 'GET',
  path: '/services/{service}/releases',
  summary: 'List the releases of a service',
  scope: 'read',
  params: ofService,
  answers: { 200: z.object({ items: z.array(release) }) },
})

export const putRelease = operation({
  id: 'releases.put',
  method: 'PUT',
  path: '/services/{service}/releases/{release}',
  summary: 'Say that a release of a service runs at an address, and what its weight is',
  description:
    'Calls of customers go wherever this says: it is the owner’s to say. Without a weight only verified callers reach it, by the header Rockpool-Release. A release that is there keeps its address; one that drains takes calls again.',
  scope: 'admin',
  params: ofRelease,
  body: z.strictObject({ url: z.string().min(1).max(500).describe('an origin'), weight: weight.default(0) }),
  answers: { 200: release },
})

export const weighReleases = operation({
  id: 'releases.weigh',
  method: 'PATCH',
  path: '/services/{service}/releases',
  summary: 'Set weights of a service’s releases, all at once',
  description: 'Those that are not named keep theirs. Each gateway changes over in one step.',
  scope: 'write',
  params: ofService,
  body: z.strictObject({
    weights: z
      .record(name, weight)
      .refine((weights) => Object.keys(weights).length <= 20, 'must be 20 at most'),
  }),
  answers: { 200: z.object({ items: z.array(release) }) },
})

export const drainRelease = operation({
  id: 'releases.drain',
  method: 'POST',
  path: '/services/{service}/releases/{release}/drain',
  summary: 'Let a release take no calls any more, so that its process may be stopped',
  description:
    'Answers at once. Once `drain.done` is true, nothing is in flight to it from any connected gateway and no connection is kept: not before that may its process be stopped.',
  scope: 'write',
  params: ofRelease,
  answers: { 200: release },
})

export const removeRelease = operation({
  id: 'releases.remove',
  method: 'DELETE',
  path: '/services/{service}/releases/{release}',
  summary: 'Drain a release, and take it out',
  description: 'Waits for the drain for 10 s at most; `deadline_exceeded` says whom for, and it drains on.',
  scope: 'write',
  params: ofRelease,
  answers: { 204: null },
})
