import { messageOf, Problem } from '../../kernel/index.ts'
import type { Clock } from '../../kernel/index.ts'
import type { RunControl } from '../control.ts'
import type { StartedRun } from '../runs/runs.ts'

/** Extends the lease of a run until it is stopped. */
export interface Heartbeat {
  /** Aborted once control says that the run is over, or says nothing for as long as the lease. */
  readonly lost: AbortSignal
  stop(): void
}

export function startHeartbeat({ run, lease }: StartedRun, control: RunControl, clock: Clock): Heartbeat {
  const stopped = new AbortController()
  const lost = new AbortController()
  let last = clock.now()

  const beat = async () => {
    for (;;) {
      await clock.sleep(lease.heartbeatMs, stopped.signal)
      try {
        await control.heartbeat(run)
        last = clock.now()
      } catch (error) {
        if (stopped.signal.aborted) return
        const isOver = error instanceof Problem && (error.code === 'conflict' || error.code === 'not_found')
        if (isOver) return lost.abort(new Error(`control has ended the run: ${messageOf(error)}`))
        if (clock.now() - last <= lease.ms) continue
        return lost.abort(new Error(`control gave no sign for ${lease.ms / 1_000} s: ${messageOf(error)}`))
      }
    }
  }
  // It ends by being stopped, which its sleep tells by a rejection.
  beat().catch(() => {})
  return { lost: lost.signal, stop: () => stopped.abort(new Error('the run is over')) }
}
