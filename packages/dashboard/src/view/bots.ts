import type { Item } from '@rockpool/client/control'
import { age, many } from '../format.ts'

export type BotItem = Item<'GET /bots'>

/** A complete lifecycle proves something for three intervals; the same as the status says. */
export const lifeOf = ({ every }: Pick<BotItem, 'every'>): number => 3 * every

/** A bot with so much debt does not use production any more. */
export const mostDebt = 5

/** The word for what a bot is in: its last verdict, or why it has none. Pure. */
export function stateOf({
  grant,
  latest,
}: BotItem): 'pass' | 'fail' | 'uncheckable' | 'not granted' | 'not run' {
  if (grant === null) return 'not granted'
  return latest?.verdict ?? 'not run'
}

const order = ['fail', 'uncheckable', 'not granted', 'not run', 'pass']

/** Worst first: those with debt, then by their state. Pure. */
export function worstFirst(bots: readonly BotItem[]): BotItem[] {
  return bots.toSorted(
    (a, b) =>
      b.debt - a.debt ||
      order.indexOf(stateOf(a)) - order.indexOf(stateOf(b)) ||
      a.name.localeCompare(b.name),
  )
}

/** Whether somebody uses production for real, and whether everything is put back, in a sentence each. Pure. */
export function leadOf(bots: readonly BotItem[], now: number): { answer: string; rest: string } {
  if (bots.length === 0) return { answer: 'No bot uses production.', rest: '' }
  const debt = bots.reduce((sum, bot) => sum + bot.debt, 0)
  const putBack =
    debt === 0
      ? 'Everything is put back.'
      : `${many(debt, 'thing')} ${debt === 1 ? 'is' : 'are'} still to be put back.`
  const failing = bots.find((bot) => bot.latest?.verdict === 'fail')
  if (failing) return { answer: `“${failing.name}” fails in production.`, rest: putBack }
  const latest = bots
    .filter((bot) => bot.lastComplete !== null)
    .toSorted((a, b) => Date.parse(b.lastComplete?.at ?? '') - Date.parse(a.lastComplete?.at ?? ''))[0]
  if (!latest?.lastComplete) return { answer: 'No bot has used production yet.', rest: putBack }
  const ago = now - Date.parse(latest.lastComplete.at)
  if (ago > lifeOf(latest))
    return { answer: `Nobody knows: the last complete lifecycle was ${age(ago)} ago.`, rest: putBack }
  return { answer: `“${latest.name}” used production for real ${age(ago)} ago.`, rest: putBack }
}

/** What a grant leaves, in words. Pure. */
export function budgetOf({ writes }: NonNullable<BotItem['grant']>): string {
  return `${writes.used} of ${many(writes.perHour, 'write')} an hour`
}
