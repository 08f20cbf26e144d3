import type { Clock, Log } from '../kernel/index.ts'
import type { GatewayState } from './state.ts'

export interface CutOffWatchOptions {
  state: Pick<GatewayState, 'ground'>
  clock: Clock
  log: Log
  /** How often it looks; each second unless said. */
  everyMs?: number
}

/** Tells the log once when the gateway begins to refuse because control is gone, and once when it serves again. */
export function createCutOffWatch({ state, clock, log, everyMs = 1_000 }: CutOffWatchOptions): {
  stop(): void
} {
  const refused = new Set<string>()
  const timer = setInterval(look, everyMs).unref()

  function look(): void {
    const ground = state.ground()
    if (ground === undefined) return
    const { runMs, keyMs } = ground.cutOff
    const age = clock.now() - ground.asOf
    tell('runs', age, runMs)
    tell('everything', age, keyMs)
  }

  function tell(what: string, age: number, limitMs: number): void {
    const isLate = age > limitMs
    if (isLate === refused.has(what)) return
    const facts = { what, silentForMs: age, limitMs }
    if (isLate) {
      refused.add(what)
      log.warn(facts, 'control vouches for nothing any more: what stands on its word is refused')
    } else {
      refused.delete(what)
      log.info(facts, 'control vouches again: what was refused is served')
    }
  }

  return { stop: () => clearInterval(timer) }
}
