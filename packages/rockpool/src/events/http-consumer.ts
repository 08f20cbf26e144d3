import {
  eventsPath,
  healthPath,
  maxBatchBytes,
  maxBatchEvents,
  organizationDeleting,
} from '@rockpool/sdk/wire'
import type { EventBatchResult, EventDelivery } from '@rockpool/sdk/wire'
import { messageOf } from '../kernel/index.ts'
import type { Clock } from '../kernel/index.ts'
import { splitBatch } from './batches.ts'
import type { EventSigner } from './signer.ts'
import { ConsumerUnreachable } from './types.ts'
import type { Consumer, LoggedEvent, Result } from './types.ts'

export interface HttpConsumerOptions {
  service: string
  /** What the service consumes; the deletion of an organization is always among it. */
  types: readonly string[]
  /** Where the service is now, such as `http://127.0.0.1:4021`; undefined while it does not run. */
  url: () => string | undefined | Promise<string | undefined>
  signer: EventSigner
  clock: Clock
  /** Milliseconds that a service may take for one request; default 30 s. */
  timeout?: number
}

/** The name of a service's consumer: apart from those of our own projections. */
export const consumerOf = (service: string) => `service:${service}`

/**
 * Delivers to a service's `POST /.rockpool/events`. The identity is signed now, for this service and this event.
 *
 *   200                              the results, one by one
 *   no connection, 429, 502–504      unreachable: all waits
 *   200, failed for want of its database or our key, or it is another service   unreachable from that event on
 *   no answer in time                unreachable, unless it is healthy: then the batch is at fault
 *   anything else                    the batch is at fault: each event goes alone, and the one that still is, failed
 */
export function createHttpConsumer(options: HttpConsumerOptions): Consumer {
  const { service, signer, clock, timeout = 30_000 } = options

  async function send(base: string, batch: readonly LoggedEvent[], signal: AbortSignal): Promise<Result[]> {
    const events = batch.map(({ event }): EventDelivery => ({
      event,
      identity: signer.sign(event, service, clock.now()),
    }))
    const fault = (code: string, message: string) => single(base, batch, { code, message }, signal)
    let response: Response
    let text: string
    try {
      response = await fetch(new URL(eventsPath, base), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ events }),
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]),
      })
      text = await response.text()
    } catch (error) {
      if (!signal.aborted && (error as Error).name === 'TimeoutError' && (await healthy(base, signal))) {
        return fault('timeout', `${service} did not answer within ${timeout} ms`)
      }
      throw new ConsumerUnreachable(`${service} cannot be reached: ${reason(error)}`)
    }
    if ([429, 502, 503, 504].includes(response.status)) {
      throw new ConsumerUnreachable(`${service} answered ${response.status}: ${text.slice(0, 300)}`)
    }
    const results = response.status === 200 ? readResults(text, batch) : undefined
    if (results) return untilNotNow(results)
    return fault(
      `answered_${response.status}`,
      `${service} answered ${response.status}: ${text.slice(0, 300)}`,
    )
  }

  /** Finds the event at fault: each goes alone, up to the first that fails. */
  async function single(
    base: string,
    batch: readonly LoggedEvent[],
    error: { code: string; message: string },
    signal: AbortSignal,
  ): Promise<Result[]> {
    if (batch.length === 1) return [{ id: batch[0]!.event.id, outcome: 'failed', error }]
    return inOrder(
      batch.map((one) => [one]),
      (one) => send(base, one, signal),
    )
  }

  async function healthy(base: string, signal: AbortSignal): Promise<boolean> {
    const request = fetch(new URL(healthPath, base), {
      signal: AbortSignal.any([signal, AbortSignal.timeout(2_000)]),
    })
    return request.then(
      ({ ok }) => ok,
      () => false,
    )
  }

  return {
    name: consumerOf(service),
    types: [...new Set([...options.types, organizationDeleting])],
    batch: maxBatchEvents,
    async deliver(events, signal) {
      await signer.registered().catch((error: unknown) => {
        throw new ConsumerUnreachable(`the relay’s key is not registered yet: ${messageOf(error)}`)
      })
      const base = await options.url()
      if (base === undefined) throw new ConsumerUnreachable(`${service} is not running`)
      return inOrder(splitBatch(events, maxBatchBytes / 2), (batch) => send(base, batch, signal))
    },
  }
}

/**
 * Sends one request after the other, and stops at the first that failed: the service knows within one request only which
 * events must wait behind a failed one. What was done before a service became unreachable counts.
 */
async function inOrder(
  batches: readonly (readonly LoggedEvent[])[],
  send: (batch: readonly LoggedEvent[]) => Promise<Result[]>,
): Promise<Result[]> {
  const results: Result[] = []
  for (const batch of batches) {
    try {
      const some = await send(batch)
      results.push(...some)
      if (some.length < batch.length || some.some(({ outcome }) => outcome === 'failed')) break
    } catch (error) {
      if (results.length === 0) throw error
      break
    }
  }
  return results
}

/**
 * Failures that say nothing about the event: the service lacks something that comes back by itself, or another service
 * answers at its place.
 */
const notNow = new Set([
  'database_unreachable',
  'identity_unknown_key',
  'identity_expired',
  'identity_wrong_audience',
])

/** The results up to the first that failed for such a reason: from there on nothing was tried. */
function untilNotNow(results: Result[]): Result[] {
  const end = results.findIndex(({ outcome, error }) => outcome === 'failed' && notNow.has(error?.code ?? ''))
  if (end === 0) throw new ConsumerUnreachable(results[0]!.error!.message)
  return end < 0 ? results : results.slice(0, end)
}

/** The results of a batch; undefined when they do not fit it. */
function readResults(text: string, batch: readonly LoggedEvent[]): Result[] | undefined {
  let answer: Partial<EventBatchResult>
  try {
    answer = JSON.parse(text) as Partial<EventBatchResult>
  } catch {
    return undefined
  }
  const { results } = answer
  const outcomes = new Set(['applied', 'duplicate', 'ignored', 'failed'])
  const fits = Array.isArray(results) && results.length === batch.length
  if (
    !fits ||
    !results.every(({ id, outcome }, index) => id === batch[index]!.event.id && outcomes.has(outcome))
  )
    return undefined
  return results
}

function reason(error: unknown): string {
  const cause = (error as Error).cause
  return cause === undefined ? messageOf(error) : messageOf(cause)
}
