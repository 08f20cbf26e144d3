import { z } from 'zod'

/** Which pages of other origins may read what a service answers (Fetch standard, CORS protocol). */
export interface CorsPolicy {
  /** Origins; `https://*.example.com` stands for every host one label below. */
  origins: readonly string[]
  credentials: boolean
  /** Names of headers that pages may send, beside those that the gateway itself reads. */
  headers: readonly string[]
  /** Names of headers of answers that pages may read, beside those of the gateway. */
  expose: readonly string[]
  /** Seconds for which a browser may remember the answer to its question. */
  maxAgeS: number
}

// They stand in headers: nothing else may be in them.
const headerName = z.string().regex(/^[A-Za-z0-9!#$%&'+.^_`|~-]{1,100}$/, 'must be the name of a header')

export const corsPolicySchema = z.object({
  origins: z
    .array(z.string().regex(/^https?:\/\/[a-z0-9.*:[\]-]{1,280}$/, 'must be an origin'))
    .min(1)
    .max(100),
  credentials: z.boolean(),
  headers: z.array(headerName).max(100),
  expose: z.array(headerName).max(100),
  maxAgeS: z
    .number()
    .int()
    .nonnegative()
    .max(24 * 60 * 60),
})

/**
 * Whether pages of this origin are among those that may read. Browsers write an origin in lower case and without the port
 * that goes without saying, so it is compared as it is; `null` (sandboxed frames, files) is nobody's origin. Pure.
 */
export function allowsOrigin(policy: CorsPolicy, origin: string): boolean {
  return policy.origins.some((allowed) => {
    const star = allowed.indexOf('*')
    if (star < 0) return origin === allowed
    const before = allowed.slice(0, star)
    const after = allowed.slice(star + 1)
    const label = origin.slice(before.length, origin.length - after.length)
    return (
      origin.length > before.length + after.length &&
      origin.startsWith(before) &&
      origin.endsWith(after) &&
      /^[a-z0-9-]+$/.test(label)
    )
  })
}
