import { Link, useLocation, useSearchParams } from 'react-router'
import { count as inGroups } from '../format.ts'

export interface Tab {
  name: string
  count?: number
  /** What it changes in the query of the URL; null takes a name out. */
  to: Record<string, string | null>
  isCurrent: boolean
}

/** Choices of one page; which one is made stands in the URL. `inner`: inside a panel. */
export function Tabs({
  label,
  tabs,
  inner = false,
}: {
  label: string
  tabs: readonly Tab[]
  inner?: boolean
}) {
  const [search] = useSearchParams()
  const { pathname } = useLocation()
  return (
    <nav className={inner ? 'tabs inner' : 'tabs'} aria-label={label}>
      {tabs.map(({ name, count, to, isCurrent }) => (
        <Link
          key={name}
          to={{ pathname, search: changed(search, to) }}
          replace
          preventScrollReset
          aria-current={isCurrent || undefined}
        >
          {name} {count !== undefined && <i>{inGroups(count)}</i>}
        </Link>
      ))}
    </nav>
  )
}

/** A query with some of its names changed. */
export function changed(search: URLSearchParams, changes: Record<string, string | null>): string {
  const next = new URLSearchParams(search)
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) next.delete(name)
    else next.set(name, value)
  }
  return next.size > 0 ? `?${next}` : ''
}
