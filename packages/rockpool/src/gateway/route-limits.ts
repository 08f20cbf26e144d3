import type { Route } from './types.ts'

/** Of calls that nobody wrote anything for. Answers without an end (server-sent events) have no `totalMs` then. */
const defaults = { totalMs: 60 * 60 * 1000, maxBodyBytes: 100 * 1024 * 1024 }

/** Milliseconds that a call of the route may take in all; undefined: any. */
export const totalMsOf = ({ totalMs = defaults.totalMs }: Route): number | undefined => totalMs ?? undefined

/** Bytes that the body of a request may have; undefined: any. */
export const maxBodyBytesOf = ({ maxBodyBytes = defaults.maxBodyBytes }: Route): number | undefined =>
  maxBodyBytes ?? undefined
