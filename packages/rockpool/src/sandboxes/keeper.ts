import { randomUUID } from 'node:crypto'
import { messageOf, type Listener } from '../kernel/index.ts'
import { claimDeletions, renewLeases } from './deletion-store.ts'
import type { DeletionOptions } from './deletion-steps.ts'
import { carryOn } from './deletion.ts'
import { closeSandbox } from './closing.ts'
import { channel, selectEnded } from './store.ts'

/** Carries deletions on, and deletes sandboxes whose time is over. Runs in control; several at once are safe. */
export interface SandboxKeeper {
  /** Begins; with Postgres away it begins when that is back. */
  start(): void
  /** Gives back what it holds. What is unfinished, the next keeper does. */
  stop(): Promise<void>
}

export interface SandboxKeeperOptions extends Omit<DeletionOptions, 'keeper' | 'leaseMs'> {
  /** Deletions at once; default 8. */
  concurrency?: number
  /** After this long without a sign of life a keeper's deletions are another's; default 10 s. */
  leaseMs?: number
}

const pollMs = 1_000
const endedAtOnce = 50

export function createSandboxKeeper(options: SandboxKeeperOptions): SandboxKeeper {
  const { database, organizations, clock, log, concurrency = 8, leaseMs = 10_000 } = options
  const deletion: DeletionOptions = { ...options, keeper: randomUUID(), leaseMs }
  const stopping = new AbortController()
  const inHand = new Map<string, Promise<void>>()
  let listener: Listener | undefined
  let running: Promise<void> | undefined
  let wake = () => {}
  let woken = false

  const rouse = () => {
    woken = true
    wake()
  }

  const take = (sandbox: string): void => {
    const work = carryOn(sandbox, deletion, stopping.signal)
      .then((nextAt) => {
        if (nextAt !== undefined) void pause(nextAt - clock.now()).then(rouse)
      })
      // Its lease ends, and somebody takes it up again.
      .catch((error: unknown) => log.warn({ sandbox, error: messageOf(error) }, 'a deletion was broken off'))
      .finally(() => {
        inHand.delete(sandbox)
        rouse()
      })
    inHand.set(sandbox, work)
  }

  const deleteEnded = async (): Promise<void> => {
    const now = new Date(clock.now())
    for (const slug of await selectEnded(database, now, endedAtOnce)) {
      await database
        .transaction((tx) => closeSandbox(tx, organizations, { slug, because: 'ended', now }))
        .catch((error: unknown) =>
          log.warn({ sandbox: slug, error: messageOf(error) }, 'it cannot be closed yet'),
        )
    }
  }

  const look = async (): Promise<void> => {
    listener ??= await database.listen(channel, rouse, rouse)
    await renewLeases(database, {
      keeper: deletion.keeper,
      sandboxes: [...inHand.keys()],
      until: new Date(clock.now() + leaseMs),
    })
    await deleteEnded()
    const free = concurrency - inHand.size
    if (free <= 0) return
    const claim = { keeper: deletion.keeper, now: new Date(clock.now()), leaseMs, most: free }
    for (const sandbox of await claimDeletions(database, claim)) if (!inHand.has(sandbox)) take(sandbox)
  }

  const pause = (ms: number): Promise<void> => clock.sleep(Math.max(ms, 0), stopping.signal).catch(() => {})

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      woken = false
      await look().catch((error: unknown) =>
        log.warn({ error: messageOf(error) }, 'the keeper cannot look for deletions'),
      )
      if (woken) continue
      const roused = new Promise<void>((resolve) => (wake = resolve))
      await Promise.race([roused, pause(pollMs)])
    }
  }

  return {
    start() {
      running ??= run()
    },
    async stop() {
      stopping.abort()
      rouse()
      await running
      await Promise.all(inHand.values())
      await listener?.close()
    },
  }
}
