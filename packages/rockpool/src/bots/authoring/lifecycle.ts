import { Obstructed } from '../../checks/light.ts'
import type { Fixtures, Inside } from '../../checks/light.ts'
import { entryLine, mostDebt } from '../debt.ts'
import type { BotOrder } from '../types.ts'
import type { BotBody, BotFixtures, BotOptions, Created } from './types.ts'

/** Puts back what earlier runs left, then runs the lifecycle; with too much left, or too little to write, it does not begin. In the scenario's own process. */
export async function runLifecycle(options: {
  putBack: BotOptions['putBack']
  body: BotBody
  fixtures: Fixtures
  inside: Inside
}): Promise<void> {
  const { putBack, body, inside } = options
  const order = inside.more as BotOrder
  const fixtures = botFixtures(options.fixtures, order, inside)
  let left = order.debt
  let reason = ''
  for (const created of order.leftovers as Created[]) {
    try {
      await fixtures.step(`put back ${entryLine(created)}`, async () => {
        await putBack(fixtures, created)
        await inside.ask('putBack', { entry: created.id })
      })
      left--
    } catch (error) {
      // The others are tried all the same: each thing less is one thing less in production.
      reason = error instanceof Error ? error.message : 'something was thrown that is not an Error'
    }
  }
  if (left >= mostDebt) throw tooMuch(left, reason)
  if (order.putsBackAlone !== null)
    throw new Obstructed(`nothing was done but to put back what earlier runs left: ${order.putsBackAlone}`, {
      retry: false,
    })
  await body(fixtures)
}

function tooMuch(left: number, reason: string): Error {
  const because = reason === '' ? '' : `; the last: ${reason}`
  return new Error(
    `it uses production no more: ${left} things that earlier runs made are not put back${because}`,
  )
}

/** The fixtures of every scenario, with a bot's own instead of the sandbox; in production nothing is broken on purpose. Copied as they are: some are made when they are asked for. */
function botFixtures(given: Fixtures, order: BotOrder, inside: Inside): BotFixtures {
  const { sandbox: _sandbox, faults: _faults, ...others } = Object.getOwnPropertyDescriptors(given)
  const { name, run, domain, card, organization } = order
  const emailOf = (of: string) => `${slugOf(name)}+${of}@${domain}`
  const own = {
    bot: { name, run, domain, card, organization, email: emailOf(run), emailOf },
    ledger: () => inside.ask('ledger', null),
  }
  return Object.defineProperties(own, others) as unknown as BotFixtures
}

/** The part of a name that an address can begin with; with a run's id it stays within 64 characters (RFC 5321 4.5.3.1.1). Pure. */
export function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 20)
    .replaceAll(/^-+|-+$/g, '')
  return slug || 'bot'
}
