import { randomUUIDv7 } from 'node:crypto'
import { rethrow } from './database.ts'
import { problem } from './errors.ts'
import type { Identity } from './wire.ts'
import type { Consumer, NewEvent, PublishedEvent, Queryable } from './types.ts'

/** The largest data of an event, as JSON in bytes. */
export const maxEventBytes: number = 256 * 1024

// As JSON.stringify writes them: other characters are never escaped this way.
const unstorable = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/
const typePattern = /^[a-z][a-z0-9_]{0,99}$/

/**
 * Write an event into the outbox with an open transaction, or by itself with a pool.
 * @throws Problem `event_invalid`, `organization_deleted`, `database_unreachable`
 */
export async function writeEvent(
  database: Queryable,
  identity: Identity,
  event: { type: string; key: string; data: unknown },
): Promise<PublishedEvent> {
  const id = randomUUIDv7()
  const { organization, environment, actor, run } = identity
  const { rows } = await database
    .query('select rockpool.publish($1, $2, $3, $4, $5, $6, $7, $8) as number', [
      id,
      organization,
      environment,
      actor,
      run ?? null,
      event.type,
      event.key,
      eventJson(event.type, event.data),
    ])
    .catch(rethrow)
  return { id, type: event.type, number: String((rows[0] as { number: unknown }).number) }
}

/** The full type of an event of one's own. @throws Problem `event_invalid` */
export function eventType(service: string, event: NewEvent): string {
  if (!typePattern.test(event.type))
    throw problem('event_invalid', `the event type ${event.type} is not like order_placed`)
  if (typeof event.key !== 'string' || event.key.length === 0 || event.key.length > 200)
    throw problem('event_invalid', `the key of ${event.type} must be a text of 1 to 200 characters`)
  return `${service}.${event.type}`
}

function eventJson(type: string, data: unknown): string {
  const json = JSON.stringify(data) as string | undefined
  if (json === undefined) throw problem('event_invalid', `the data of ${type} cannot be said in JSON`)
  const bytes = Buffer.byteLength(json)
  if (bytes > maxEventBytes)
    throw problem('event_invalid', `the data of ${type} has ${bytes} bytes; at most ${maxEventBytes} travel`)
  // Postgres would say so only in the middle of the caller's transaction, and spoil it.
  if (unstorable.test(json))
    throw problem(
      'event_invalid',
      `the data of ${type} has a character that jsonb cannot hold (U+0000, half a surrogate pair)`,
    )
  return json
}

/** The consumers of one service, by event type. */
export interface Consumers {
  add(type: string, consumer: Consumer): void
  find(type: string): Consumer | undefined
  /** Whether the config lets this service consume the type. */
  declared(type: string): boolean
}

export function createConsumers(service: string, consumes: readonly string[]): Consumers {
  const consumers = new Map<string, Consumer>()
  const declared = (type: string) =>
    consumes.some((known) => known === type || (known.endsWith('.*') && type.startsWith(known.slice(0, -1))))
  return {
    declared,
    find: (type) => consumers.get(type),
    add(type, consumer) {
      if (!declared(type)) {
        const add = `services['${service}'].consumes: [${[...consumes, type].map((name) => `'${name}'`).join(', ')}]`
        throw problem(
          'event_not_declared',
          `${service} may not consume ${type}: in rockpool.config.ts write ${add}`,
        )
      }
      if (consumers.has(type))
        throw problem('consumer_exists', `${type} has a consumer in ${service} already`)
      consumers.set(type, consumer)
    },
  }
}
