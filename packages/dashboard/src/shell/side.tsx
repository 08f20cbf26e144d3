import { Link, useLocation, useMatch } from 'react-router'
import { useAnswer } from '../api/queries.ts'
import { counts } from './counts.tsx'
import { isAt, pages } from './pages.ts'
import { Scope } from './scope.tsx'
import { useSession, useSignOut } from './session.ts'

const groups = ['', 'Verify', 'Watch', 'Ship', 'Manage'] as const

/** The navigation: at the side, on a small screen a popover behind `Menu`. */
export function Side({ onFind, onHelp }: { onFind: () => void; onHelp: () => void }) {
  const signOut = useSignOut()
  const at = usePlace()
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
      <button type="button" className="scope find" onClick={onFind}>
        <span className="faint">Find or go to</span> <kbd>/</kbd>
      </button>
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
                    <Link to={page.path} aria-current={isAt(page, at) ? 'page' : undefined}>
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
          <span>
            {session.name} · {session.role ?? 'no role'}
          </span>
          <span className="actions">
            <button type="button" className="quiet" onClick={onHelp}>
              Keys
            </button>
            <button type="button" className="quiet" onClick={() => signOut.mutate()}>
              Sign out
            </button>
          </span>
        </footer>
      )}
    </nav>
  )
}

/** The path that the navigation goes by: a run stands below that whose run it is. */
function usePlace(): string {
  const { pathname } = useLocation()
  const run = useMatch('/runs/:run')?.params.run
  const { data } = useAnswer(
    'GET /runs/{run}',
    { params: { run: run ?? '' } },
    { enabled: run !== undefined },
  )
  if (run === undefined) return pathname
  return data?.kind === 'bot' ? '/bots' : '/checks'
}
