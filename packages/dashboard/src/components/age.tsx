import { age } from '../format.ts'
import { useNow } from '../live/clock.ts'
import { timeOfDay } from '../format.ts'
import { lifeOf } from '../view/life.ts'

/**
 * How old a proof is: a ring that empties over the proof's life, and words. A proof over its limit says so.
 */
export function Age({
  at,
  lifeMs,
  before = '',
  after = ' ago',
}: {
  /** ISO 8601. */
  at: string
  /** How long it proves anything. */
  lifeMs: number
  before?: string
  after?: string
}) {
  const now = useNow()
  const ms = Math.max(0, now - Date.parse(at))
  const { left, state } = lifeOf(ms, lifeMs)
  const limit = state === 'over' ? `, limit ${age(lifeMs)}` : ''
  return (
    <time
      className={`age${state === 'fresh' ? '' : ` ${state}`}`}
      style={{ '--left': left } as object}
      dateTime={at}
      title={`${timeOfDay(Date.parse(at), now)} UTC`}
    >
      {`${before}${age(ms)}${after}${limit}`}
    </time>
  )
}
