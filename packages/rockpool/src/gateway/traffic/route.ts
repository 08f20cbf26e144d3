import { actors, type Actor } from '@rockpool/sdk/wire'
import { z } from 'zod'
import { readBody, type GatewayInternalRoutes } from '../internal-routes.ts'
import { bounds } from './latency.ts'
import type { Traffic } from './traffic.ts'

const name = z.string().max(200).nullable()
const count = z.number().int().nonnegative()
const environment = z.enum(['production', 'sandbox']).nullable()
const actor = z.enum(actors as readonly [Actor, ...Actor[]]).nullable()
const path = z.string().max(8192).nullable()

const cell = z.object({
  minute: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/),
  service: name,
  organization: name,
  environment,
  actor,
  inside: z.boolean(),
  method: z.string().max(32),
  path,
  class: z.enum(['2xx', '3xx', '4xx', '5xx', 'none', 'dropped']),
  bands: z.array(z.tuple([z.number().int().min(0).max(bounds.length), count])).max(bounds.length + 1),
})

const sample = z.object({
  kind: z.enum(['failed', 'refused', 'rest']),
  time: z.iso.datetime(),
  request: z.string().min(1).max(100),
  trace: z.string().max(64),
  method: z.string().max(32),
  path,
  service: name,
  // What has a default a gateway of before does not tell.
  release: name.default(null),
  upstream: z.string().max(8192).nullable().default(null),
  status: z.number().int().nullable(),
  organization: name,
  parent: name,
  environment,
  actor,
  run: name,
  credential: name,
  caller: name,
  bytesIn: z.number(),
  bytesOut: z.number(),
  ms: z.number(),
  decideMs: z.number().nullable().default(null),
  connectMs: z.number().nullable().default(null),
  upstreamMs: z.number().nullable(),
  retries: count.default(0),
  refused: name,
  aborted: name,
  stripped: z.number(),
})

const shipment = z.object({
  source: z.uuid(),
  number: z.number().int().positive(),
  told: count,
  cells: z.array(cell).max(5_000),
  samples: z.array(sample).max(1_000),
})

/** Control's route for what gateways tell of their traffic. What is not declared here is not kept. */
export function createTrafficRoutes({ traffic }: { traffic: Pick<Traffic, 'keep'> }): GatewayInternalRoutes {
  return {
    prefix: '/internal/traffic',
    roles: ['gateway'],
    mount(routes) {
      routes.post('/', async (c) => {
        await traffic.keep(await readBody(c.req.raw, shipment))
        return c.body(null, 204)
      })
    },
  }
}
