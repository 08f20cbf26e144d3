interface Page<T> {
  items: T[]
  next: string | null
}

export interface FollowOptions<T> {
  /** A page of the list, the newest first. */
  read: (page: { limit: number; cursor?: string }) => Promise<Page<T>>
  /** Hears that what comes from now on is told. */
  begun: () => void
  /** Resolves when it is time to look again. */
  pause: () => Promise<void>
  /** Hears why it could not look, once until it can again. */
  failed: (error: unknown) => void
  stopped: AbortSignal
}

const limit = 200

/**
 * What comes to a list from now on, in its order. Ids are given before what bears them is committed: one that is lower than
 * another's may come later, and is found among the newest.
 */
export async function* follow<T extends { id: number }>(options: FollowOptions<T>): AsyncGenerator<T> {
  const { read, begun, pause, failed, stopped } = options
  const first = await read({ limit })
  const seen = new Set(first.items.map(({ id }) => id))
  /** What is older was there before. */
  const oldest = first.next === null ? 0 : Math.min(...seen)
  let isFailing = false
  begun()

  /** The newest pages, as long as all of them is new. */
  const look = async (): Promise<T[]> => {
    const fresh: T[] = []
    for (let cursor: string | null | undefined; cursor !== null;) {
      const { items, next } = await read({ limit, ...(cursor ? { cursor } : {}) })
      const unseen = items.filter(({ id }) => id > oldest && !seen.has(id))
      fresh.push(...unseen)
      cursor = unseen.length === items.length ? next : null
    }
    return fresh.toSorted((a, b) => a.id - b.id)
  }

  for (;;) {
    await pause()
    if (stopped.aborted) return
    try {
      const fresh = await look()
      for (const { id } of fresh) seen.add(id)
      isFailing = false
      yield* fresh
    } catch (error) {
      // Control may restart: what came meanwhile is told then.
      if (!isFailing) failed(error)
      isFailing = true
    }
  }
}
