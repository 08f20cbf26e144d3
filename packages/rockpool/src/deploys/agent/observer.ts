import { setTimeout as pause } from 'node:timers/promises'
import { messageOf, type Log } from '../../kernel/index.ts'
import type { Deploys } from '../deploys.ts'
import type { Observation } from '../types.ts'

/** Tells deploys what the agent sees: only the newest of each name, again until it is told. */
export interface Observer {
  observe(name: string, seen: Observation): void
  /** Gives what is still to be told two more seconds or so. */
  close(): Promise<void>
}

export function createObserver({ deploys, log }: { deploys: Deploys; log: Log }): Observer {
  const untold = new Map<string, Observation>()
  let telling: Promise<void> | undefined
  let giveUpAt = Number.POSITIVE_INFINITY

  const tell = async () => {
    for (let told = true; untold.size > 0; told = true) {
      const [name, seen] = untold.entries().next().value!
      await deploys.observe(name, seen).catch((error: unknown) => {
        told = false
        log.debug({ process: name, error: messageOf(error) }, 'an observation cannot be told yet')
      })
      if (told && untold.get(name) === seen) untold.delete(name)
      if (performance.now() > giveUpAt) return
      if (!told) await pause(250)
    }
  }

  return {
    observe(name, seen) {
      untold.set(name, seen)
      telling ??= tell().finally(() => (telling = undefined))
    },
    async close() {
      giveUpAt = performance.now() + 2_000
      await Promise.race([telling, pause(2_500)])
    },
  }
}
