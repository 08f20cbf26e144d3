import { took } from '../format.ts'
import type { KeptRequest } from './requests.ts'

/** A part of a request's time, and who had it. */
export interface Phase {
  whose: 'gateway' | 'connection' | 'service' | 'client'
  ms: number
  /** What it was spent on: goes behind the time. */
  text: string
}

/** Where a request's time went, in the order of it; none where the gateway answered itself. Pure. */
export function phasesOf(request: KeptRequest): Phase[] {
  const { status, ms, decideMs, connectMs, upstreamMs } = request
  if (decideMs === null && upstreamMs === null) return []
  const phases: Phase[] = []
  if (decideMs !== null) phases.push({ whose: 'gateway', ms: decideMs, text: 'until it was let through' })
  if (connectMs !== null) phases.push({ whose: 'connection', ms: connectMs, text: 'for a connection' })
  if (upstreamMs !== null) phases.push({ whose: 'service', ms: upstreamMs, text: 'until the answer began' })
  const rest = ms - phases.reduce((sum, phase) => sum + phase.ms, 0)
  if (upstreamMs === null) phases.push({ ms: rest, ...withoutAnswer(request) })
  else phases.push({ whose: 'client', ms: rest, text: status === 101 ? 'as a tunnel' : 'to send it' })
  return phases
}

/** Whose it is that no answer of the service began. */
function withoutAnswer({ status, aborted }: KeptRequest): Pick<Phase, 'whose' | 'text'> {
  if (aborted !== 'client') return { whose: 'service', text: 'without an answer' }
  // Who was answered all the same sent a body that was not served.
  const isTold = status !== null
  return {
    whose: 'client',
    text: isTold ? 'of the client’s, without an answer of the service' : 'until the client left',
  }
}

/** `2 ms until it was let through, then 0 ms for a connection, …` */
export const phasesInWords = (phases: readonly Phase[]): string =>
  phases.map(({ ms, text }) => `${took(ms)} ${text}`).join(', then ')
