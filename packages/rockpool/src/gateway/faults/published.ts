import { effectOf } from './effect.ts'
import type { SnapshotFault } from './types.ts'

/** A fault as gateways get it: what else is known of it (who made it) is none of their business. Pure. */
export function publishedFault(fault: SnapshotFault): SnapshotFault {
  const { id, service, operation, percent, environment, of, endsAt } = fault
  const whose = of && { run: of.run, organization: of.organization }
  return { id, service, operation, percent, environment, of: whose, endsAt, ...effectOf(fault) }
}
