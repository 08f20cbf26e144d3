export { createEvents } from './events.ts'
export type { EventsOptions } from './events.ts'
export { goneOrganizations } from './gone.ts'
export { consumerOf, createHttpConsumer } from './http-consumer.ts'
export type { HttpConsumerOptions } from './http-consumer.ts'
export { createLocalConsumer } from './local-consumer.ts'
export type { LocalConsumerOptions } from './local-consumer.ts'
export { createRelay } from './relay.ts'
export type { Relay, RelayOptions } from './relay.ts'
export type { RetryPolicy } from './retry.ts'
export { createEventSigner } from './signer.ts'
export type { EventSigner } from './signer.ts'
export type {
  BarrierOptions,
  Consumer,
  ConsumerState,
  DeliveryState,
  EventRows,
  Events,
  GoneOrganizations,
  HeldEvent,
  LoggedEvent,
  NewEvent,
  Result,
  Source,
  SourceState,
} from './types.ts'

/** For `migrate`. */
export const eventsMigrations = {
  schema: 'events',
  folder: new URL('./migrations/', import.meta.url),
} as const
