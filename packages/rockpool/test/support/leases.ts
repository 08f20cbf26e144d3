import { lentOf } from '../../src/gateway/budgets/lending.ts'
import type { Lender } from '../../src/gateway/budgets/types.ts'
import type { GatewayState } from '../../src/gateway/index.ts'

/** Lends what the snapshot of one gateway allows, for tests that have no control; its own side is in budgets/leases.ts. */
export function lenderFor(state: Pick<GatewayState, 'ground'>): Lender {
  const taken = new Map<string, number>()
  const leases = new Map<string, { name: string; writes: number }>()
  return {
    lend({ lease, run, grant, want }) {
      const credentials = [...state.ground()!.directory.credentials.values()]
      const writes =
        credentials.find((one) => one.run === run && one.grant?.name === grant)?.grant?.writes ?? 0
      const name = `${run} ${grant}`
      const granted = lentOf({ writes, taken: taken.get(name) ?? 0, want })
      taken.set(name, (taken.get(name) ?? 0) + granted)
      leases.set(lease, { name, writes: granted })
      return Promise.resolve({ granted, left: writes - taken.get(name)!, lent: 0 })
    },
    takeBack(ended) {
      for (const { lease, writes } of ended) {
        const { name, writes: most } = leases.get(lease)!
        leases.delete(lease)
        taken.set(name, taken.get(name)! - Math.min(writes, most))
      }
      return Promise.resolve()
    },
  }
}
