import { organizationDeleting } from '@rockpool/sdk/wire'
import { heldKey } from './consumer-store.ts'
import type { Given, Hold } from './consumer-store.ts'
import { pauseAfter } from './retry.ts'
import type { RetryPolicy } from './retry.ts'
import type { Result } from './types.ts'

/** Of the events read: which to deliver, and which wait behind a held one of their key. Pure. */
export function sortOut<E extends Given>(
  events: readonly E[],
  gone: ReadonlySet<string>,
  blocked: ReadonlySet<string>,
): { deliver: E[]; behind: E[] } {
  // Of an organization that is being deleted, only its deletion is told.
  const meant = events.filter(
    ({ source, event }) => !gone.has(event.organization) || isDeletion(source, event.type),
  )
  return {
    deliver: meant.filter((one) => !blocked.has(heldKey(one))),
    behind: meant.filter((one) => blocked.has(heldKey(one))),
  }
}

const isDeletion = (source: string, type: string) => source === 'rockpool' && type === organizationDeleting

/**
 * What becomes of delivered events: those that are done, and those to hold. An organization that was deleted meanwhile
 * has nothing to wait for. Pure.
 * @param attempts failed attempts so far, by position
 */
export function settle(
  delivered: readonly Given[],
  results: readonly Result[],
  attempts: (one: Given) => number,
  policy: RetryPolicy,
): { done: number[]; holds: Hold[] } {
  const done: number[] = []
  const holds: Hold[] = []
  const waiting = new Set<string>()
  for (const [index, one] of delivered.entries()) {
    const result = results[index]
    if (!result) break
    const { position } = one
    const error = result.error ?? { code: 'failed', message: 'the consumer did not say why' }
    if (result.outcome !== 'failed' || error.code === 'organization_deleted') {
      done.push(position)
      continue
    }
    if (waiting.has(heldKey(one)) || error.code === 'held_behind') {
      holds.push({
        position,
        attempts: attempts(one),
        pause: waiting.has(heldKey(one)) ? null : policy.firstMs,
        error: null,
        dead: false,
      })
      continue
    }
    waiting.add(heldKey(one))
    const failed = attempts(one) + 1
    // The deletion of an organization is never given up: it would never be gone.
    const last = isDeletion(one.source, one.event.type) ? policy.longestMs : null
    const pause = pauseAfter(failed, policy) ?? last
    holds.push({ position, attempts: failed, pause, error, dead: pause === null })
  }
  return { done, holds }
}
