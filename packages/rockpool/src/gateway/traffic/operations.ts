import { actors, type Actor } from '@rockpool/sdk/wire'
import { z } from 'zod'
import { operation, pageOf, pageQuery } from '../../kernel/index.ts'

const name = z.string().min(1).max(100)
const time = z.iso.datetime()
const environment = z.enum(['production', 'sandbox'])
const side = z
  .enum(['customers', 'own'])
  .describe('`own`: of checks, bots and others that run for Rockpool, and everything in sandboxes')
const actor = z.enum(actors as readonly [Actor, ...Actor[]])

const milliseconds = z
  .number()
  .nullable()
  .describe('milliseconds, exact up to 8 and above to within a fifth; null: nothing was answered')
const figures = z
  .object({
    count: z.int(),
    errors: z.int().describe('answers of 500 and more'),
    refused: z.int().describe('answers of 400 to 499'),
    gone: z.int().describe('the client left before an answer began'),
    p50: milliseconds,
    p95: milliseconds,
    p99: milliseconds,
  })
  .meta({ id: 'RequestFigures' })

const summary = z
  .object({
    from: time,
    to: time,
    step: z.int().describe('seconds between two points of the series'),
    totals: z.object({
      all: figures.describe('all that came from outside: customers’ and Rockpool’s own'),
      customers: figures,
      own: figures,
      inside: figures.describe('what services called on; part of the others, and not counted among them'),
      dropped: z.int().describe('counted by a gateway that could not tell the rest for too long'),
    }),
    services: z.array(
      z.object({
        service: z.string().nullable().describe('null: no service has the route'),
        environment: environment.nullable().describe('null: it was not known who called'),
        customers: figures,
        own: figures,
        inside: figures,
      }),
    ),
    actors: z.array(figures.extend({ actor: actor.nullable(), environment: environment.nullable(), side })),
    series: z
      .array(z.object({ at: time, customers: figures, own: figures, dropped: z.int() }))
      .describe('a step that is not there had no requests, or nobody counted them'),
    reconciled: z
      .object({
        at: time.describe('when a gateway last told something'),
        told: z.int().nullable().describe('in the whole installation; null: who asks sees less than that'),
        missing: z.int().describe('of what gateways told of, what is not here'),
      })
      .nullable(),
  })
  .meta({ id: 'RequestSummary' })

const kept = z
  .object({
    id: z.string(),
    kind: z.enum(['failed', 'refused', 'rest']),
    at: time,
    trace: z.string(),
    method: z.string(),
    path: z.string().nullable().describe('the route’s template; null: no service has it'),
    service: z.string().nullable(),
    release: z.string().nullable().default(null).describe('of the service; null: the service itself took it'),
    upstream: z
      .string()
      .nullable()
      .default(null)
      .describe('host:port that took it; null: none, or not for who asks, who is bound to an organization'),
    status: z.int().nullable().describe('null: the client left before an answer began'),
    organization: z.string().nullable(),
    parent: z.string().nullable().describe('of a sandbox'),
    environment: environment.nullable(),
    actor: actor.nullable(),
    side,
    run: z.string().nullable(),
    credential: z.string().nullable().describe('its id'),
    caller: z.string().nullable().describe('the service that called on'),
    bytesIn: z.number(),
    bytesOut: z.number(),
    ms: z.number().describe('from its head to its end'),
    decideMs: z
      .number()
      .nullable()
      .default(null)
      .describe('until it was let through to a service; null: it was not, or nobody knows'),
    connectMs: z
      .number()
      .nullable()
      .default(null)
      .describe(
        'then, until there was a connection to the service; 0: one was free; null: none was asked for',
      ),
    upstreamMs: z
      .number()
      .nullable()
      .describe(
        'then, until the service’s answer began; null: it never did. What is left of ms is the sending',
      ),
    retries: z.int().default(0).describe('how many times it was sent again on another connection'),
    refused: z.string().nullable().describe('code of the gateway’s own answer'),
    aborted: z.string().nullable().describe('who broke it off: client, upstream or deadline'),
    stripped: z.number().describe('forged marks that were taken out'),
  })
  .meta({ id: 'Request' })

const day = 24 * 60 * 60 * 1000

export const summarizeRequests = operation({
  id: 'requests.summary',
  method: 'GET',
  path: '/requests/summary',
  summary: 'Sum up what went through the gateways',
  description:
    'By service and environment, by actor, and over time. At most seven days, which is how long they are kept. A credential that is bound to an organization sees that one and its sandboxes.',
  scope: 'read',
  organizationBound: true,
  query: z
    .strictObject({
      from: time,
      to: time,
      organization: name.optional().describe('with its sandboxes'),
      service: name.optional(),
      environment: environment.optional(),
    })
    .refine(({ from, to }) => Date.parse(from) < Date.parse(to), { path: ['to'], message: 'is after from' })
    .refine(({ from, to }) => Date.parse(to) - Date.parse(from) <= 7 * day, {
      path: ['from'],
      message: 'is at most seven days before to',
    }),
  answers: { 200: summary },
})

export const listRequests = operation({
  id: 'requests.recent',
  method: 'GET',
  path: '/requests',
  summary: 'List requests that were kept, the newest first',
  description:
    'The last failed and refused ones, and a sample of the rest; when little comes, all. Never a path, a query or a body.',
  scope: 'read',
  organizationBound: true,
  query: pageQuery.extend({
    organization: name.optional().describe('with its sandboxes'),
    service: name.optional(),
    environment: environment.optional(),
    status: z.enum(['failed', 'refused']).optional(),
    side: side.optional(),
    run: name.optional(),
    from: time.optional().describe('began then or later'),
    to: time.optional().describe('began before'),
  }),
  answers: { 200: pageOf(kept) },
})

export const getRequest = operation({
  id: 'requests.get',
  method: 'GET',
  path: '/requests/{request}',
  summary: 'Get one request that was kept',
  scope: 'read',
  organizationBound: true,
  params: z.strictObject({ request: name }),
  answers: { 200: kept },
})
