/** What has to come before a time; in milliseconds of `performance.now()`. */
export interface Watched {
  due: number
  /** It did not come. May set `due` anew. */
  late(now: number): void
}

/** Looks after many deadlines with one timer: moving one is an assignment. They are noticed within `everyMs`. */
export interface Watch {
  add(one: Watched): void
  delete(one: Watched): void
}

export function createWatch(everyMs = 50): Watch {
  const all = new Set<Watched>()
  let timer: NodeJS.Timeout | undefined

  const look = () => {
    const now = performance.now()
    for (const one of all) if (one.due <= now) one.late(now)
  }
  return {
    add(one) {
      all.add(one)
      timer ??= setInterval(look, everyMs).unref()
    },
    delete(one) {
      all.delete(one)
      if (all.size > 0 || timer === undefined) return
      clearInterval(timer)
      timer = undefined
    },
  }
}
