import { countedAddress, problem, type Clock } from '../../kernel/index.ts'

/** Addresses that are remembered at once; the one that was seen first is forgotten for a new one. */
const mostAddresses = 1_000

/**
 * Bounds how often is tried: `perMinute` for each address (of IPv6 for each /64), ten times that for all
 * together. Throws `too_many_requests`.
 */
export function createAttempts({ clock, perMinute }: { clock: Clock; perMinute: number }) {
  const spent = new Map<string, Window>()
  let all: Window | undefined
  /** Counts one more; the window that counts from now on. */
  const take = (known: Window | undefined, most: number): Window => {
    const now = clock.now()
    const window = known && now - known.from < 60_000 ? known : { from: now, count: 0 }
    window.count += 1
    if (window.count <= most) return window
    const seconds = Math.max(1, Math.ceil((window.from + 60_000 - now) / 1_000))
    throw problem('too_many_requests', `too many attempts: try again in ${seconds} s`)
  }
  return (address: string | null): void => {
    const key = address === null ? 'somewhere' : countedAddress(address)
    const known = spent.get(key)
    const window = take(known, perMinute)
    if (!known && spent.size >= mostAddresses) spent.delete(spent.keys().next().value!)
    spent.set(key, window)
    all = take(all, 10 * perMinute)
  }
}

interface Window {
  from: number
  count: number
}
