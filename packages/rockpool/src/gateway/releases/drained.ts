import type { Clock } from '../../kernel/index.ts'
import { nameOf } from '../overview/gateway-list.ts'
import type { GatewayList } from '../overview/gateway-list.ts'
import type { GatewayReport } from '../types.ts'

/** Control's side of a drain: what gateways said of it. In memory: a gateway says it anew in every report. */
export interface Drained {
  told(report: GatewayReport): void
  /** How far a drain has come, by its id. */
  progressOf(drain: string): DrainProgress
}

export interface DrainProgress {
  /** Nothing leads to the release any more: its process may be stopped. */
  done: boolean
  /** Whom it waits for, for people. */
  waiting: string[]
}

/** How long a gateway that left, or a control that has just begun, is given: gateways come back within 2 s. */
const comingBackMs = 5_000

/**
 * `gateways`: those that are connected to this control, and those that were. A gateway that left a moment ago may be about
 * to come back, and serves on meanwhile: it is waited for as well.
 */
export function createDrained(options: {
  gateways: Pick<GatewayList, 'list'>
  clock: Clock
  comingBackMs?: number
}): Drained {
  const { gateways, clock } = options
  const patienceMs = options.comingBackMs ?? comingBackMs
  const began = clock.now()
  const said = new Map<string, ReadonlySet<string>>()
  /** When one was seen connected last. */
  const seen = new Map<string, number>()

  function look(now: number): ReturnType<GatewayList['list']> {
    const known = gateways.list()
    for (const { gateway, connected } of known) if (connected) seen.set(gateway, now)
    for (const [gateway, at] of seen)
      if (now - at > patienceMs) {
        seen.delete(gateway)
        said.delete(gateway)
      }
    return known
  }

  return {
    told({ gateway, drained }) {
      look(clock.now())
      said.set(gateway, new Set(drained))
      seen.set(gateway, clock.now())
    },
    progressOf(drain) {
      const now = clock.now()
      const names = new Map(look(now).map((known) => [known.gateway, nameOf(known)]))
      const waiting = [...seen.keys()]
        .filter((gateway) => !said.get(gateway)?.has(drain))
        .map((gateway) => names.get(gateway) ?? gateway)
      if (now - began < patienceMs) waiting.push('gateways that may not have found this control yet')
      return { done: waiting.length === 0, waiting }
    },
  }
}
