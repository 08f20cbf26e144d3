import { useSearchParams } from 'react-router'
import { useNow } from '../live/clock.ts'
import { lengths, moved, rangeFrom, upToNow, type Range } from '../view/range.ts'
import { Tabs } from './tabs.tsx'

/** Which time a page is about: the last hour, live, or a time of the URL. */
export function RangeTabs({ range }: { range: Range }) {
  const now = Math.floor(useNow() / 60_000) * 60_000
  const [search] = useSearchParams()
  const lengthMs = Date.parse(range.to) - Date.parse(range.from)
  const earlier = moved(range, -1, now)
  const later = range.isLive ? null : moved(range, 1, now)
  const isNamed = !range.isLive && lengths.every(({ ms }) => ms !== lengthMs)
  return (
    <Tabs
      label="Time"
      tabs={[
        { name: 'last hour, live', to: { from: null, to: null }, isCurrent: range.isLive },
        ...lengths.map(({ name, ms }) => ({
          name,
          to: { ...upToNow(ms, now) },
          isCurrent: !range.isLive && ms === lengthMs,
        })),
        ...(isNamed
          ? [{ name: 'this time', to: { from: search.get('from'), to: search.get('to') }, isCurrent: true }]
          : []),
        ...(earlier ? [{ name: 'earlier', to: { ...earlier }, isCurrent: false }] : []),
        ...(later
          ? [
              {
                name: 'later',
                to: { ...rangeFrom(Date.parse(later.from), Date.parse(later.to)) },
                isCurrent: false,
              },
            ]
          : []),
      ]}
    />
  )
}
