import type { Notice } from '../contracts/index.ts'
import { shown } from './terminal.ts'

type Delivery = NonNullable<Notice['delivery']>

/** What became of a notice at its watcher's address, for people. Pure. */
export function sentence({ state, attempts, toldAt, nextAt, failure }: Delivery): string {
  const times = attempts === 1 ? 'one attempt' : `${attempts} attempts`
  if (state === 'told') return `told ${toldAt}, after ${times}`
  if (state === 'given up') return `given up after ${times}: ${failure}`
  return failure === null ? 'not told yet' : `not told after ${times}: ${failure}; tried again at ${nextAt}`
}

/** Where a watcher is told, and how that went last. Pure. */
export function watchedAt(watcher: {
  to: string | null
  goneAt: string | null
  last: (Delivery & { version: string | null; address: string }) | null
}): string {
  const { to, goneAt, last } = watcher
  if (to === null) return ''
  const now =
    goneAt !== null
      ? `nothing is sent there since ${goneAt}, when it answered 410`
      : last === null
        ? 'nothing was sent yet'
        : `${last.version ?? last.address} ${sentence(last)}`
  return shown(`at ${to}: ${now}`)
}
