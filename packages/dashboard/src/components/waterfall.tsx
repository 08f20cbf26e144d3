import { Link, useLocation, useSearchParams } from 'react-router'
import { took } from '../format.ts'
import type { Waterfall as Shape } from '../view/waterfall.ts'
import { changed } from './tabs.tsx'
import { shapeOf, Verdict } from './verdict.tsx'

/** Steps in their order on one time axis; a poll shows each of its answers. The chosen one stands in the URL. */
export function Waterfall({ shape, chosen }: { shape: Shape; chosen: number | undefined }) {
  const [search] = useSearchParams()
  const { pathname } = useLocation()
  const { bars, ticks } = shape
  const grid = { '--grid': `${ticks[1]?.x ?? 100}%` } as object
  return (
    <div className="fall" style={grid}>
      <p className="scale" aria-hidden="true">
        step
        <span>
          {ticks.map(({ x, label }) => (
            <i key={x} style={{ '--x': x } as object}>
              {label}
            </i>
          ))}
        </span>
      </p>
      <ol>
        {bars.map(({ id, name, depth, state, x, w, ms, polls }) => (
          <li key={id} aria-current={id === chosen ? 'step' : undefined}>
            <Link
              to={{ pathname, search: changed(search, { step: String(id), call: null, show: null }) }}
              replace
              preventScrollReset
              data-row
              style={{ '--depth': depth } as object}
            >
              <Verdict is={state} bare />
              {id === chosen ? <b>{name}</b> : name}
            </Link>
            <div className="track">
              <i
                className={
                  [polls > 1 && 'polls', state !== 'pass' && shapeOf(state)].filter(Boolean).join(' ') ||
                  undefined
                }
                style={{ '--x': x, '--w': w, '--n': Math.max(1, polls) } as object}
              />
            </div>
            <span className="num">
              {ms === null ? 'not ended' : id === chosen ? <b>{took(ms)}</b> : took(ms)}
            </span>
          </li>
        ))}
      </ol>
    </div>
  )
}
