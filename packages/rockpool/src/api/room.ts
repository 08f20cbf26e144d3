import { problem } from '../kernel/index.ts'

/** Holds bodies of bytes, which are in memory whole, to a number at once. */
export interface Room {
  /** Does the work while there is room for it; else `too_many_requests`. */
  within<T>(credential: string, work: () => Promise<T>): Promise<T>
}

/** `each`: of one credential. With 32 MB each, 16 of them are half a gigabyte. */
export function createRoom(most = { all: 16, each: 8 }): Room {
  const held = new Map<string, number>()
  let all = 0
  return {
    async within(credential, work) {
      const own = held.get(credential) ?? 0
      if (all >= most.all || own >= most.each)
        throw problem('too_many_requests', 'too many files are on their way at this moment: try again')
      all += 1
      held.set(credential, own + 1)
      try {
        return await work()
      } finally {
        all -= 1
        const left = held.get(credential)! - 1
        if (left > 0) held.set(credential, left)
        else held.delete(credential)
      }
    },
  }
}
