import type { Keeper, Upstream } from './upstream.ts'

/** Who waits for a connection. */
export interface Waiting {
  /** There is room for it now. */
  proceed(): void
}

/** Connections to one origin: the last one used is taken first, and no more are open than `most`. */
export class Lane implements Keeper {
  readonly host: string
  readonly port: number
  readonly isTls: boolean
  /** As `Host` says it. */
  readonly authority: string
  private readonly free: Upstream[] = []
  private readonly waiting: Waiting[] = []
  private readonly all = new Set<Upstream>()
  private readonly most: number
  private readonly open: (lane: Lane) => Upstream
  private readonly onEmpty: () => void

  constructor(
    origin: string,
    options: { most: number; open: (lane: Lane) => Upstream; onEmpty: () => void },
  ) {
    const url = new URL(origin)
    this.isTls = url.protocol === 'https:'
    this.host = url.hostname.replace(/^\[|\]$/g, '')
    this.port = Number(url.port) || (this.isTls ? 443 : 80)
    this.authority = url.host
    this.most = options.most
    this.open = options.open
    this.onEmpty = options.onEmpty
  }

  /** A connection for one call. Undefined: all are in use, and `waiting` is told when one is free. `fresh`: none that was used. */
  take(waiting: Waiting, fresh = false): Upstream | undefined {
    while (this.free.length > 0) {
      const upstream = this.free.pop()!
      if (!upstream.isUsable) continue
      if (!fresh) return upstream
      // One of them was stale: the others are as old.
      upstream.destroy()
    }
    if (this.all.size >= this.most) {
      this.waiting.push(waiting)
      return undefined
    }
    const upstream = this.open(this)
    this.all.add(upstream)
    return upstream
  }

  /** It waits no more. */
  leave(waiting: Waiting): void {
    const index = this.waiting.indexOf(waiting)
    if (index >= 0) this.waiting.splice(index, 1)
  }

  idle(upstream: Upstream): void {
    this.free.push(upstream)
    this.waiting.shift()?.proceed()
  }

  gone(upstream: Upstream): void {
    this.all.delete(upstream)
    const index = this.free.indexOf(upstream)
    if (index >= 0) this.free.splice(index, 1)
    this.waiting.shift()?.proceed()
    if (this.all.size === 0 && this.waiting.length === 0) this.onEmpty()
  }

  close(): void {
    for (const upstream of this.all) upstream.destroy()
  }
}

/** Connections to services, by origin. */
export interface Pool {
  lane(origin: string): Lane
  close(): void
}

export function createPool(open: (lane: Lane) => Upstream, most = 256): Pool {
  const lanes = new Map<string, Lane>()
  return {
    lane(origin) {
      const known = lanes.get(origin)
      if (known) return known
      const lane = new Lane(origin, { most, open, onEmpty: () => lanes.delete(origin) })
      lanes.set(origin, lane)
      return lane
    },
    close() {
      for (const lane of lanes.values()) lane.close()
    },
  }
}
