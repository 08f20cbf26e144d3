import { useCallback, useEffect, useRef, useState } from 'react'
import { Link, Outlet, ScrollRestoration, useLocation } from 'react-router'
import { Tag } from '../components/tag.tsx'
import { Announcer } from './announcer.tsx'
import { ConnectionLost } from './connection.tsx'
import { Finder } from './finder.tsx'
import { useKeyboard } from './keyboard.ts'
import { KeysHelp } from './keys-help.tsx'
import { useScope } from './scope.tsx'
import { Side } from './side.tsx'

/** What stands around every page. */
export function Shell() {
  const [open, setOpen] = useState<'find' | 'help'>()
  const find = useCallback(() => setOpen('find'), [])
  const help = useCallback(() => setOpen('help'), [])
  const close = useCallback(() => setOpen(undefined), [])
  const scope = useScope()
  useKeyboard({ onFind: find, onHelp: help })
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
      <Side onFind={find} onHelp={help} />
      <main id="main" tabIndex={-1}>
        <ConnectionLost />
        <Outlet />
      </main>
      <Announcer />
      {open === 'find' && <Finder onClose={close} />}
      {open === 'help' && <KeysHelp onClose={close} />}
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
    document.querySelector<HTMLElement>('#nav:popover-open')?.hidePopover()
    document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true })
  }, [pathname])
}
