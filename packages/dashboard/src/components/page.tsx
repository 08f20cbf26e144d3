import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { LiveNote } from './live-note.tsx'

export interface Crumb {
  name: ReactNode
  to?: string
}

/** The head of every page: where one is, what this is, the answer, and at most three buttons. */
export function Page({
  title,
  heading = title,
  lead,
  crumbs,
  actions,
  children,
}: {
  /** Of the window. */
  title: string
  /** Of the page, where it is more than the title. */
  heading?: ReactNode
  /** At most two short sentences; what is in `<b>` can be read alone. Null: it is on its way, and its place is kept. */
  lead?: ReactNode
  crumbs?: readonly Crumb[]
  actions?: ReactNode
  children: ReactNode
}) {
  return (
    <>
      <title>{`${title} · Rockpool`}</title>
      {crumbs && (
        <nav aria-label="Where you are">
          <ol className="crumbs">
            {crumbs.map(({ name, to }, index) => (
              <li key={index}>
                {to === undefined ? (
                  name
                ) : (
                  <Link to={to} data-up>
                    {name}
                  </Link>
                )}
              </li>
            ))}
          </ol>
        </nav>
      )}
      <header className="page">
        <div>
          <h1 tabIndex={-1}>{heading}</h1>
          {lead === null ? <p className="lead">&nbsp;</p> : lead && <p className="lead">{lead}</p>}
        </div>
        {actions ? <div className="actions">{actions}</div> : <LiveNote />}
      </header>
      {children}
    </>
  )
}
