import { z } from 'zod'

/*
 * telemetry     where gateways tell what goes through them, by OTLP: traces and metrics (docs/telemetry.md)
 * share         of the traces that begin at a gateway, those that are sampled; the first rule that fits counts
 */

const actors = [
  'customer',
  'anonymous',
  'service',
  'member',
  'check',
  'bot',
  'load',
  'drill',
  'example',
] as const

const rule = z
  .strictObject({
    environment: z.enum(['production', 'sandbox']).optional(),
    actor: z.enum(actors, `write one of ${actors.join(', ')}`).optional(),
    service: z.string().min(1).max(200).optional(),
    share: z.number().min(0, 'write a number from 0 to 1').max(1, 'write a number from 0 to 1'),
  })
  .transform(({ environment, actor, service, share }) => ({
    environment: environment ?? null,
    actor: actor ?? null,
    service: service ?? null,
    share,
  }))

export const telemetrySchema = z
  .strictObject({
    /** Base of the collector's addresses; `/v1/traces` and `/v1/metrics` are added. Its headers come by the environment. */
    endpoint: z
      .url({ protocol: /^https?$/, error: 'write the address of a collector, such as http://127.0.0.1:4318' })
      .refine(
        hasNoSecret,
        'write no user, password, query or fragment: keys go into OTEL_EXPORTER_OTLP_HEADERS',
      ),
    traces: z.array(rule).max(100).default([]),
  })
  .optional()

function hasNoSecret(text: string): boolean {
  const { username, password, search, hash } = new URL(text)
  return `${username}${password}${search}${hash}` === ''
}
