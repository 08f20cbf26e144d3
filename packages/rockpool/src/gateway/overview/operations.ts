import { z } from 'zod'
import { bytes, operation, pageOf, pageQuery } from '../../kernel/index.ts'
import { stepNames } from './steps.ts'
import { assumedKinds } from './assumed.ts'

const name = z.string().min(1).max(200)
const time = z.iso.datetime()
const environment = z.enum(['production', 'sandbox'])
const state = z.enum(['running', 'starting', 'stopped', 'failed', 'unavailable'])
const finding = z.object({ path: z.string(), message: z.string() })
const holds = z.object({
  organizations: z.int(),
  credentials: z.int(),
  services: z.int(),
  routes: z.int(),
})

const gateway = z
  .object({
    gateway: z.string().describe('of one process; another each time it starts'),
    name: z.string(),
    connected: z.boolean().describe('to the control that was asked'),
    heard: time.nullable().describe('when it last told of itself; null: never'),
    version: z.int().nullable().describe('of the snapshot that it decides by; null: it has none'),
    asOf: time.nullable().describe('when control last vouched for that'),
    cutOff: z
      .enum(['runs', 'everything'])
      .nullable()
      .describe('what it refuses because its truth is too old'),
    notReady: z.string().nullable().describe('why it does not serve; null: it serves'),
    draining: z.boolean().describe('it is stopping'),
    engine: z.string().nullable(),
    addresses: z.array(z.string()),
    key: z.string().nullable().describe('kid of its signing key'),
    started: time.nullable(),
    holds: holds.nullable(),
    ledgerWaiting: z.int().nullable().describe('entries of the ledger that control has not got'),
    trafficWaiting: z.int().nullable().describe('requests whose figures control has not got'),
    logLinesDropped: z.int().nullable(),
    refused: z
      .object({ at: time, findings: z.array(finding) })
      .nullable()
      .describe('what it did not take of what control last sent'),
  })
  .meta({ id: 'Gateway' })

export const listGateways = operation({
  id: 'gateways.list',
  method: 'GET',
  path: '/gateways',
  summary: 'List the gateways, and what each decides by',
  description:
    'Those that are connected to the control that answers, and those that were within the last hour. They tell of themselves every 5 s.',
  scope: 'read',
  answers: {
    200: z.object({
      newest: z.int().describe('version of what control publishes'),
      asOf: time.describe('when control last read all of it'),
      holds,
      findings: z.array(finding).describe('what is left out of it, and why'),
      items: z.array(gateway),
    }),
  },
})

export const listRoutes = operation({
  id: 'gateways.routes',
  method: 'GET',
  path: '/gateway/routes',
  summary: 'List the routes that gateways have',
  scope: 'read',
  organizationBound: true,
  query: pageQuery.extend({ service: name.optional() }),
  answers: {
    200: pageOf(
      z
        .object({
          method: z.string(),
          path: z.string().describe('the template'),
          service: z.string(),
          operationId: z.string(),
          anonymous: z.boolean().describe('no credential is needed'),
          state: state.describe('of the service'),
          reason: z
            .string()
            .nullable()
            .describe('why it does not run; null for who is bound to one organization'),
        })
        .meta({ id: 'GatewayRoute' }),
    ),
  },
})

const outcome = z.enum(['forward', 'options', 'refuse'])
const code = z.string().nullable().describe('of the refusal')

export const resolveRequest = operation({
  id: 'gateways.resolve',
  method: 'POST',
  path: '/gateway/resolve',
  summary: 'Say what the gateway would decide about a request, step by step',
  description:
    'By the gateway’s own decision, on what control publishes; nothing is sent. What a gateway counts besides (the budget of a grant) is not in it. A credential that is bound to an organization may ask about that one, its sandboxes and their credentials.',
  scope: 'read',
  organizationBound: true,
  body: z.strictObject({
    method: z.string().min(1).max(32),
    target: z.string().min(1).max(8192).describe('path and query, as they would be sent'),
    as: z
      .string()
      .min(1)
      .max(200)
      .default('anonymous')
      .describe(`whose request it is: ${assumedKinds.join(', ')}, or the id of a credential; never its text`),
    organization: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .describe('whose credential; otherwise that of the path'),
  }),
  answers: {
    200: z
      .object({
        outcome,
        code,
        status: z.int().nullable().describe('of the refusal'),
        detail: z.string().nullable(),
        allow: z.array(z.string()).nullable().describe('what the path is served for'),
        service: z.string().nullable(),
        route: z
          .object({
            method: z.string(),
            path: z.string(),
            operationId: z.string(),
            anonymous: z.boolean(),
          })
          .nullable(),
        parameters: z.record(z.string(), z.string()),
        organization: z
          .object({ slug: z.string(), environment, status: z.enum(['active', 'deleting', 'deleted']) })
          .nullable()
          .describe('null also where any would do'),
        identity: z
          .object({ environment, actor: z.string(), run: z.string().nullable() })
          .nullable()
          .describe('what the service would be told'),
        upstream: z
          .object({
            url: z.string().nullable().describe('null for who is bound to one organization'),
            target: z.string(),
            deadlineMs: z.int(),
            delayMs: z.int(),
          })
          .nullable(),
        steps: z.array(
          z.object({
            step: z.enum(stepNames),
            is: z.enum(['passed', 'refused', 'not reached']),
            text: z.string(),
          }),
        ),
        byKind: z
          .array(z.object({ kind: z.enum(assumedKinds), outcome, code }))
          .describe('what would become of it with each kind of credential'),
        version: z.int().describe('of what it was decided by'),
        asOf: time,
      })
      .meta({ id: 'Resolution' }),
  },
})

/** What control writes of it: far more than gateways can tell. */
const mostBytes = 16 * 1024 * 1024

export const readMetrics = operation({
  id: 'gateways.metrics',
  method: 'GET',
  path: '/metrics',
  summary: 'Read the figures of the installation in Prometheus’ text format',
  description:
    'Version 0.0.4. Counters are those of each gateway’s process since it began. No label names an organization, a path or a credential.',
  scope: 'read',
  answers: { 200: bytes({ types: ['text/plain'], limit: mostBytes }) },
})
