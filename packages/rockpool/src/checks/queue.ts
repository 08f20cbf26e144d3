import { problem } from '../kernel/index.ts'
import type { Clock, Jobs } from '../kernel/index.ts'
import type { Kind, Trigger } from './types.ts'

/** The queue that runners take from. */
export const runQueue = 'checks.run'

/** One run that is to be. */
export interface RunJob {
  /** Absent in one of an earlier version: a check. */
  kind?: Kind
  check: string
  /** ISO 8601: the time that the schedule meant, or when it was asked for. One run for each. */
  slot: string
  /** Absent: the schedule. */
  trigger?: Trigger
  /** The production organization that it is to be on. Absent: where the check says. */
  parent?: string
}

/** Who asks for a run wants it now: after so many milliseconds without a runner it is dropped. */
export const requestLifeMs = 120_000

/** Puts runs on the queue that somebody asked for. */
export interface RunRequests {
  /**
   * The run begins as soon as a runner is free; it has the `slot` that is answered. `parent`: the production
   * organization that it is to be on; without it, where the check says.
   * @throws Problem `conflict` while another that was asked for waits or runs, and where no runner has ever begun
   */
  put(check: string, parent?: string | null): Promise<{ slot: string }>
  close(): Promise<void>
}

/** @param options.jobs called once, when the first run is asked for: most processes never put one */
export function createRunRequests(options: { jobs: () => Promise<Jobs>; clock: Clock }): RunRequests {
  let opening: Promise<Jobs> | undefined
  const open = () => {
    opening ??= options.jobs().catch((error: unknown) => {
      opening = undefined
      throw error
    })
    return opening
  }
  return {
    async put(check, parent = null) {
      const jobs = await open()
      const slot = new Date(options.clock.now()).toISOString()
      const job: RunJob = {
        kind: 'check',
        check,
        slot,
        trigger: 'command',
        ...(parent !== null && { parent }),
      }
      // One at a time for each organization, so that nobody holds up, or sees, what others ask for.
      const on = parent === null ? '' : ` ${parent}`
      const wasPut = await jobs
        .put(runQueue, job, { singletonKey: `check ${check}@command${on}` })
        .catch((error: unknown) => {
          if (!/queue .* does not exist/i.test(String(error))) throw error
          throw problem('conflict', 'no runner has begun here yet: “rockpool up” starts one')
        })
      if (!wasPut) throw problem('conflict', `a run of “${check}” that was asked for is not over yet`)
      return { slot }
    },
    close: async () => (await opening)?.close(),
  }
}
