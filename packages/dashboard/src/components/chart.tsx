import { useId } from 'react'
import { timeOfDay } from '../format.ts'
import { useNow } from '../live/clock.ts'
import { areaPath, barPath, chartWidth, largest, linePath, niceTop, type Values } from '../view/chart.ts'

export interface Series {
  values: Values
  /** Customers are solid, Rockpool's own is dashed or hatched; bars are errors. */
  is: 'line' | 'dash' | 'solid' | 'hatch' | 'bars'
  /** Beside its highest point, where there are several of a kind. */
  name?: string
}

/** Values over time, from zero; empty time is a gap. The same in words for who does not see it. */
export function Chart({
  label,
  series,
  from,
  to,
  height = 80,
  say,
  withTimes = true,
}: {
  label: string
  series: readonly Series[]
  /** ISO 8601. */
  from: string
  to: string
  height?: number
  /** Writes the numbers at the axis. */
  say: (value: number) => string
  withTimes?: boolean
}) {
  const hatch = useId()
  const now = useNow()
  const top = niceTop(largest(...series.map(({ values }) => values)))
  const time = (at: string) => timeOfDay(Date.parse(at), now, { seconds: false })
  return (
    <div className="chart" style={{ '--h': `${height}px` } as object}>
      <div className="yy" aria-hidden="true">
        <span style={{ top: 6 }}>{say(top)}</span>
        <span style={{ top: height - 6 }}>0</span>
      </div>
      <div className="plot">
        <svg viewBox={`0 0 ${chartWidth} ${height}`} preserveAspectRatio="none" role="img" aria-label={label}>
          <defs>
            <pattern
              id={hatch}
              width="5"
              height="5"
              patternUnits="userSpaceOnUse"
              patternTransform="rotate(45)"
            >
              <path className="hatch-line" d="M0 0V5" />
            </pattern>
          </defs>
          <path className="grid" d={`M0 .5H${chartWidth}`} />
          {series.map(({ values, is }, index) => (
            <g key={index}>
              {is === 'solid' && <path className="fill" d={areaPath(values, top, height)} />}
              {is === 'hatch' && <path fill={`url(#${hatch})`} d={areaPath(values, top, height)} />}
              {is === 'bars' ? (
                <path className="err" d={barPath(values, top, height)} />
              ) : (
                <path
                  className={is === 'dash' || is === 'hatch' ? 'dash' : 'ink'}
                  d={linePath(values, top, height)}
                />
              )}
            </g>
          ))}
          <path className="base" d={`M0 ${height - 0.5}H${chartWidth}`} />
        </svg>
        {series.map(({ name, values }) => {
          const slot = values.indexOf(largest(values))
          if (name === undefined || slot < 0) return null
          const y = height - ((values[slot] ?? 0) / top) * height
          // Beside the line's highest point, and on the side of it where there is room.
          const x = slot / values.length
          const style = {
            ...(x < 0.5 ? { left: `${x * 100}%` } : { right: `${(1 - x) * 100}%` }),
            top: Math.max(0, Math.min(height - 18, y - 18)),
          }
          return (
            <span key={name} aria-hidden="true" style={style}>
              {name}
            </span>
          )
        })}
      </div>
      {withTimes && (
        <div className="xx" aria-hidden="true">
          <span>{time(from)}</span>
          <span>{time(to)}</span>
        </div>
      )}
    </div>
  )
}
