import type { Clock, Database } from '../../../kernel/index.ts'
import type { Endpoints } from './endpoints.ts'
import { payloadOf } from './payload.ts'
import { failed, post } from './post.ts'
import { nextAttempt } from './schedule.ts'
import { signedHeaders } from './signature.ts'
import { selectSendable, setFailed, setGone, setTold } from './store.ts'
import type { Sendable } from './store.ts'
import type { Outcome } from './types.ts'

export interface AttemptOptions {
  database: Database
  endpoints: Pick<Endpoints, 'findings' | 'open'>
  clock: Clock
  /** Milliseconds that one POST may take. */
  deadlineMs: number
  /** Who holds it. */
  sender: string
}

/** One attempt of a delivery that this sender holds, and what became of it. Rejects when it is stopped, or cannot be recorded. */
export async function attempt(notice: number, options: AttemptOptions, stopped: AbortSignal): Promise<void> {
  const sendable = await selectSendable(options.database, notice)
  if (sendable === undefined) return
  const outcome = await sent(sendable, options, stopped)
  await record(sendable, outcome, options)
}

/** What the configuration forbids by now, or nobody can open, is no call. */
async function sent(sendable: Sendable, options: AttemptOptions, stopped: AbortSignal): Promise<Outcome> {
  const { watcher, message } = sendable
  if (watcher.isGone) return { ...failed('it answered 410: nothing is sent there any more'), isGone: true }
  const endpoint = options.endpoints.open(watcher.id, watcher.sealed)
  if (endpoint === undefined)
    return failed('its address was encrypted under another installation’s secret: watch anew with --to')
  const [finding] = options.endpoints.findings(endpoint.url)
  if (finding !== undefined) return failed(finding.message)
  const body = payloadOf(sendable)
  const now = options.clock.now()
  const headers = signedHeaders({ message, at: now, body }, endpoint.secret)
  return post({ url: endpoint.url, headers, body, now }, options.deadlineMs, stopped)
}

async function record(
  { id: notice, attempts, watcher }: Sendable,
  outcome: Outcome,
  { database, clock, sender }: AttemptOptions,
): Promise<void> {
  const now = clock.now()
  const at = new Date(now)
  if (outcome.told) return setTold(database, notice, at)
  const { failure } = outcome
  await database.transaction(async (tx) => {
    if (outcome.isGone && (await setGone(tx, { watcher: watcher.id, sealed: watcher.sealed, failure, at })))
      return
    // It is another address by now: that it is gone there says nothing of this one.
    const next = nextAttempt(attempts, { ...outcome, isGone: false }, now)
    const nextAt = next === null ? null : new Date(next)
    await setFailed(tx, { notice, sender, failure, at, nextAt })
  })
}
