import { age, timeOfDay } from '../format.ts'
import { controlNow, useNow } from '../live/clock.ts'
import { useLive } from '../live/context.ts'

/** While control is away: what is shown stays, its ages go on, and nothing is called current. */
export function ConnectionLost() {
  const { state, heardAt } = useLive()
  const now = useNow()
  // Before anything was heard the parts say for themselves what they cannot read.
  const isLost = state === 'lost' && heardAt !== null
  return (
    <div aria-live="polite">
      {isLost && (
        <div className="trouble unsure-box banner">
          <span className="v unsure">
            no news from control <span aria-hidden="true">for {age(controlNow() - heardAt)}</span>
          </span>
          <span className="muted">
            The gateways go on serving. What you see is from {timeOfDay(heardAt, now)} UTC.
          </span>
          <span className="actions">
            <span className="btn small" aria-busy="true">
              Trying again
            </span>
          </span>
        </div>
      )}
    </div>
  )
}
