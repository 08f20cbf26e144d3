import type { Socket } from 'node:net'
import { resetSocket } from './client-side.ts'
import type { End } from './engine.ts'

/** A tunnel in which nothing moves is closed after so long; one whose one side has ended, or takes nothing, sooner. */
const idleMs = 3_600_000
const halfIdleMs = 300_000
/** A peer that is gone without a word is found out by its network. */
const keepAliveMs = 30_000

export interface Tunnel {
  /** Breaks it off at once: it is nobody's doing of the two. */
  cut(): void
}

/**
 * Two connections that have left HTTP (RFC 9110 7.8): bytes go both ways as they come, with back-pressure, until both
 * sides have ended. What one side ends is passed on as just that; who breaks off takes the other side with it. `end` is
 * written to while it lasts; `over` is called once, when both are closed, or it is cut.
 */
export function openTunnel(client: Socket, service: Socket, end: End, over: () => void): Tunnel {
  let isBlamed = false
  let isOver = false
  let left = 2
  let late: NodeJS.Timeout | undefined

  join(client, service, 'client', (size) => (end.bytesIn += size))
  join(service, client, 'upstream', (size) => (end.bytesOut += size))
  moved()
  return { cut }

  function join(from: Socket, to: Socket, side: 'client' | 'upstream', count: (size: number) => void): void {
    from.allowHalfOpen = true
    from.setKeepAlive(true, keepAliveMs)
    from.setNoDelay(true)
    from.on('data', (bytes: Buffer) => {
      count(bytes.length)
      if (!to.write(bytes)) {
        from.pause()
        to.once('drain', () => from.resume())
      }
      moved()
    })
    from.on('drain', moved)
    from.on('end', () => {
      to.end()
      moved()
    })
    // 'close' follows.
    from.on('error', () => {})
    from.once('close', () => {
      leave(from, to, side)
      left -= 1
      if (left === 0) finish()
    })
    from.resume()
  }

  function leave(from: Socket, to: Socket, side: 'client' | 'upstream'): void {
    if (!from.readableEnded) {
      blame(side)
      resetSocket(to)
    } else if (!from.writableFinished) {
      // It has said all that it had to say, and takes nothing any more.
      blame(null)
      to.destroySoon()
    }
  }

  /** The first one counts. */
  function blame(side: End['aborted']): void {
    if (!isBlamed) end.aborted = side
    isBlamed = true
  }

  function moved(): void {
    clearTimeout(late)
    const hasEnd = client.readableEnded || service.readableEnded
    const isStalled = client.writableNeedDrain || service.writableNeedDrain
    late = setTimeout(cut, hasEnd || isStalled ? halfIdleMs : idleMs)
  }

  function cut(): void {
    blame(null)
    resetSocket(client)
    resetSocket(service)
    finish()
  }

  function finish(): void {
    clearTimeout(late)
    if (!isOver) over()
    isOver = true
  }
}
