import { age, timeOfDay } from '../format.ts'
import { controlNow, useNow } from '../live/clock.ts'
import { useLive } from '../live/context.ts'

/** Whether what is shown is what is so now, right of the title. Ticks without being read out. */
export function LiveNote() {
  const { state, heardAt } = useLive()
  const now = useNow()
  if (state === 'live') return <p className="live">live, {timeOfDay(now, now)} UTC</p>
  if (state === 'lost')
    return (
      <p className="live lost">
        {heardAt === null ? 'not live' : `no news for ${age(controlNow() - heardAt)}`}
      </p>
    )
  return <p className="live lost">connecting</p>
}
