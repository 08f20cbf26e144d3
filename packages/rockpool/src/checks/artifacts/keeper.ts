import { messageOf } from '../../kernel/index.ts'
import type { Clock, Log } from '../../kernel/index.ts'
import type { ArtifactStore } from './store.ts'

/** Removes what is too old or too much, once a minute. */
export interface ArtifactKeeper {
  start(): void
  /** Resolves when the sweep that is under way is over. */
  stop(): Promise<void>
}

export function createArtifactKeeper(options: {
  artifacts: Pick<ArtifactStore, 'sweep'>
  clock: Clock
  log: Log
  intervalMs?: number
}): ArtifactKeeper {
  const { artifacts, clock, log, intervalMs = 60_000 } = options
  const stopped = new AbortController()
  let working: Promise<void> | undefined
  const keep = async () => {
    while (!stopped.signal.aborted) {
      await artifacts
        .sweep()
        .catch((error: unknown) => log.warn({ error: messageOf(error) }, 'artifacts could not be swept'))
      await clock.sleep(intervalMs, stopped.signal).catch(() => {})
    }
  }
  return {
    start() {
      working ??= keep()
    },
    async stop() {
      stopped.abort(new Error('the keeper stops'))
      await working
    },
  }
}
