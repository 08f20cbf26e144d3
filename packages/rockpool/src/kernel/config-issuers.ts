import { z } from 'zod'
import { isLoopbackHost } from './address.ts'
import { parseDuration } from './duration.ts'
import type { Finding } from './problem.ts'

/*
 * issuer     who signs tokens (JWTs) for the users of the API's customers: a sign-in service of the team's own, or a
 *            rented one. Its tokens open the gateway as keys do
 * JWKS       the public keys that an issuer publishes (RFC 7517); control reads them again and again
 * audience   for whom a token is meant. An issuer signs for many: without a check of it, a token that another
 *            application got would open this API (RFC 8725 3.9), so there is no default
 */

/** Signatures by key pairs alone: nothing is unsigned, and no shared secret would stay one at every gateway (RFC 7518 3.1). */
export const signatureAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const
export type SignatureAlgorithm = (typeof signatureAlgorithms)[number]

const maxSkewMs = 5 * 60_000

const claimName = z.string().min(1).max(200)
const secureUrl = z.string().max(500).refine(isSecureUrl, {
  message:
    'write an https URL without user and fragment, such as https://login.example.test/; http is for this machine alone',
})
const audience = z.string().min(1).max(500)
const algorithm = z.enum(signatureAlgorithms, {
  error: `use ${signatureAlgorithms.join(', ')}: “none” and shared secrets (HS256 and the like) are never accepted`,
})
const skew = z.string().refine((text) => isDuration(text, maxSkewMs), {
  message: 'write a duration of at most 5m, such as 60s',
})
/** What stands before each subject; see `overlaps`. */
const prefix = z
  .string()
  .max(50)
  .regex(/^[\x21-\x7e]*$/, 'use visible ASCII characters, such as “staff:”')

export const issuerSchema = z
  .strictObject({
    /** The claim `iss` of its tokens, to the letter. */
    issuer: secureUrl,
    jwks: secureUrl,
    audience: z.union([audience, z.array(audience).min(1).max(20)], {
      error: 'name the audience that tokens for this API have (their claim aud); there is no default',
    }),
    organization: z.union(
      [
        z.strictObject({ claim: claimName }),
        z.strictObject({ slug: z.string().regex(/^[a-z0-9][a-z0-9-]{0,99}$/) }),
      ],
      {
        error:
          'write { claim: "…" } (a token names its organization) or { slug: "…" } (all are of one organization)',
      },
    ),
    /** In the access log; by default the host of the issuer. */
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.:-]{0,99}$/, 'use lower-case letters, digits, dots, colons and dashes')
      .optional(),
    /** The claim that tells who the user is. */
    subject: claimName.default('sub'),
    prefix: prefix.default(''),
    algorithms: z
      .array(algorithm)
      .min(1)
      .max(20)
      .default([...signatureAlgorithms]),
    clockSkew: skew.default('60s'),
    environment: z.enum(['production', 'sandbox']).default('production'),
    /** The service gets the token too. */
    forwardToken: z.boolean().default(false),
  })
  .transform(({ name, audience: one, ...rest }) => ({
    ...rest,
    audience: typeof one === 'string' ? [one] : one,
    name: name ?? (URL.parse(rest.issuer)?.host ?? '').slice(0, 100),
  }))

export const issuersSchema = z.array(issuerSchema).max(50).default([])

export type IssuerConfig = z.output<typeof issuerSchema>

/** What one field alone cannot show about issuers. Pure. */
export function issuerFindings(config: {
  organizations: readonly { slug: string; environment: 'production' | 'sandbox' }[]
  issuers: readonly IssuerConfig[]
}): Finding[] {
  const findings: Finding[] = []
  for (const [index, one] of config.issuers.entries()) {
    const found = (path: string, message: string) =>
      findings.push({ path: `issuers.${index}.${path}`, message })
    const earlier = config.issuers.slice(0, index)
    if (earlier.some(({ issuer }) => issuer === one.issuer))
      found('issuer', 'this issuer stands here already; one may have several audiences')
    else if (earlier.some(({ name }) => name === one.name))
      found('name', `“${one.name}” is another issuer’s name already: give each a name`)
    if (earlier.some((other) => other.prefix === one.prefix && overlaps(one, other)))
      found(
        'prefix',
        'two issuers may speak for the same organization, and a subject is unique within one alone: give them different prefixes, such as “staff:”',
      )
    if (!('slug' in one.organization)) continue
    const { slug } = one.organization
    const organization = config.organizations.find((candidate) => candidate.slug === slug)
    if (organization && organization.environment !== one.environment)
      found(
        'organization.slug',
        `“${slug}” is a ${organization.environment} organization, and this issuer is for ${one.environment}`,
      )
  }
  return findings
}

/** Whether two issuers may speak for one organization. A claim may name any. */
function overlaps(one: IssuerConfig, other: IssuerConfig): boolean {
  if (one.environment !== other.environment) return false
  if (!('slug' in one.organization) || !('slug' in other.organization)) return true
  return one.organization.slug === other.organization.slug
}

function isSecureUrl(text: string): boolean {
  const url = URL.parse(text)
  if (url === null || url.username + url.password + url.hash !== '' || text.includes('#')) return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname))
}

function isDuration(text: string, most: number): boolean {
  try {
    return parseDuration(text) <= most
  } catch {
    return false
  }
}
