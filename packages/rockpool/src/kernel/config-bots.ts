import { z } from 'zod'
import type { Finding } from './problem.ts'

/*
 * bots     programs that use production as customers do: where their files are, and the domain of their addresses
 * grant    the team's standing consent, in the configuration: which bot may write in which production organization, how
 *          much, and why. Without one a bot does not run
 */

const domain = z
  .string()
  .max(200)
  .regex(
    /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/,
    'write a domain that the team owns, in lower case, such as bots.example.com',
  )
const amount = z.int().min(1, 'write a whole number of at least 1').max(100_000)

export const botsSchema = z.strictObject({
  /** A bot's addresses are `<bot>+<run>@<domain>`; nobody else may use the domain. */
  domain,
  files: z.array(z.string().min(1)).min(1, 'name the files, such as ["bots/**/*.bot.ts"]'),
})

export const grantSchema = z.strictObject({
  /** The bot's name. */
  bot: z.string().min(1).max(120),
  /** The production organization that it is a customer of. */
  organization: z.string(),
  /** What it pays with: a token of the shop's own, never a number. */
  card: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_-]{1,119}$/, 'write a token such as card_bot, never a card’s number')
    .optional(),
  writes: z.strictObject({
    /** Unsafe calls of one run at most. */
    perRun: amount,
    /** Of all its runs within an hour at most. */
    perHour: amount,
  }),
  /** For whoever reads it later. */
  why: z.string().min(1).max(500),
})

export type GrantConfig = z.output<typeof grantSchema>

/** What one field alone cannot show about grants. Pure. */
export function grantFindings(config: {
  organizations: readonly { slug: string; environment: 'production' | 'sandbox' }[]
  bots?: unknown
  grants: readonly GrantConfig[]
}): Finding[] {
  const findings: Finding[] = []
  for (const [index, { bot, organization: slug, writes }] of config.grants.entries()) {
    const found = (path: string, message: string) =>
      findings.push({ path: `grants.${index}${path && `.${path}`}`, message })
    const organization = config.organizations.find((one) => one.slug === slug)
    if (!organization) found('organization', `“${slug}” is not among the organizations`)
    else if (organization.environment !== 'production')
      found(
        'organization',
        `“${slug}” is no production organization: in a sandbox nothing needs a grant, write a check`,
      )
    if (config.grants.findIndex((one) => one.bot === bot) < index)
      found('bot', `“${bot}” has a grant already; a bot has one`)
    if (2 * writes.perRun > writes.perHour)
      found(
        'writes.perHour',
        `the last ${writes.perRun} of an hour (perRun) are for putting back, so it needs ${2 * writes.perRun} at least`,
      )
    if (config.bots === undefined) found('', 'a grant is for a bot: add bots: { domain, files }')
  }
  return findings
}
