/*
 * Vocabulary
 *
 * endpoint   where a watcher is told, and the secret that signs what is sent there
 * delivery   that a notice is sent to its watcher's endpoint, until it is told or given up; one for each notice, made with it
 * attempt    one POST of it
 * message    the id of a delivery, as the receiver sees it (`webhook-id`); the same at each attempt
 *
 *   push ──► notice + delivery (one transaction) ──► lease ──► POST ──┬─ 2xx ──► told: never again
 *                                                      ▲              ├─ 410 ──► given up, and all that the watcher waits for
 *                                                      │              └─ else ─► a pause; after the last one given up
 *                                                      └── of a sender that was killed, once its lease is over
 *
 * A delivery is told at least once: who is killed between the answer and the commit leaves it to be sent again.
 */

export type DeliveryState = 'waiting' | 'told' | 'given up'

/** What became of a notice that is sent to its watcher. */
export interface Delivery {
  state: DeliveryState
  /** That were begun. */
  attempts: number
  /** ISO 8601. */
  toldAt: string | null
  /** When it is tried next; null: it is over. */
  nextAt: string | null
  /** Why the last attempt failed that did; null: none did. */
  failure: string | null
  failedAt: string | null
}

export interface Endpoint {
  url: string
  /** `whsec_…`, as the Standard Webhooks write it. */
  secret: string
}

/** How one attempt ended. */
export type Outcome =
  | { told: true }
  /** `isGone`: the receiver wants nothing any more. `retryAfterMs`: it asked for that much time. */
  | { told: false; failure: string; isGone: boolean; retryAfterMs: number }
