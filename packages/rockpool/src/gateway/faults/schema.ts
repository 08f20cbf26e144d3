import { z } from 'zod'
import { effectFindings, effectOf, faultKinds, maxDelayMs } from './effect.ts'
import type { EffectFields } from './effect.ts'

/** What kinds are described by; which field belongs to which kind is told by `effectFindings`. */
export const effectFields = {
  ms: z.int().min(1).max(maxDelayMs).optional().describe('delay: milliseconds until a call goes on'),
  jitterMs: z.int().min(0).max(maxDelayMs).optional().describe('delay: up to so many more, at random'),
  status: z.int().min(400).max(599).optional().describe('status: answered with it, and without a body'),
  pointer: z
    .string()
    .regex(/^(\/([^~/]|~[01])*)+$/, 'must be a JSON pointer (RFC 6901), such as /items/0/price')
    .max(500)
    .optional()
    .describe('wrong_field: which field of the JSON answer, as a JSON pointer'),
  value: z.unknown().optional().describe('wrong_field: what it becomes'),
  drop: z.literal(true).optional().describe('wrong_field: it is left out'),
  afterBytes: z.int().min(1).max(1_000_000_000).optional().describe('reset: after so many bytes of the body'),
  bytesPerSecond: z.int().min(100).max(1_000_000_000).optional().describe('throttle: of the body, at most'),
}

/** Adds what does not go together to the findings of the fields. */
export function checkEffect(given: EffectFields, context: z.RefinementCtx): void {
  for (const { path, message } of effectFindings(given))
    context.addIssue({ code: 'custom', path: [path], message })
}

const word = z.string().min(1).max(200)

/**
 * An entry of the snapshot. What an earlier version of Rockpool kept on disk has no more than id, service, kind and end.
 * The last line of defence: one that is for another environment than a sandbox is refused.
 */
export const snapshotFault = z
  .object({
    id: word,
    service: word,
    operation: word.nullable().default(null),
    percent: z.int().min(1).max(100).default(100),
    environment: z.literal('sandbox', 'a fault is for sandboxes only').default('sandbox'),
    of: z.object({ run: word, organization: word }).nullable().default(null),
    endsAt: z.iso.datetime({ offset: true }),
    kind: z.enum(faultKinds),
    ...effectFields,
  })
  .superRefine(checkEffect)
  .transform(({ id, service, operation, percent, environment, of, endsAt, ...effect }) => ({
    id,
    service,
    operation,
    percent,
    environment,
    of,
    endsAt,
    ...effectOf(effect),
  }))
