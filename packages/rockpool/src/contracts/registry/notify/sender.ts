import { randomUUID } from 'node:crypto'
import { messageOf } from '../../../kernel/index.ts'
import type { Clock, Database, Keeper, Listener, Log } from '../../../kernel/index.ts'
import { attempt } from './attempt.ts'
import type { AttemptOptions } from './attempt.ts'
import { choose } from './choose.ts'
import type { SendBounds } from './choose.ts'
import type { Endpoints } from './endpoints.ts'
import { channel, claimDeliveries, releaseDelivery, selectDue } from './store.ts'
import type { Due } from './store.ts'

export interface NoticeSenderOptions {
  database: Database
  endpoints: Pick<Endpoints, 'findings' | 'open'>
  clock: Clock
  log: Log
  bounds?: SendBounds
  /** Milliseconds that one POST may take, its answer's headers included; default 10 s. */
  deadlineMs?: number
  /** After this long what a sender holds is another's; longer than an attempt can take. Default 30 s. */
  leaseMs?: number
}

const pollMs = 1_000
const usual: SendBounds = { all: 8, ofOrigin: 4 }

/** Sends notices to the addresses of their watchers. Runs in control; several at once are safe, and share the work. */
export function createNoticeSender(options: NoticeSenderOptions): Keeper {
  const { database, clock, log, bounds = usual, deadlineMs = 10_000, leaseMs = 30_000 } = options
  const sender = randomUUID()
  const attempting: AttemptOptions = { ...options, deadlineMs, sender }
  const stopping = new AbortController()
  const inHand = new Map<Due, Promise<void>>()
  let listener: Listener | undefined
  let running: Promise<void> | undefined
  let wake = () => {}
  let woken = false

  const rouse = () => {
    woken = true
    wake()
  }

  const take = (due: Due): void => {
    const { notice } = due
    const work = attempt(notice, attempting, stopping.signal)
      .catch(async (error: unknown) => {
        // Otherwise its lease ends by itself: whether it arrived is not known, and it is sent again.
        if (stopping.signal.aborted) return releaseDelivery(database, notice, sender)
        log.warn({ notice, error: messageOf(error) }, 'what became of a notice could not be recorded')
      })
      .catch(() => {})
      .finally(() => {
        inHand.delete(due)
        rouse()
      })
    inHand.set(due, work)
  }

  const look = async (): Promise<void> => {
    listener ??= await database.listen(channel, rouse, rouse)
    if (inHand.size >= bounds.all) return
    const now = new Date(clock.now())
    const due = await selectDue(database, now, bounds.ofOrigin)
    const chosen = choose(due, [...inHand.keys()], bounds)
    if (chosen.length === 0) return
    const notices = chosen.map(({ notice }) => notice)
    const until = new Date(now.getTime() + leaseMs)
    const claimed = new Set(await claimDeliveries(database, { notices, sender, now, until }))
    for (const one of chosen) if (claimed.has(one.notice)) take(one)
  }

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      woken = false
      await look().catch((error: unknown) =>
        log.warn({ error: messageOf(error) }, 'nobody can see which notices are to be sent'),
      )
      if (woken) continue
      const roused = new Promise<void>((resolve) => (wake = resolve))
      await Promise.race([roused, clock.sleep(pollMs, stopping.signal).catch(() => {})])
    }
  }

  return {
    start() {
      running ??= run()
    },
    async stop() {
      stopping.abort(new Error('the sender stops'))
      rouse()
      await running
      await Promise.all(inHand.values())
      await listener?.close()
    },
  }
}
