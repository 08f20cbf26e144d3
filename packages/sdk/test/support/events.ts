import { randomUUIDv7 } from 'node:crypto'
import {
  plainIdentity,
  type CloudEvent,
  type EventDelivery,
  type EventResult,
  type IdentityClaims,
} from '../../src/wire.ts'
import type { Rockpool } from '../../src/index.ts'
import { relay } from './service.ts'

/** An event as the relay makes it; of `orders.order_placed`, for harbor in production, unless said otherwise. */
export function cloudEvent(event: Partial<CloudEvent> = {}): CloudEvent {
  return {
    specversion: '1.0',
    id: randomUUIDv7(),
    source: '/services/orders',
    type: 'orders.order_placed',
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    subject: 'order-1',
    sequence: '1',
    organization: 'harbor',
    environment: 'production',
    actor: 'customer',
    data: {},
    ...event,
  }
}

export function organizationDeleting(organization: string): CloudEvent {
  return cloudEvent({
    source: '/rockpool',
    type: 'rockpool.organization_deleting',
    subject: organization,
    organization,
  })
}

/** The event with the identity that the relay mints for it. */
export function delivered(event: CloudEvent, claims: Partial<IdentityClaims> = {}): EventDelivery {
  return { event, identity: relay.sign({ ...plainIdentity(event), event: event.id, ...claims }) }
}

/** Gives deliveries to a service as its endpoint would get them. */
export async function deliver(rockpool: Rockpool, ...events: EventDelivery[]): Promise<EventResult[]> {
  const admission = await rockpool.inbound.admit(
    {
      method: 'POST',
      path: '/.rockpool/events',
      header: () => undefined,
      body: () => Promise.resolve(Buffer.from(JSON.stringify({ events }))),
    },
    {},
  )
  if (!('answer' in admission) || admission.answer.status !== 200)
    throw new Error(`refused: ${JSON.stringify(admission)}`)
  return (JSON.parse(admission.answer.body) as { results: EventResult[] }).results
}
