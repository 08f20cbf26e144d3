import type { Clock, Database, Listener } from '../kernel/index.ts'
import { createLoop } from './loop.ts'

/** What is told on `rockpool_events`; `reconnected`: something may have been missed. */
export type LogNews = 'appended' | 'outbox' | 'barrier' | 'reconnected'

/** Hears of the log and of Rockpool's own outbox; where PostgreSQL cannot be reached, as soon as it can. */
export function hearLog(
  { database, clock }: { database: Database; clock: Clock },
  onNews: (news: LogNews) => void,
): { stop: () => Promise<void> } {
  let listener: Listener | undefined
  const loop = createLoop({
    clock,
    async run() {
      listener ??= await database.listen(
        'rockpool_events',
        (payload) => onNews(payload as LogNews),
        () => onNews('reconnected'),
      )
      return 60_000
    },
    onError: () => {},
  })
  return {
    async stop() {
      await loop.stop()
      await listener?.close()
    },
  }
}
