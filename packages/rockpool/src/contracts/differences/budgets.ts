import { member } from '../json-object.ts'
import type { Contract, Extensions, Json, Operation } from '../types.ts'
import { usesOf } from './operation-pair.ts'
import type { OperationPair } from './operation-pair.ts'
import type { Comparison, OperationName, Use } from './types.ts'

/** What a service allows and promises in numbers: of an operation, or of the contract for those that say nothing. */
interface Budget {
  member: string
  /** Begins the ids of its rules. */
  rule: string
  /** Null: it is no number of these. */
  amountOf(value: Json): number | null
}

const budgets: readonly Budget[] = [
  { member: 'x-rockpool-rate-limit', rule: 'api-rate-limit', amountOf: callsPerSecond },
  { member: 'x-rockpool-latency-ms', rule: 'api-latency-budget', amountOf: (value) => positive(value) },
]

/** A number is calls per second; `{ "calls": 100, "seconds": 60 }` is as many in so many seconds. */
function callsPerSecond(value: Json): number | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return positive(value)
  const [calls, seconds] = [positive(member(value, 'calls')), positive(member(value, 'seconds'))]
  return calls === null || seconds === null ? null : calls / seconds
}

function positive(value: Json | undefined): number | null {
  return typeof value === 'number' && value > 0 ? value : null
}

/** Compares the budgets of an operation that has one of its own on either side. */
export function compareBudgets(comparison: Comparison, { before, after, name, within }: OperationPair): void {
  for (const budget of budgets)
    if (isOwn(before, budget) || isOwn(after, budget))
      addBudget(comparison, budget, { operation: name, place: `${within}operation` }, [
        valueOf(before, comparison.before, budget),
        valueOf(after, comparison.after, budget),
      ])
}

/** Compares the budgets that the contract has for all others. */
export function compareSharedBudgets(comparison: Comparison, pairs: readonly OperationPair[]): void {
  for (const budget of budgets) {
    const heirs = pairs.filter(({ before, after }) => !isOwn(before, budget) && !isOwn(after, budget))
    if (heirs.length === 0) continue
    const at = { operation: null, place: 'contract', uses: usesOf(heirs, 'operation') }
    addBudget(comparison, budget, at, [
      saidBy(comparison.before, budget.member),
      saidBy(comparison.after, budget.member),
    ])
  }
}

/** A value, and who says it. */
interface Said {
  by: { extensions: Extensions }
  value: Json
}

function isOwn(operation: Operation, budget: Budget): boolean {
  return Object.hasOwn(operation.extensions, budget.member)
}

function valueOf(operation: Operation, contract: Contract, budget: Budget): Said {
  return saidBy(isOwn(operation, budget) ? operation : contract, budget.member)
}

function saidBy(by: { extensions: Extensions }, name: string): Said {
  return { by, value: member(by.extensions, name) ?? null }
}

function addBudget(
  comparison: Comparison,
  budget: Budget,
  at: { operation: OperationName | null; place: string; uses?: Use[] },
  [before, after]: [Said, Said],
): void {
  // Nothing said, nothing bounded.
  const was = budget.amountOf(before.value) ?? Infinity
  const is = budget.amountOf(after.value) ?? Infinity
  if (was === is) return
  comparison.add({
    rule: `${budget.rule}-${is < was ? 'tightened' : 'relaxed'}`,
    ...at,
    details: { before: shown(budget, before.value), after: shown(budget, after.value) },
    before: { at: before.by, member: budget.member },
    after: { at: after.by, member: budget.member },
  })
}

function shown(budget: Budget, value: Json): Json {
  return budget.amountOf(value) === null ? null : value
}
