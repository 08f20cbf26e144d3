import { useEffect, useRef } from 'react'
import { Link, Outlet, ScrollRestoration, useLocation } from 'react-router'
import { Tag } from '../components/tag.tsx'
import { ConnectionLost } from './connection.tsx'
import { useScope } from './scope.tsx'
import { Side } from './side.tsx'

/** What stands around every page. */
export function Shell() {
  const scope = useScope()
  useFocusOnArrival()
  return (
    <div className="shell">
      <a className="skip" href="#main">
        Skip to content
      </a>
      <header className="top">
        <Link className="brand" to="/">
          Rockpool
        </Link>
        <span>
          {scope?.name} {scope?.isProduction && <Tag is="production" />}
        </span>
        <button type="button" className="btn small" popoverTarget="nav">
          Menu
        </button>
      </header>
      <Side />
      <main id="main">
        <ConnectionLost />
        <Outlet />
      </main>
      <ScrollRestoration />
    </div>
  )
}

/** Whoever goes to another page hears its title first, and reads on from there. */
function useFocusOnArrival(): void {
  const { pathname } = useLocation()
  const before = useRef(pathname)
  useEffect(() => {
    if (before.current === pathname) return
    before.current = pathname
    const nav = document.querySelector<HTMLElement>('#nav:popover-open')
    nav?.hidePopover()
    document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true })
  }, [pathname])
}
