import { problem } from '../../../kernel/index.ts'
import { Dice, emptyHash, hashOn } from '../../samples/dice.ts'
import type { Contract, Operation } from '../../types.ts'
import type { Preference } from '../preference.ts'
import { answerProblem } from '../problem.ts'
import type { Delivery, MockAnswer } from '../types.ts'
import { mostDelayMs, slowMs } from './faults.ts'
import type { Fault, FaultEffect } from './faults.ts'
import { latencyOf } from './latency.ts'
import type { Latency } from './latency.ts'

export interface Disturbance {
  contract: Contract
  seed: string
  /** Null: answers come at once. */
  latency: Latency | null
  faults: readonly Fault[]
}

export interface Plan {
  /** Answered without asking anybody further; null: the request is answered as ever. */
  instead: MockAnswer | null
  delivery: Delivery
}

/** How the answer to one request goes out. Null: at once, and whole. `number`: of the request, from 1. Pure. */
export function planDelivery(
  disturbance: Disturbance,
  operation: Operation,
  { delayMs, fault }: Preference,
  number: number,
): Plan | null {
  const { latency, faults, seed, contract } = disturbance
  if (latency === null && faults.length === 0 && delayMs === null && fault === null) return null
  const dice = (purpose: string) => new Dice(hashOn(hashOn(emptyHash, seed), `${purpose} ${number}`))
  const effects = faults.flatMap((one, index) => {
    const isFor = one.operation === null || one.operation === operation.id
    return isFor && dice(`fault ${index}`).whole(1, 100) <= one.percent ? [one.effect] : []
  })
  if (fault !== null) effects.push(fault)
  const usual = delayMs ?? (latency === null ? 0 : latencyOf(latency, { seed, number, operation, contract }))
  const later = effects.map((effect) => laterBy(effect, dice('jitter').fraction()))
  return {
    instead: effects.map(insteadOf).find((answer) => answer !== null) ?? null,
    delivery: {
      delayMs: Math.min(mostDelayMs, usual + Math.max(0, ...later)),
      isAborted: effects.some(({ kind }) => kind === 'abort'),
      cut: cutOf(effects),
      bytesPerSecond: effects.reduce<number | null>(
        (rate, effect) =>
          effect.kind === 'throttle' ? Math.min(rate ?? Infinity, effect.bytesPerSecond) : rate,
        null,
      ),
    },
  }
}

function laterBy(effect: FaultEffect, share: number): number {
  if (effect.kind === 'slow') return slowMs
  return effect.kind === 'delay' ? effect.ms + Math.round(share * effect.jitterMs) : 0
}

/** What comes before any service at a gateway: nothing is done then. */
function insteadOf(effect: FaultEffect): MockAnswer | null {
  switch (effect.kind) {
    case 'unavailable':
      return answerProblem(problem('fault_injected', 'this operation is unavailable on purpose'))
    case 'status':
      return { status: effect.status, headers: ['Rockpool-Problem', 'fault_injected'], body: '' }
    case 'abort':
      return { status: 503, headers: [], body: '' }
    case 'slow':
    case 'delay':
    case 'reset':
    case 'truncate':
    case 'throttle':
      return null
  }
}

/** The one with the fewest bytes. */
function cutOf(effects: readonly FaultEffect[]): Delivery['cut'] {
  let cut: Delivery['cut'] = null
  for (const effect of effects) {
    if (effect.kind !== 'reset' && effect.kind !== 'truncate') continue
    if (cut === null || (effect.afterBytes ?? Infinity) < (cut.afterBytes ?? Infinity))
      cut = { afterBytes: effect.afterBytes, isReset: effect.kind === 'reset' }
  }
  return cut
}
