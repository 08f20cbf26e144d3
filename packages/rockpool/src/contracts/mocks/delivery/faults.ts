import { z } from 'zod'
import type { Finding } from '../../../kernel/index.ts'

/*
 * The words are those of the faults at a gateway (docs/faults.md), and `truncate` beside them. There is no `wrong_field`:
 * what a mock sends is valid, whole or broken off.
 */

/** What goes wrong on purpose with an answer. */
export type FaultEffect =
  /** 503 `fault_injected` in its stead. */
  | { kind: 'unavailable' }
  /** 3 s late. */
  | { kind: 'slow' }
  /** `ms` late, and up to `jitterMs` more. */
  | { kind: 'delay'; ms: number; jitterMs: number }
  /** The connection is reset before any answer. */
  | { kind: 'abort' }
  /** This status in its stead, without a body. */
  | { kind: 'status'; status: number }
  /** After so many bytes of the body the connection is reset; null: after half of them. */
  | { kind: 'reset'; afterBytes: number | null }
  /** After so many bytes of the body the connection is closed, as if that were all; null: after half of them. */
  | { kind: 'truncate'; afterBytes: number | null }
  /** The body at this rate at most. */
  | { kind: 'throttle'; bytesPerSecond: number }

/** A fault that hits some of the requests. */
export interface Fault {
  effect: FaultEffect
  /** An operation's id; null: every one. */
  operation: string | null
  /** Of the requests that it is for, so many in a hundred. */
  percent: number
}

/** Milliseconds: no answer is held up longer, all together. */
export const mostDelayMs = 60_000
export const slowMs = 3_000

const effectFields = {
  ms: z.int().min(1).max(mostDelayMs).optional(),
  jitterMs: z.int().min(0).max(mostDelayMs).optional(),
  status: z.int().min(400).max(599).optional(),
  afterBytes: z.int().min(1).max(1_000_000_000).optional(),
  bytesPerSecond: z.int().min(100).max(1_000_000_000).optional(),
}
type FieldName = keyof typeof effectFields

const kinds: Readonly<Record<FaultEffect['kind'], { needs: FieldName[]; may: FieldName[] }>> = {
  unavailable: { needs: [], may: [] },
  slow: { needs: [], may: [] },
  delay: { needs: ['ms'], may: ['jitterMs'] },
  abort: { needs: [], may: [] },
  status: { needs: ['status'], may: [] },
  reset: { needs: [], may: ['afterBytes'] },
  truncate: { needs: [], may: ['afterBytes'] },
  throttle: { needs: ['bytesPerSecond'], may: [] },
}

const kind = z.enum(Object.keys(kinds) as [FaultEffect['kind'], ...FaultEffect['kind'][]], {
  error: ({ input }) =>
    input === 'wrong_field'
      ? 'cannot be had of a mock: every body that it sends is valid'
      : `must be one of ${Object.keys(kinds).join(', ')}`,
})

const effectSchema = z.strictObject({ kind, ...effectFields })
const faultSchema = z.strictObject({
  kind,
  ...effectFields,
  operation: z.string().min(1).max(200).optional(),
  percent: z.int().min(1).max(100).default(100),
})
const mostFaults = 100

export type FaultReading = { ok: true; effect: FaultEffect } | { ok: false; findings: Finding[] }

/** What one fault does, by its kind and fields; or all that is wrong with them. Pure. */
export function readFaultFields(given: unknown): FaultReading {
  const { data, error } = effectSchema.safeParse(given)
  const findings = error === undefined ? belonging(data) : findingsOf(error)
  return findings.length > 0 ? { ok: false, findings } : { ok: true, effect: effectOf(data!) }
}

/** Faults as a list, or one by itself; or all that is wrong with them, with the place of each. Pure. */
export function readFaults(
  given: unknown,
  operations: ReadonlySet<string>,
): { faults: Fault[]; findings: Finding[] } {
  const list: unknown[] = Array.isArray(given) ? given : [given]
  const findings: Finding[] = []
  if (list.length > mostFaults)
    return { faults: [], findings: [{ path: '', message: `${mostFaults} at most` }] }
  const faults = list.flatMap((one, index): Fault[] => {
    const { data, error } = faultSchema.safeParse(one)
    const own = error === undefined ? belonging(data) : findingsOf(error)
    if (data?.operation !== undefined && !operations.has(data.operation))
      own.push({ path: 'operation', message: `there is no operation “${data.operation}” in the contract` })
    findings.push(
      ...own.map(({ path, message }) => ({ path: `${index}.${path}`.replace(/\.$/, ''), message })),
    )
    if (own.length > 0) return []
    return [{ effect: effectOf(data!), operation: data!.operation ?? null, percent: data!.percent }]
  })
  return { faults, findings }
}

function findingsOf({ issues }: z.ZodError): Finding[] {
  return issues.map(({ path, message }) => ({ path: path.join('.'), message }))
}

/** Fields that are missing of a kind, or belong to another one. */
function belonging(given: z.infer<typeof effectSchema>): Finding[] {
  const { needs, may } = kinds[given.kind]
  const has = (name: FieldName) => given[name] !== undefined
  const findings = needs
    .filter((name) => !has(name))
    .map((path): Finding => ({ path, message: `is missing: a fault of the kind ${given.kind} needs it` }))
  for (const name of Object.keys(effectFields) as FieldName[])
    if (has(name) && !needs.includes(name) && !may.includes(name))
      findings.push({ path: name, message: `does not belong to the kind ${given.kind}` })
  if ((given.ms ?? 0) + (given.jitterMs ?? 0) > mostDelayMs)
    findings.push({ path: 'jitterMs', message: `together with ms it is ${mostDelayMs} at most` })
  return findings
}

function effectOf(given: z.infer<typeof effectSchema>): FaultEffect {
  switch (given.kind) {
    case 'delay':
      return { kind: 'delay', ms: given.ms!, jitterMs: given.jitterMs ?? 0 }
    case 'status':
      return { kind: 'status', status: given.status! }
    case 'reset':
    case 'truncate':
      return { kind: given.kind, afterBytes: given.afterBytes ?? null }
    case 'throttle':
      return { kind: 'throttle', bytesPerSecond: given.bytesPerSecond! }
    case 'unavailable':
    case 'slow':
    case 'abort':
      return { kind: given.kind }
  }
}
