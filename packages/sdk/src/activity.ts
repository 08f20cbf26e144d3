import { problem } from './errors.ts'

/** Which organizations this process works for right now, and for which it must not work any more. */
export interface Activity {
  /**
   * Work for an organization begins; call what is returned once when it has ended.
   * @throws Problem `organization_deleted`
   */
  enter(slug: string): () => void
  /** Refuse work for this organization from now on. */
  forbid(slug: string): void
  isForbidden(slug: string): boolean
  /** Resolves true when no work for it is in flight, false when the deadline passed first. */
  idle(slug: string, deadlineMs: number): Promise<boolean>
}

// A process may outlive any number of sandboxes. Of one that is forgotten here the mark in the database still tells.
const forbiddenAtMost = 10_000

export function createActivity(): Activity {
  const inFlight = new Map<string, number>()
  const forbidden = new Set<string>()
  const waiting = new Map<string, Set<() => void>>()

  const leave = (slug: string): void => {
    const left = (inFlight.get(slug) ?? 1) - 1
    if (left > 0) return void inFlight.set(slug, left)
    inFlight.delete(slug)
    for (const wake of waiting.get(slug) ?? []) wake()
    waiting.delete(slug)
  }

  return {
    enter(slug) {
      if (forbidden.has(slug)) throw problem('organization_deleted', `the organization ${slug} is deleted`)
      inFlight.set(slug, (inFlight.get(slug) ?? 0) + 1)
      let left = false
      return () => {
        if (!left) leave(slug)
        left = true
      }
    },
    forbid(slug) {
      forbidden.add(slug)
      // A set keeps the order in which its members came.
      if (forbidden.size > forbiddenAtMost)
        for (const oldest of forbidden) return void forbidden.delete(oldest)
    },
    isForbidden: (slug) => forbidden.has(slug),
    idle(slug, deadlineMs) {
      if (!inFlight.has(slug)) return Promise.resolve(true)
      return new Promise((resolve) => {
        const timer = setTimeout(() => resolve(false), deadlineMs)
        const wake = () => {
          clearTimeout(timer)
          resolve(true)
        }
        waiting.set(slug, (waiting.get(slug) ?? new Set()).add(wake))
      })
    },
  }
}
