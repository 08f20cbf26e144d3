import type { Activity } from './activity.ts'
import type { Context, ContextStore } from './context.ts'
import { inTransaction, rethrow } from './database.ts'
import type { Erasure } from './erasure.ts'
import { messageOf, problem, toProblem, type Problem } from './errors.ts'
import type { Consumer, Log, PoolLike, Transaction } from './types.ts'
import type { Consumers } from './events.ts'
import type { Verifier } from './identity.ts'
import { readRequestId, readTrace } from './trace.ts'
import {
  organizationDeleting,
  plainIdentity,
  type CloudEvent,
  type EventBatch,
  type EventDelivery,
  type EventResult,
  type IdentityClaims,
} from './wire.ts'

export interface DeliveryOptions {
  consumers: Consumers
  verifier: Verifier
  context: ContextStore
  activity: Activity
  erasure: Erasure
  database: PoolLike | undefined
  log: Log
}

/**
 * Applies a batch from the relay; never throws.
 *
 *   batch ─► by (organization, key) ─► one after the other within a key, keys side by side
 *              each: identity of the relay for this very event? ─► transaction: inbox row, consumer ─► outcome
 *              after a failure the key's later events are held behind it
 */
export function createDelivery(
  options: DeliveryOptions,
): (
  batch: EventBatch,
  headers: { traceparent?: string | undefined; request?: string | undefined },
) => Promise<EventResult[]> {
  const sideBySide = 4
  return async ({ events }, { traceparent, request }) => {
    const trace = { ...readTrace(traceparent), request: readRequestId(request) }
    const results = new Map<EventDelivery, EventResult>()
    const keys = [
      ...Map.groupBy(events, ({ event }) => JSON.stringify([event.organization, event.subject])).values(),
    ]
    const work = async (): Promise<void> => {
      for (let key = keys.shift(); key; key = keys.shift())
        for (const result of await applyKey(key)) results.set(...result)
    }
    const applyKey = async (deliveries: EventDelivery[]): Promise<[EventDelivery, EventResult][]> => {
      const done: [EventDelivery, EventResult][] = []
      for (const delivery of deliveries) {
        const behind = done.some(([, { outcome }]) => outcome === 'failed')
        const result = behind
          ? failed(delivery.event, problem('held_behind', 'an earlier event of the same key failed'))
          : await applyOne(options, delivery, trace)
        done.push([delivery, result])
      }
      return done
    }
    await Promise.all(Array.from({ length: sideBySide }, work))
    return events.map((delivery) => results.get(delivery)!)
  }
}

type Trace = Pick<Context, 'traceId' | 'traceFlags'> & { request: string }

async function applyOne(
  options: DeliveryOptions,
  { event, identity }: EventDelivery,
  trace: Trace,
): Promise<EventResult> {
  try {
    const claims = await options.verifier.verify(identity, { trust: ['relay'] })
    requireSameWork(claims, event)
    if (event.type === organizationDeleting) {
      if (options.database) await options.erasure.erase(event.organization)
      return { id: event.id, outcome: 'applied' }
    }
    const consumer = options.consumers.find(event.type)
    if (!consumer) return unconsumed(options, event)
    const current = { ...plainIdentity(claims), event: event.id, request: trace.request }
    const context: Context = {
      identity: current,
      token: identity,
      traceId: trace.traceId,
      traceFlags: trace.traceFlags,
    }
    const leave = options.activity.enter(event.organization)
    try {
      return await options.context.run(context, () => applyOnce(options.database!, consumer, event))
    } finally {
      leave()
    }
  } catch (error) {
    const reason = consumerProblem(error)
    // Its rows are gone or going; there is nothing left that this event could be applied to.
    if (reason.code === 'organization_deleted') return { id: event.id, outcome: 'ignored' }
    options.log.error(
      { err: reasonText(reason), event: event.id, type: event.type, organization: event.organization },
      'an event could not be applied',
    )
    return failed(event, reason)
  }
}

function applyOnce(database: PoolLike, consumer: Consumer, event: CloudEvent): Promise<EventResult> {
  return inTransaction(database, event, async (tx) => {
    if (!(await enterInbox(tx, event))) return { id: event.id, outcome: 'duplicate' }
    await consumer(event, tx)
    return { id: event.id, outcome: 'applied' }
  })
}

async function enterInbox(tx: Transaction, { id, organization, type }: CloudEvent): Promise<boolean> {
  const { rowCount } = await tx
    .query(
      'insert into rockpool.inbox (event, organization, type) values ($1, $2, $3) on conflict (event) do nothing',
      [id, organization, type],
    )
    .catch(rethrow)
  return rowCount === 1
}

function unconsumed({ consumers }: DeliveryOptions, event: CloudEvent): EventResult {
  if (!consumers.declared(event.type)) return { id: event.id, outcome: 'ignored' }
  return failed(
    event,
    problem(
      'consumer_missing',
      `the config says that ${event.type} is consumed here, but the code registers no consumer for it`,
    ),
  )
}

/** An identity counts for the one event it was minted for, and says the same as the event. */
function requireSameWork(claims: IdentityClaims, event: CloudEvent): void {
  const differs = (['organization', 'environment', 'actor', 'run'] as const).find(
    (name) => claims[name] !== event[name],
  )
  if (claims.event !== event.id)
    throw problem('identity_forged', `the identity was minted for another event than ${event.id}`)
  if (differs) throw problem('identity_forged', `the identity and the event ${event.id} differ in ${differs}`)
  if (event.type === organizationDeleting && event.subject !== event.organization)
    throw problem(
      'identity_forged',
      `the identity is of ${event.organization}, the event asks to erase ${event.subject}`,
    )
}

function consumerProblem(error: unknown): Problem {
  const known = toProblem(error)
  return known.code === 'internal' ? problem('consumer_failed', messageOf(error), { cause: error }) : known
}

function failed({ id }: CloudEvent, { code, message }: Problem): EventResult {
  return { id, outcome: 'failed', error: { code, message } }
}

function reasonText(reason: Problem): string {
  return reason.cause instanceof Error ? (reason.cause.stack ?? reason.message) : reason.message
}
