import type { Identity } from '@rockpool/sdk/wire'
import { formatDuration, problem } from '../../kernel/index.ts'
import type { Problem } from '../../kernel/index.ts'
import { hash } from '../hash.ts'
import type { SnapshotFault, WrongField } from './types.ts'

/** What a call to a service that is slow on purpose has to wait. */
const slowMs = 3_000

/** What a call meets that is hit. */
export interface Suffered {
  /** Id of the fault; where several hit, of the one that answers, else of the first by its id. */
  fault: string
  /** Milliseconds until it goes on: the longest of what hits. */
  delayMs: number
  /** In place of the service's answer. */
  instead: Instead | null
  /** What becomes of the service's answer. */
  spoiled: Spoiled | null
}

/** What is done instead of forwarding: told as a problem, or as a status without a body, or reset before any answer. */
export interface Instead {
  problem: Problem
  as: 'problem' | 'reset' | { status: number }
}

export interface Spoiled {
  wrongFields: readonly WrongField[]
  /** The least of what hits; null: it is not reset. */
  resetAfterBytes: number | null
  /** The least of what hits; null: as fast as it goes. */
  bytesPerSecond: number | null
}

/** A call as far as faults go by it. */
interface Sufferer {
  service: string
  operation: string
  identity: Identity | null
  /** Id of the request: with it the same call is hit again, when it is decided about anew. */
  request: string
}

/**
 * What is broken on purpose for this call: for checks in sandboxes, or for its very run there. Nobody else meets any of
 * it, and nothing of it in production, whatever the faults say. Pure.
 */
export function suffer(
  faults: ReadonlyMap<string, SnapshotFault>,
  call: Sufferer,
  now: number,
): Suffered | null {
  const { identity } = call
  if (faults.size === 0 || identity === null) return null
  if (identity.environment !== 'sandbox' || (identity.actor !== 'check' && identity.actor !== 'load'))
    return null
  const hits: SnapshotFault[] = []
  for (const fault of faults.values())
    if (isFor(fault, call, identity) && Date.parse(fault.endsAt) > now && isHit(fault, call)) hits.push(fault)
  if (hits.length === 0) return null
  // Changes reach gateways one by one, so the order that they are kept in is no order.
  hits.sort((a, b) => (a.id < b.id ? -1 : 1))
  return sufferedOf(hits, call, now)
}

function isFor(fault: SnapshotFault, { service, operation }: Sufferer, identity: Identity): boolean {
  if (fault.service !== service) return false
  if (fault.operation !== null && fault.operation !== operation) return false
  if (fault.of === null) return identity.actor === 'check'
  return identity.run === fault.of.run && identity.organization === fault.of.organization
}

function isHit({ id, percent }: SnapshotFault, { request }: Sufferer): boolean {
  return percent >= 100 || hash(`${id} ${request}`) % 100 < percent
}

function sufferedOf(hits: readonly SnapshotFault[], call: Sufferer, now: number): Suffered {
  const first = hits[0]!
  const suffered: Suffered = { fault: first.id, delayMs: 0, instead: null, spoiled: null }
  const wrongFields: WrongField[] = []
  let resetAfterBytes = Infinity
  let bytesPerSecond = Infinity
  for (const fault of hits) {
    const instead = insteadOf(fault, now)
    if (instead !== null) return { ...suffered, fault: fault.id, delayMs: 0, instead }
    if (fault.kind === 'wrong_field') wrongFields.push(fault)
    else if (fault.kind === 'reset') resetAfterBytes = Math.min(resetAfterBytes, fault.afterBytes)
    else if (fault.kind === 'throttle') bytesPerSecond = Math.min(bytesPerSecond, fault.bytesPerSecond)
    else suffered.delayMs = Math.max(suffered.delayMs, delayOf(fault, call))
  }
  if (wrongFields.length > 0 || resetAfterBytes < Infinity || bytesPerSecond < Infinity)
    suffered.spoiled = {
      wrongFields,
      resetAfterBytes: resetAfterBytes < Infinity ? resetAfterBytes : null,
      bytesPerSecond: bytesPerSecond < Infinity ? bytesPerSecond : null,
    }
  return suffered
}

function delayOf(fault: SnapshotFault, { request }: Sufferer): number {
  if (fault.kind === 'slow') return slowMs
  if (fault.kind !== 'delay') return 0
  return fault.ms + (hash(`${request} ${fault.id}`) % (fault.jitterMs + 1))
}

function insteadOf(fault: SnapshotFault, now: number): Instead | null {
  if (fault.kind !== 'unavailable' && fault.kind !== 'abort' && fault.kind !== 'status') return null
  const { id, service, operation, of, endsAt } = fault
  const what = operation === null ? service : `${service}.${operation}`
  const whose = of === null ? 'checks' : 'this run'
  const left = formatDuration(Date.parse(endsAt) - now)
  const detail = `${what} is broken on purpose for ${whose}, for another ${left}`
  const extra = {
    service,
    until: endsAt,
    fault: id,
    ...(operation === null ? {} : { operation }),
    ...(of === null ? {} : { run: of.run }),
  }
  const as = { unavailable: 'problem', abort: 'reset' } as const
  return {
    problem: problem('fault_injected', detail, { extra }),
    as: fault.kind === 'status' ? { status: fault.status } : as[fault.kind],
  }
}
