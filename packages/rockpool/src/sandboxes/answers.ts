import { consumerOf, type ConsumerState, type DeliveryState } from '../events/index.ts'
import type { Answer } from './next-step.ts'

/**
 * What each service made of being asked to erase. A service that consumes nothing has no one to ask: it counts as
 * having answered, and its counts say the rest. Pure.
 *
 * @param delivery undefined while the event is not in the log
 */
export function answersOf(
  services: readonly string[],
  delivery: readonly DeliveryState[] | undefined,
  consumers: readonly ConsumerState[],
): Answer[] {
  return services.map((service): Answer => {
    if (!delivery) return { service, state: 'waiting', reason: 'the relay has not taken the event up yet' }
    const found = delivery.find(({ consumer }) => consumer === consumerOf(service))
    if (!found || found.state === 'passed') return { service, state: 'erased' }
    if (found.state === 'dead') return { service, state: 'refused' }
    if (found.state === 'held')
      return { service, state: 'waiting', reason: `it could not erase: ${found.error?.message ?? 'unknown'}` }
    const trouble = consumers.find(({ name }) => name === consumerOf(service))?.error
    return { service, state: 'waiting', reason: trouble?.message ?? 'it has not answered yet' }
  })
}
