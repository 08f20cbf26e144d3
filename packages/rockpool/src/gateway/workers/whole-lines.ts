import type { LineSink } from '../access-log.ts'

/** What one write to a pipe may hold so that nobody else's bytes come in between (PIPE_BUF, pipe(7)). */
const atomicBytes = 4_096
const mostWaiting = 64

/** A stream that several processes write to. */
export interface SharedStream {
  write(text: string, done: (error?: Error | null) => void): boolean
}

/**
 * Writes whole lines, a few at a time, and the next only when those before have gone: then the lines of several processes
 * never mingle. A line that is longer than such a write stands alone in one.
 */
export function createWholeLines(stream: SharedStream): LineSink {
  const waiting: string[] = []
  let listeners: (() => void)[] = []
  let isWriting = false

  function next(): void {
    const piece = waiting.shift()
    isWriting = piece !== undefined
    if (piece !== undefined) stream.write(piece, next)
    if (waiting.length >= mostWaiting || listeners.length === 0) return
    const woken = listeners
    listeners = []
    for (const wake of woken) wake()
  }

  return {
    write(text) {
      waiting.push(...piecesOf(text))
      if (!isWriting) next()
      return waiting.length < mostWaiting
    },
    once(_event, listener) {
      listeners.push(listener)
    },
  }
}

/** Lines gathered into pieces of at most `atomicBytes`. Pure. */
export function piecesOf(text: string): string[] {
  const pieces: string[] = []
  let start = 0
  let size = 0
  for (let from = 0; from < text.length;) {
    const newline = text.indexOf('\n', from)
    const end = newline < 0 ? text.length : newline + 1
    const bytes = Buffer.byteLength(text.slice(from, end))
    if (from > start && size + bytes > atomicBytes) {
      pieces.push(text.slice(start, from))
      start = from
      size = 0
    }
    size += bytes
    from = end
  }
  if (start < text.length) pieces.push(text.slice(start))
  return pieces
}
