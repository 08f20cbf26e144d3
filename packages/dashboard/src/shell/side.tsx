import { Link, useLocation } from 'react-router'
import { counts } from './counts.tsx'
import { isAt, pages } from './pages.ts'
import { Scope } from './scope.tsx'
import { useSession } from './session.ts'

const groups = ['', 'Verify', 'Watch', 'Manage'] as const

/** The navigation: at the side, on a small screen a popover behind `Menu`. */
export function Side() {
  const { pathname } = useLocation()
  const { data: session } = useSession()
  return (
    <nav className="side" id="nav" popover="auto" aria-label="Pages">
      <Link className="brand" to="/">
        Rockpool
      </Link>
      <button type="button" className="btn small close" popoverTarget="nav" popoverTargetAction="hide">
        Close
      </button>
      <Scope />
      {groups.map((group) => {
        const listed = pages.filter((page) => page.group === group)
        if (listed.length === 0) return null
        return (
          <div key={group}>
            {group !== '' && <h2>{group}</h2>}
            <ul>
              {listed.map((page) => {
                const Count = counts[page.name]
                return (
                  <li key={page.path}>
                    <Link to={page.path} aria-current={isAt(page, pathname) ? 'page' : undefined}>
                      {page.name} {Count && <Count />}
                    </Link>
                  </li>
                )
              })}
            </ul>
          </div>
        )
      })}
      {session && (
        <footer className="faint">
          {session.name} · {roleOf(session.scopes)}
        </footer>
      )}
    </nav>
  )
}

/** A role by what it may do. */
function roleOf(scopes: readonly string[]): string {
  if (scopes.includes('admin')) return 'owner'
  return scopes.includes('write') ? 'developer' : 'viewer'
}
