import { z } from 'zod'
import { operation } from '../kernel/index.ts'

const service = z
  .object({
    name: z.string(),
    kind: z
      .enum(['service', 'remote', 'third-party'])
      .describe('a remote one runs elsewhere; third parties of a demo are not routed'),
    desired: z.enum(['running', 'stopped']).describe('what was asked for'),
    desiredBy: z.string().nullable().describe('who asked; null: the configuration'),
    generation: z.int().describe('raised by each restart that is asked for'),
    state: z.enum(['running', 'starting', 'stopped', 'failed', 'unavailable']),
    reason: z.string().nullable().describe('why it is not running'),
    url: z.string().nullable(),
    pid: z.int().nullable(),
    since: z.iso.datetime().describe('when it came into this state'),
    observedGeneration: z.int().describe('behind `generation` while a restart is under way'),
  })
  .meta({ id: 'Service' })

const params = z.strictObject({ service: z.string().min(1).max(63) })

export const listServices = operation({
  id: 'deploys.listServices',
  method: 'GET',
  path: '/services',
  summary: 'List the services with their desired and observed states',
  scope: 'read',
  answers: { 200: z.object({ items: z.array(service) }) },
})

export const getService = operation({
  id: 'deploys.getService',
  method: 'GET',
  path: '/services/{service}',
  summary: 'Get a service',
  scope: 'read',
  params,
  answers: { 200: service },
})

export const stopService = operation({
  id: 'deploys.stopService',
  method: 'POST',
  path: '/services/{service}/stop',
  summary: 'Stop a service, until it is started again',
  description: 'Answers when it has stopped, or after 10 s with the state it is in then.',
  scope: 'write',
  params,
  answers: { 200: service },
})

export const startService = operation({
  id: 'deploys.startService',
  method: 'POST',
  path: '/services/{service}/start',
  summary: 'Start a service',
  description: 'Answers when it is running or cannot be started, or after 10 s with the state it is in then.',
  scope: 'write',
  params,
  answers: { 200: service },
})

export const restartService = operation({
  id: 'deploys.restartService',
  method: 'POST',
  path: '/services/{service}/restart',
  summary: 'Stop a service and start it again',
  description: 'Answers when it is running again or cannot be, or after 10 s with the state it is in then.',
  scope: 'write',
  params,
  answers: { 200: service },
})
