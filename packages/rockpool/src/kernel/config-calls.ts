import { z } from 'zod'
import { parseDuration } from './duration.ts'
import type { Finding } from './problem.ts'
import { parseSize } from './size.ts'

/*
 * total   how long one call of an operation may take in all, however much progress it makes; `none`: as long as it likes
 * body    how large the body of a request may be; `none`: as large as it likes
 */

const none = 'none'
const mostMs = 24 * 60 * 60 * 1_000
/** Every operation of the service, for what it does not say itself. */
const anyOperation = '*'

const total = z
  .string()
  .refine(
    (text) => text === none || isBetween(() => parseDuration(text), mostMs),
    'write a duration up to 1d, such as 30s or 5m, or none',
  )
const body = z
  .string()
  .refine(
    (text) => text === none || isBetween(() => parseSize(text), Number.MAX_SAFE_INTEGER),
    'write a size such as 64KB, 10MB or 2GB, or none',
  )

/** Of one service, in `services`: by `operationId`, or `*`. */
export const callLimitsSchema = z
  .record(z.string().min(1).max(200), z.strictObject({ total: total.optional(), body: body.optional() }))
  .optional()

export type CallLimitsConfig = NonNullable<z.output<typeof callLimitsSchema>>

/** What is written for one operation; null: none, without a member: the gateway's own. */
export interface CallLimits {
  totalMs?: number | null
  maxBodyBytes?: number | null
}

/** The limits of one operation; what it does not say itself, `*` says for it. Pure. */
export function callLimitsOf(config: CallLimitsConfig | undefined, operationId: string): CallLimits {
  if (config === undefined) return {}
  const own = Object.hasOwn(config, operationId) ? config[operationId] : undefined
  const every = config[anyOperation]
  const time = own?.total ?? every?.total
  const size = own?.body ?? every?.body
  return {
    ...(time === undefined ? {} : { totalMs: time === none ? null : parseDuration(time) }),
    ...(size === undefined ? {} : { maxBodyBytes: size === none ? null : parseSize(size) }),
  }
}

/** Limits of operations that the service's contract does not have. Pure. */
export function callLimitFindings(
  service: string,
  config: CallLimitsConfig | undefined,
  operationIds: readonly string[],
): Finding[] {
  return Object.keys(config ?? {})
    .filter((name) => name !== anyOperation && !operationIds.includes(name))
    .map((name) => ({
      path: `services.${service}.limits.${name}`,
      message: `the contract of ${service} has no operation “${name}”`,
    }))
}

function isBetween(read: () => number, most: number): boolean {
  try {
    const value = read()
    return value >= 1 && value <= most
  } catch {
    return false
  }
}
