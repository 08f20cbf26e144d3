import type { LedgerEntry } from '../sandboxes/index.ts'

/** With so many things left a bot does not use production any more. */
export const mostDebt = 5

/** A call that is still on its way is waited for this long: what it makes would not be found yet. */
const underWayMs = 45_000

/**
 * Whether a call made something that has to be put back, or nobody can rule that out. What acts on a thing that its path
 * names, such as a cancellation, makes nothing; where the answer is lost or an error of the service's, the author's
 * `putBack` looks. Pure.
 */
export function isCreated(entry: LedgerEntry, now: number): boolean {
  const { method, status, location, resource, outcome, path, at } = entry
  if (method === 'DELETE') return false
  if (outcome === 'intent') return method === 'POST' && now - Date.parse(at) > underWayMs
  if (status === null || status >= 500) return method === 'POST'
  if (status === 201) return true
  if (status >= 300 || method !== 'POST') return false
  return location !== null || (resource !== null && !path.split('/').map(decoded).includes(resource))
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** `POST /harbor/orders → order_7`: an entry in a line, for people. Pure. */
export function entryLine({ method, path, resource, location, status }: LedgerEntry): string {
  const thing = resource ?? location
  const seen = status === null ? 'its answer is not known' : `answered ${status}`
  return `${method} ${path} ${thing === null ? `(${seen})` : `→ ${thing}`}`
}
