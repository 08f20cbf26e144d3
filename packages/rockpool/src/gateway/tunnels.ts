import type { ProblemCode } from '../kernel/index.ts'

/** How often each tunnel is looked at. */
const lookMs = 1_000

/**
 * Tunnels that are open. What let them be opened may be gone while they last: a credential is revoked, a run ends, a token
 * is too old. So each is judged anew every second, and cut where it would be refused by now.
 */
export interface Tunnels {
  /**
   * `refusal`: why it would be refused now. `cut` is called once, with that. Gives what is to be called when the tunnel is
   * over.
   */
  enter(refusal: () => ProblemCode | undefined, cut: (why: ProblemCode) => void): () => void
}

export function createTunnels(): Tunnels {
  const open = new Set<() => void>()
  let timer: NodeJS.Timeout | undefined

  return {
    enter(refusal, cut) {
      const look = () => {
        const why = judged(refusal)
        if (why === undefined) return
        leave()
        cut(why)
      }
      const leave = () => {
        open.delete(look)
        if (open.size === 0) clearInterval(timer)
      }
      if (open.size === 0)
        timer = setInterval(() => {
          for (const each of open) each()
        }, lookMs).unref()
      open.add(look)
      return leave
    },
  }
}

/** Who cannot be judged has no tunnel: a fault of ours costs one, and not the gateway. */
function judged(refusal: () => ProblemCode | undefined): ProblemCode | undefined {
  try {
    return refusal()
  } catch {
    return 'internal'
  }
}
