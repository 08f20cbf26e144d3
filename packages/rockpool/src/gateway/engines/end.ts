import type { End } from './engine.ts'

/** That of a call that has not begun: nothing came, nothing went, nobody was asked. */
export const newEnd = (): End => ({
  bytesIn: 0,
  bytesOut: 0,
  aborted: null,
  upstream: null,
  retries: 0,
  connectMs: null,
})
