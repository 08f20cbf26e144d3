import { z } from 'zod'
import { parseDuration } from './duration.ts'
import type { Finding } from './problem.ts'

/*
 * rate limit    how many calls of one organization, or of one credential, a gateway lets through in a window of time
 * burst         how many may come at once after a pause; the window's limit unless it is written
 * scope         what a rate limit is for: service, operation, environment, whose calls are counted together
 * concurrency   how many calls a service may have under way at once
 */

const anyOrganization = '*'

const amount = z.int().min(1, 'write a whole number of at least 1').max(1_000_000)

/** Of one service, in `services`. Calls of lower classes may fill a share of it only (docs/limits.md). */
export const concurrencySchema = z.int().min(1, 'write a whole number of at least 1').max(10_000).optional()

export const rateLimitSchema = z
  .strictObject({
    /** What clients see in the headers `RateLimit` and `RateLimit-Policy`; made from the rest unless it is written. */
    name: z
      .string()
      .regex(
        /^[A-Za-z][A-Za-z0-9._-]{0,99}$/,
        'use letters, digits, dots and dashes, beginning with a letter',
      )
      .optional(),
    /** One organization and its sandboxes; `*`: each of all that no limit of the same scope names. */
    organization: z.string().min(1).default(anyOrganization),
    environment: z.enum(['production', 'sandbox']).optional(),
    service: z.string().min(1).optional(),
    /** The `operationId` of a contract. */
    operation: z.string().min(1).max(200).optional(),
    /** Whose calls are counted together. */
    per: z.enum(['organization', 'credential'], "write 'organization' or 'credential'"),
    limit: amount,
    window: z.string().refine(isWholeSeconds, 'write whole seconds between 1s and 1d, such as 1s, 1m or 1h'),
    burst: amount.optional(),
  })
  .transform(({ organization, environment, service, operation, per, limit, window, burst, name }) => ({
    name: name ?? madeName(organization, environment, operation ?? service, `${per}-${window}`),
    /** Null: every one. */
    organization: organization === anyOrganization ? null : organization,
    environment: environment ?? null,
    service: service ?? null,
    operation: operation ?? null,
    per,
    limit,
    windowMs: parseDuration(window),
    burst: burst ?? limit,
  }))

export const rateLimitsSchema = z.array(rateLimitSchema).max(200).default([])

export type RateLimitConfig = z.output<typeof rateLimitSchema>

/** What one field alone cannot show about rate limits. Whether an operation exists, the contracts tell. Pure. */
export function rateLimitFindings(config: {
  organizations: readonly { slug: string; environment: 'production' | 'sandbox' }[]
  services: Readonly<Record<string, unknown>>
  rateLimits: readonly RateLimitConfig[]
}): Finding[] {
  const findings: Finding[] = []
  for (const [index, one] of config.rateLimits.entries()) {
    const found = (path: string, message: string) =>
      findings.push({ path: `rateLimits.${index}.${path}`, message })
    const { name, service, environment, organization: slug } = one
    if (service !== null && !Object.hasOwn(config.services, service))
      found('service', `there is no service “${service}”`)
    if (slug !== null && config.organizations.length > 0) {
      const organization = config.organizations.find((candidate) => candidate.slug === slug)
      if (!organization) found('organization', `“${slug}” is not among the organizations`)
      else if (organization.environment === 'sandbox' && environment === 'production')
        found('environment', `“${slug}” is a sandbox: no call of it is one of production`)
    }
    if (config.rateLimits.findIndex((other) => other.name === name) < index)
      found('name', `another rate limit is called “${name}” already: give this one a name of its own`)
  }
  return findings
}

/** `production.catalog-per-organization-1s`; only characters that a header may hold. */
function madeName(
  organization: string,
  environment: string | undefined,
  what: string | undefined,
  how: string,
): string {
  const scope = [organization === anyOrganization ? undefined : organization, environment, what]
  const words = scope.filter((word) => word !== undefined)
  return `${words.join('.') || 'all'}-per-${how}`.replace(/[^A-Za-z0-9._-]/g, '-')
}

function isWholeSeconds(text: string): boolean {
  try {
    const ms = parseDuration(text)
    return ms % 1_000 === 0 && ms >= 1_000 && ms <= 24 * 60 * 60 * 1_000
  } catch {
    return false
  }
}
