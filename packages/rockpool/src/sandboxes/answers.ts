import { consumerOf, type ConsumerState, type DeliveryState } from '../events/index.ts'
import type { Answer } from './next-step.ts'

/** A service that is up and answers for this long that it cannot erase has had its chance in this pass. */
const refusalMs = 30_000

/**
 * What each service made of being asked to erase. A service that consumes nothing has no one to ask: it counts as
 * having answered, and its counts say the rest. Pure.
 *
 * @param delivery undefined while the event is not in the log
 * @param askedForMs milliseconds since the event was published
 */
export function answersOf(
  services: readonly string[],
  delivery: readonly DeliveryState[] | undefined,
  consumers: readonly ConsumerState[],
  askedForMs: number,
): Answer[] {
  return services.map((service): Answer => {
    if (!delivery) return { service, state: 'waiting', reason: 'the relay has not taken the event up yet' }
    const found = delivery.find(({ consumer }) => consumer === consumerOf(service))
    if (!found || found.state === 'passed') return { service, state: 'erased' }
    if (found.state === 'dead' || found.state === 'held') {
      const state = found.state === 'dead' || askedForMs >= refusalMs ? 'refused' : 'waiting'
      return { service, state, reason: `it could not erase: ${found.error?.message ?? 'it did not say why'}` }
    }
    const trouble = consumers.find(({ name }) => name === consumerOf(service))?.error
    return { service, state: 'waiting', reason: trouble?.message ?? 'it has not answered yet' }
  })
}
