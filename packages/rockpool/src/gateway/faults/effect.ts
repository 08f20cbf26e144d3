import type { Finding } from '../../kernel/index.ts'
import type { FaultEffect, FaultKind } from './types.ts'

/** The fields that a fault may be described by, as they come from outside: each belongs to one kind. */
export interface EffectFields {
  kind: FaultKind
  ms?: number | undefined
  jitterMs?: number | undefined
  status?: number | undefined
  pointer?: string | undefined
  value?: unknown
  drop?: true | undefined
  afterBytes?: number | undefined
  bytesPerSecond?: number | undefined
}

/** Milliseconds: a call is not held up longer, jitter and all. */
export const maxDelayMs = 60_000
/** Of a wrong value, as JSON. */
const maxValue = 10_000
/** As JSON escapes what Postgres keeps in no JSON: U+0000, and half a surrogate pair. */
const notKept = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/

const fieldsOf: Readonly<Record<FaultKind, { needs: readonly string[]; may: readonly string[] }>> = {
  unavailable: { needs: [], may: [] },
  slow: { needs: [], may: [] },
  delay: { needs: ['ms'], may: ['jitterMs'] },
  abort: { needs: [], may: [] },
  status: { needs: ['status'], may: [] },
  wrong_field: { needs: ['pointer'], may: ['value', 'drop'] },
  reset: { needs: ['afterBytes'], may: [] },
  throttle: { needs: ['bytesPerSecond'], may: [] },
}

export const faultKinds = Object.keys(fieldsOf) as [FaultKind, ...FaultKind[]]

/** Everything that does not go together; empty when nothing is wrong. Each field by itself is the schema's. Pure. */
export function effectFindings(given: EffectFields): Finding[] {
  const { kind } = given
  const { needs, may } = fieldsOf[kind]
  const has = (field: string) => given[field as keyof EffectFields] !== undefined
  const findings: Finding[] = needs
    .filter((field) => !has(field))
    .map((field) => ({ path: field, message: `is missing: a fault of the kind ${kind} needs it` }))
  const possible = new Set(Object.values(fieldsOf).flatMap((fields) => [...fields.needs, ...fields.may]))
  for (const field of possible)
    if (has(field) && !needs.includes(field) && !may.includes(field))
      findings.push({ path: field, message: `does not belong to the kind ${kind}` })
  if (kind === 'delay' && (given.ms ?? 0) + (given.jitterMs ?? 0) > maxDelayMs)
    findings.push({ path: 'jitterMs', message: `together with ms it is ${maxDelayMs} at most` })
  if (kind === 'wrong_field' && has('value') === has('drop'))
    findings.push({ path: 'value', message: 'give either value, or drop: true' })
  if (has('value') && JSON.stringify(given.value).length > maxValue)
    findings.push({ path: 'value', message: `has ${maxValue} characters at most, as JSON` })
  for (const path of ['pointer', 'value'] as const)
    if (has(path) && notKept.test(JSON.stringify(given[path])))
      findings.push({ path, message: 'has U+0000 or half a surrogate pair, which cannot be kept' })
  return findings
}

/** The effect that is described; what `effectFindings` has nothing against. Pure. */
export function effectOf(given: EffectFields): FaultEffect {
  switch (given.kind) {
    case 'delay':
      return { kind: 'delay', ms: given.ms!, jitterMs: given.jitterMs ?? 0 }
    case 'status':
      return { kind: 'status', status: given.status! }
    case 'wrong_field':
      return given.drop
        ? { kind: 'wrong_field', pointer: given.pointer!, drop: true }
        : { kind: 'wrong_field', pointer: given.pointer!, value: given.value }
    case 'reset':
      return { kind: 'reset', afterBytes: given.afterBytes! }
    case 'throttle':
      return { kind: 'throttle', bytesPerSecond: given.bytesPerSecond! }
    case 'unavailable':
    case 'slow':
    case 'abort':
      return { kind: given.kind }
  }
}
