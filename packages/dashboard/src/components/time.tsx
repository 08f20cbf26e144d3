import { age, timeOfDay } from '../format.ts'
import { useNow } from '../live/clock.ts'

/** A time of day in UTC, with the day where that is not today; how long ago it was stands in its title. */
export function Time({ at, zone = true, seconds = true }: { at: string; zone?: boolean; seconds?: boolean }) {
  const now = useNow()
  const time = Date.parse(at)
  return (
    <time dateTime={at} title={`${age(now - time)} ago`}>
      {timeOfDay(time, now, { seconds })}
      {zone && ' UTC'}
    </time>
  )
}

/** How long ago, in words alone: for ages that prove nothing. The time of day stands in its title. */
export function Ago({ at, before = '', after = '' }: { at: string; before?: string; after?: string }) {
  const now = useNow()
  const time = Date.parse(at)
  return (
    <time dateTime={at} title={`${timeOfDay(time, now)} UTC`}>
      {before}
      {age(now - time)}
      {after}
    </time>
  )
}
