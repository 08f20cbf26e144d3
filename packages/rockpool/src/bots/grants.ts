import type { Config } from '../kernel/index.ts'
import type { BotGrant } from './types.ts'

type Granting = Pick<Config, 'bots' | 'grants'>

/** Its standing consent; without one it does not run. Pure. */
export function grantOf({ bots, grants }: Granting, bot: string): BotGrant | undefined {
  return bots && grants.find((grant) => grant.bot === bot)
}

/** What to add to the configuration, as it may be pasted. Pure. */
export function grantToAdd(bot: string, { grants }: Granting): string[] {
  const organization = grants[0]?.organization ?? '<production organization>'
  return [
    'grants: [',
    `  { bot: ${quoted(bot)}, organization: ${quoted(organization)}, card: '<token>', writes: { perRun: 10, perHour: 240 }, why: '<why>' },`,
    ']',
  ]
}

/** One line: that it has none, and what to add. Pure. */
export function missingGrant(bot: string, config: Granting): string {
  const entry = grantToAdd(bot, config)[1]!.trim().replace(/,$/, '')
  return `“${bot}” has no grant: add ${entry} to grants of the configuration`
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

/** A card's token as lists show it. Pure. */
export function cardHint(card: string): string {
  return card.length < 12 ? `${card.slice(0, 2)}…` : `${card.slice(0, 5)}…${card.slice(-4)}`
}
