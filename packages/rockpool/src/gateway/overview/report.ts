import { z } from 'zod'
import { durationBounds } from './counters.ts'

/*
 * The facts of a report as control takes them: bounded in every direction, for they are kept in memory and told on.
 */

const count = z.number().nonnegative()
const whole = z.number().int().nonnegative()
const name = z.string().max(200)
const environment = z.enum(['production', 'sandbox']).nullable()
const text = z.string().max(500)

const counters = z.object({
  requests: z
    .array(
      z.object({
        service: name.nullable(),
        environment,
        from: z.enum(['client', 'service']),
        method: z.enum(['read', 'write', 'other']),
        status: z.enum(['2xx', '3xx', '4xx', '5xx', 'none']),
        count: whole,
      }),
    )
    .max(2_000),
  services: z
    .array(
      z.object({
        service: name.nullable(),
        environment,
        durations: z.array(whole).length(durationBounds.length + 1),
        durationMs: count,
        bytesIn: count,
        bytesOut: count,
      }),
    )
    .max(2_000),
  refused: z.array(z.object({ code: name, count: whole })).max(500),
  stripped: whole,
})

export const factsSchema = z.object({
  name: name.min(1),
  engine: name,
  addresses: z.array(name).max(20),
  key: name,
  started: z.iso.datetime(),
  notReady: text.nullable(),
  draining: z.boolean(),
  ageMs: count.nullable(),
  cutOff: z.object({ runMs: count, keyMs: count }),
  holds: z.object({ organizations: whole, credentials: whole, services: whole, routes: whole }),
  ledgerWaiting: whole,
  trafficWaiting: whole,
  logLinesDropped: whole,
  refused: z
    .object({
      at: z.iso.datetime(),
      findings: z.array(z.object({ path: text, message: text })).max(20),
    })
    .nullable(),
  counters,
  contracts: z
    .array(z.object({ service: name, operation: name, findings: whole, drift: whole, dropped: whole }))
    .max(1_000)
    .optional(),
})
