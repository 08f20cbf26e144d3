import { problem } from '../kernel/index.ts'
import type { Problem } from '../kernel/index.ts'
import type { Decision } from './decision.ts'
import { isUnsafe } from './ground.ts'
import type { Directory } from './snapshot.ts'
import type { SnapshotCredential } from './types.ts'

/** Counts what credentials with a grant write. It lives as long as the gateway, beside the decision, which is pure. */
export interface Budgets {
  /** Spends one write of the grant, where the call is one: `budget_spent` when none was left, and nothing is spent. */
  spend(
    directory: Directory,
    decision: Extract<Decision, { kind: 'forward' }>,
    method: string,
  ): Problem | undefined
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

  return {
    spend(directory, { credential }, method) {
      const name = credential === null ? undefined : nameOf(credential)
      if (name === undefined || !isUnsafe(method)) return undefined
      const { name: grant, writes } = credential!.grant!
      const so = spent.get(name)
      if (so === undefined) sweep(directory)
      if ((so ?? 0) >= writes)
        return problem(
          'budget_spent',
          `the grant “${grant}” allows this run ${writes} writes, and all are spent`,
        )
      spent.set(name, (so ?? 0) + 1)
      return undefined
    },
    size: () => spent.size,
  }
}

/** A run's key and its browser's session share one budget: together they may not write more than the grant says. */
function nameOf({ run, grant }: SnapshotCredential): string | undefined {
  return grant === null ? undefined : `${run} ${grant.name}`
}
