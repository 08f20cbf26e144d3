import { addressOf } from '../address.ts'
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
  readonly address: string
  /** As `Host` says it. */
  readonly authority: string
  private readonly free: Upstream[] = []
  private readonly waiting: Waiting[] = []
  private readonly all = new Set<Upstream>()
  /** Those of them that left HTTP: they are nobody's to use, and take nobody's place. */
  private readonly tunnels = new Set<Upstream>()
  /** Whoever forgot it waits for the end of all of them. */
  private onForgotten: (() => void) | undefined
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
    this.address = addressOf(url)
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
    if (this.all.size - this.tunnels.size >= this.most) {
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
    if (this.onForgotten !== undefined) return upstream.destroy()
    this.free.push(upstream)
    this.waiting.shift()?.proceed()
  }

  left(upstream: Upstream): void {
    this.tunnels.add(upstream)
    this.waiting.shift()?.proceed()
  }

  gone(upstream: Upstream): void {
    this.all.delete(upstream)
    this.tunnels.delete(upstream)
    const index = this.free.indexOf(upstream)
    if (index >= 0) this.free.splice(index, 1)
    this.waiting.shift()?.proceed()
    if (this.all.size > 0) return
    this.onForgotten?.()
    if (this.waiting.length === 0) this.onEmpty()
  }

  /**
   * Nobody takes from it any more. Connections that no call uses end at once, the others after their call; whoever waits for
   * one asks anew. Resolves when all are closed.
   */
  async forget(): Promise<void> {
    const closed = new Promise<void>((resolve) => (this.onForgotten = resolve))
    for (const waiting of this.waiting.splice(0)) waiting.proceed()
    for (const upstream of this.free.splice(0)) upstream.destroy()
    if (this.all.size > 0) await closed
  }

  close(): void {
    for (const upstream of this.all) upstream.destroy()
  }
}

/** Connections to services, by origin. */
export interface Pool {
  lane(origin: string): Lane
  /** As `Engine.forget`. */
  forget(origin: string): Promise<void>
  close(): void
}

export function createPool(open: (lane: Lane) => Upstream, most = 256): Pool {
  const lanes = new Map<string, Lane>()
  return {
    lane(origin) {
      const known = lanes.get(origin)
      if (known) return known
      const lane: Lane = new Lane(origin, {
        most,
        open,
        onEmpty: () => {
          if (lanes.get(origin) === lane) lanes.delete(origin)
        },
      })
      lanes.set(origin, lane)
      return lane
    },
    async forget(origin) {
      const lane = lanes.get(origin)
      lanes.delete(origin)
      await lane?.forget()
    },
    close() {
      for (const lane of lanes.values()) lane.close()
    },
  }
}
