import { defineScenario } from '../../checks/light.ts'
import type { ScenarioDefinition } from '../../checks/light.ts'
import { runLifecycle } from './lifecycle.ts'
import type { BotBody, BotOptions } from './types.ts'

/**
 * Defines a bot: a name that no other bot has, how often it works, how what it made is put back, and its lifecycle.
 *
 *     bot('order and cancel', { every: '1m', putBack }, async ({ bot, api, step, expect }) => {
 *       const order = await step('order', () => api.orders.placeOrder({ body: { item, card: bot.card, email: bot.email } }))
 *       await step('cancel', () => api.orders.cancelOrder({ path: { id: order.body.id } }))
 *     })
 *
 * It runs only where the configuration grants it a production organization. `rockpool bot run` runs it once.
 */
export function bot(name: string, options: BotOptions, body: BotBody): ScenarioDefinition {
  const putBack = options?.putBack
  return defineScenario({
    kind: 'bot',
    name,
    // Of a function only its type leaves this process.
    options:
      typeof options === 'object' && options !== null ? { ...options, putBack: typeof putBack } : options,
    written: body,
    body:
      typeof body === 'function'
        ? (fixtures, inside) => runLifecycle({ putBack, body, fixtures, inside })
        : body,
  })
}
