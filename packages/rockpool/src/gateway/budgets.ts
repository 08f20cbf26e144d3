import { problem } from '../kernel/index.ts'
import type { Problem } from '../kernel/index.ts'
import type { Decision } from './decision.ts'
import { isUnsafe } from './ground.ts'
import type { Directory } from './snapshot.ts'
import type { SnapshotCredential } from './types.ts'

type Forward = Extract<Decision, { kind: 'forward' }>

/** Counts what credentials with a grant write. It lives as long as the gateway, beside the decision, which is pure. */
export interface Budgets {
  /** `budget_spent` where the call is a write and its grant has none left. Spends nothing. */
  refusal(decision: Forward, method: string): Problem | undefined
  /** Spends one write of the grant, where the call is one: `budget_spent` when none was left, and nothing is spent. */
  spend(directory: Directory, decision: Forward, method: string): Problem | undefined
  /** Grants that are remembered. */
  size(): number
}

export function createBudgets(): Budgets {
  const spent = new Map<string, number>()

  /** Before a newcomer is counted, those go whose credentials are gone: there are never more than granted credentials. */
  function sweep(directory: Directory): void {
    const alive = new Set([...directory.credentials.values()].map(nameOf))
    for (const name of spent.keys()) if (!alive.has(name)) spent.delete(name)
  }

  function refusal({ credential }: Forward, method: string): Problem | undefined {
    const name = writeOf(credential, method)
    if (name === undefined) return undefined
    const { name: grant, writes } = credential!.grant!
    if ((spent.get(name) ?? 0) < writes) return undefined
    return problem('budget_spent', `the grant “${grant}” allows this run ${writes} writes, and all are spent`)
  }

  return {
    refusal,
    spend(directory, decision, method) {
      const name = writeOf(decision.credential, method)
      if (name === undefined) return undefined
      const refused = refusal(decision, method)
      if (refused) return refused
      if (!spent.has(name)) sweep(directory)
      spent.set(name, (spent.get(name) ?? 0) + 1)
      return undefined
    },
    size: () => spent.size,
  }
}

/** The budget that the call costs one of; undefined: none. */
function writeOf(credential: SnapshotCredential | null, method: string): string | undefined {
  return credential === null || !isUnsafe(method) ? undefined : nameOf(credential)
}

/** A run's key and its browser's session share one budget: together they may not write more than the grant says. */
function nameOf({ run, grant }: SnapshotCredential): string | undefined {
  return grant === null ? undefined : `${run} ${grant.name}`
}
