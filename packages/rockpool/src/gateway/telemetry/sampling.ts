import type { Sampled, SamplingRule } from './types.ts'

/**
 * Whether a trace that begins here is sampled: the first rule that fits says how many are, and the trace's id which, so
 * that everybody who goes by the same share decides the same (its last 56 bits are random: W3C trace-context 2, 4.2.4).
 * Without a rule that fits all are. Pure.
 */
export function isSampled(rules: readonly SamplingRule[], request: Sampled, traceId: string): boolean {
  const rule = rules.find(
    ({ environment, actor, service }) =>
      (environment === null || environment === request.environment) &&
      (actor === null || actor === request.actor) &&
      (service === null || service === request.service),
  )
  if (rule === undefined || rule.share >= 1) return true
  // 52 of the bits: as many as a number holds exactly.
  return Number.parseInt(traceId.slice(-13), 16) < rule.share * 2 ** 52
}
