/*
 * Vocabulary of the workers
 *
 * parent     the process that was started; with workers it serves nothing, and keeps what listens open
 * worker     a process that it started: a gateway of its own towards control, with a key and a folder of its own
 * place      1 to n: what a worker is known by, as in `host:8470#2`. Its successor has the same
 * folder     what a worker keeps on disk; no two processes use one, so that a successor has another
 * retire     to accept nothing more, end each connection with its next answer, and go
 * word       what the parent tells workers of a rate's bucket: how much is left in it
 *
 *   parent ── fork ──► starting ──ready──► listen ──► listening ──► retire (its successor listens), or stop ──► gone
 *                          │                              │
 *                          └───────────── died ───────────┴──► another one, after a pause that grows
 */

/**
 * One bucket of a rate limit: its name, how many tokens (of a worker's: that it took; of the parent's: that are left, less
 * than none where too many were taken), milliseconds until one comes back, and how many it holds.
 */
export type BucketEntry = [name: string, tokens: number, intervalMs: number, capacity: number]

export type ToParent =
  /** It follows control, and cannot serve yet. */
  | { type: 'unready' }
  /** It could serve. */
  | { type: 'ready' }
  | { type: 'listening' }
  | { type: 'took'; entries: BucketEntry[] }

export type ToWorker =
  | { type: 'listen' }
  | { type: 'retire' }
  | { type: 'stop' }
  /** `answers`: it is the answer to `took`, and counts what that told. */
  | { type: 'left'; entries: BucketEntry[]; answers: boolean }
