import { problem } from '../../kernel/index.ts'
import { aspectsOf, operationText, ruleOf, sentenceOf, trafficOf, weightOf } from '../differences/index.ts'
import type { Aspect, Difference } from '../differences/index.ts'
import type { Origin } from '../types.ts'
import { keyOfPlace } from './comparison.ts'
import type { Comparison, Excerpts } from './comparison.ts'
import { countsOf, toUses } from './gate.ts'
import type { Approval, ToldComparison, ToldDifference, ToldPlace, Traffic } from './types.ts'

/** Which differences of a comparison are asked for. */
export interface DifferenceQuery {
  only?: Aspect | undefined
  /** As `operations` of the answer names it. */
  operation?: string | undefined
  /** The first digits of it, or all. */
  fingerprint?: string | undefined
  /** `next` of the page before. */
  cursor?: string | undefined
  limit: number
  /** Whether the documents' lines are told. */
  lines: boolean
}

/** In one answer; how many there are is said. */
const mostOperations = 1_000

/** A page of a comparison. */
export async function tell(
  comparison: Comparison,
  query: DifferenceQuery,
  known: { service: string; approvals: readonly Approval[]; traffic: Traffic | undefined },
): Promise<Omit<ToldComparison, 'from' | 'to'>> {
  const chosen = chosenOf(comparison, query)
  const start = startOf(chosen, query.cursor)
  const page = chosen.slice(start, start + query.limit)
  const weights = await known.traffic?.weights(known.service, page)
  const differences = page.map((difference): ToldDifference => {
    const { fingerprint } = difference
    const approval = known.approvals.find((each) => fingerprint.startsWith(each.fingerprint)) ?? null
    return {
      ...toldOf(difference, comparison, query.lines),
      traffic: weights?.get(fingerprint) ?? null,
      met: trafficOf(difference, weights, show),
      approval,
    }
  })
  return {
    counts: countsOf(comparison.differences),
    aspects: comparison.aspects,
    operations: comparison.operations
      .slice(0, mostOperations)
      .map(({ operation, meets }) => ({ operation, differences: meets.length })),
    operationsInAll: comparison.operations.length,
    matching: chosen.length,
    before: start,
    differences,
    next: start + query.limit < chosen.length ? page.at(-1)!.fingerprint : null,
  }
}

/** In their order. Pure. */
function chosenOf(
  { differences, operations }: Comparison,
  { only, operation, fingerprint }: Pick<DifferenceQuery, 'only' | 'operation' | 'fingerprint'>,
): readonly Difference[] {
  const met =
    operation === undefined
      ? differences
      : (operations.find((each) => each.operation === operation)?.meets ?? []).map((at) => differences[at]!)
  if (only === undefined && fingerprint === undefined) return met
  return met.filter(
    (each) =>
      (only === undefined || aspectsOf[only](each)) &&
      (fingerprint === undefined || each.fingerprint.startsWith(fingerprint)),
  )
}

/** A cursor is the fingerprint of what was told last. */
function startOf(differences: readonly Difference[], cursor: string | undefined): number {
  if (cursor === undefined) return 0
  const last = differences.findIndex(({ fingerprint }) => fingerprint === cursor)
  if (last >= 0) return last + 1
  throw problem('invalid_input', 'the cursor is none of this list', {
    findings: [{ path: 'query.cursor', message: 'take `next` of the page before' }],
  })
}

const show = (text: string) => text

function toldOf(
  difference: Difference,
  { before, after }: Comparison,
  lines: boolean,
): Omit<ToldDifference, 'approval' | 'traffic' | 'met'> {
  const { fingerprint, rule, wire, source, meaning, operation, place } = difference
  return {
    weight: weightOf(difference),
    wire,
    source,
    meaning,
    fingerprint,
    rule,
    operation: operation === null ? null : operationText(operation),
    place,
    sentence: sentenceOf(difference, show),
    advice: ruleOf(rule).advice,
    ...toUses(difference),
    before: placeOf(difference.before, before, lines),
    after: placeOf(difference.after, after, lines),
  }
}

function placeOf(origin: Origin | null, excerpts: Excerpts, lines: boolean): ToldPlace | null {
  if (origin === null) return null
  const { file, line, pointer } = origin
  return { file, line, pointer, lines: lines ? (excerpts.get(keyOfPlace(origin)) ?? []) : [] }
}
