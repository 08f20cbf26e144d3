import pg from 'pg'
import { messageOf } from '../kernel/index.ts'
import type { Clock, Log } from '../kernel/index.ts'
import { createLoop } from './loop.ts'

/**
 * Which of the relays does which work: the one that holds its advisory lock. All locks are held by one session, and
 * Postgres frees them when that ends, however its process died.
 *
 * This spares double work and nothing more. A relay that has lost a lock without knowing it does no harm: every cursor
 * moves only from where it was read, and consumers know an event that comes twice.
 */
export interface Ownership {
  owns(name: string): boolean
  stop(): Promise<void>
}

export interface OwnershipOptions {
  url: string
  names: readonly string[]
  clock: Clock
  log: Log
  /** Called when locks were gained. */
  onGained: () => void
  /** Milliseconds between two tries for locks that others hold; default 500. */
  everyMs?: number
}

export function createOwnership({
  url,
  names,
  clock,
  log,
  onGained,
  everyMs = 500,
}: OwnershipOptions): Ownership {
  let client: pg.Client | undefined
  let owned = new Set<string>()

  const connect = async () => {
    const next = new pg.Client({
      connectionString: url,
      application_name: 'rockpool relay locks',
      connectionTimeoutMillis: 5_000,
      query_timeout: 10_000,
      keepAlive: true,
    })
    const onLost = () => {
      if (client !== next) return
      client = undefined
      owned = new Set()
      log.warn('the relay’s locks are lost with their connection')
    }
    next.on('error', onLost)
    next.on('end', onLost)
    await next.connect()
    client = next
    return next
  }

  const loop = createLoop({
    clock,
    async run() {
      const session = client ?? (await connect())
      const wanted = names.filter((name) => !owned.has(name))
      const { rows } = await session.query<{ name: string }>(
        `select name from unnest($1::text[]) as name where pg_try_advisory_lock(hashtextextended('rockpool.relay/' || name, 0))`,
        [wanted],
      )
      if (client !== session) throw new Error('the connection was lost')
      for (const { name } of rows) owned.add(name)
      if (rows.length > 0) onGained()
      return everyMs
    },
    onError(thrown, failures) {
      const lost = client
      client = undefined
      owned = new Set()
      lost?.end().catch(() => {})
      if (failures === 1) log.warn({ error: messageOf(thrown) }, 'the relay has no connection for its locks')
    },
  })

  return {
    owns: (name) => owned.has(name),
    async stop() {
      await loop.stop()
      const session = client
      client = undefined
      owned = new Set()
      await session?.end().catch(() => {})
    },
  }
}
