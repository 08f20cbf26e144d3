import { organizationDeleting } from '@rockpool/sdk/wire'
import type { LoggedEvent } from './types.ts'

/**
 * Cuts events into requests of at most so many bytes (an event that is larger goes alone; the identities come on top).
 * The deletion of an organization always goes alone: nothing that fails beside it may hold it up. Pure.
 */
export function splitBatch(events: readonly LoggedEvent[], maxBytes: number): LoggedEvent[][] {
  const batches: LoggedEvent[][] = []
  let bytes = 0
  let open = false
  for (const one of events) {
    const size = Buffer.byteLength(JSON.stringify(one.event))
    const alone = one.event.type === organizationDeleting
    if (!open || alone || bytes + size > maxBytes) {
      batches.push([])
      bytes = 0
    }
    batches.at(-1)!.push(one)
    bytes += size
    open = !alone
  }
  return batches
}
