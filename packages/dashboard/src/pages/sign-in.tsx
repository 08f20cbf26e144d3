import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { call, type Refusal } from '../api/client.ts'
import { keepSessionKey } from '../api/session.ts'
import { Loading } from '../components/loading.tsx'
import { sentence } from '../format.ts'
import { sessionQuery } from '../shell/session.ts'

const returnPlace = 'rockpool-return'

/** Exchanges the ticket of a sign-in link: it stands in the fragment, which no server and no log sees. */
export function SignIn() {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const [refusal, setRefusal] = useState<Refusal>()
  const [ticket] = useState(() => window.location.hash.slice(1))
  const isTaken = useRef(false)

  useEffect(() => {
    if (isTaken.current) return
    isTaken.current = true
    // Out of the address and the history, whatever comes of it.
    window.history.replaceState(null, '', '/sign-in')
    if (ticket === '') return
    call('POST /session', { body: { ticket } }).then(
      ({ key, ...session }) => {
        keepSessionKey(key)
        queries.clear()
        queries.setQueryData(sessionQuery, session)
        void navigate(whereFrom(), { replace: true })
      },
      (error: unknown) => setRefusal(error as Refusal),
    )
  }, [ticket, navigate, queries])

  if (refusal) return <Door reason={sentence(refusal.message)} maybeSignedIn />
  if (ticket !== '') {
    return (
      <main className="alone">
        <title>Sign in · Rockpool</title>
        <h1>Sign in</h1>
        <Loading what="who you are" rows={1} />
      </main>
    )
  }
  return <Door reason="This address has no ticket in it." maybeSignedIn />
}

/** Who comes without a session; the page that they came for is kept. */
export function SignedOut() {
  useEffect(() => {
    const { pathname, search } = window.location
    try {
      sessionStorage.setItem(returnPlace, pathname + search)
    } catch {
      // Then the first page is shown after the sign-in.
    }
  }, [])
  return <Door reason="Nobody is signed in here, or the session has ended." />
}

function whereFrom(): string {
  try {
    const path = sessionStorage.getItem(returnPlace) ?? '/'
    sessionStorage.removeItem(returnPlace)
    return path
  } catch {
    return '/'
  }
}

/** @param maybeSignedIn whether this browser may have a session, as after the link was opened a second time */
function Door({ reason, maybeSignedIn = false }: { reason: string; maybeSignedIn?: boolean }) {
  return (
    <main className="alone">
      <title>Sign in · Rockpool</title>
      <h1>Sign in</h1>
      <p className="lead">
        <b role="alert">{reason}</b> A link signs you in, once, within ten minutes.
      </p>
      <section className="panel body">
        <p>
          <code>rockpool up</code> prints one when it starts. On the machine where it runs, this makes
          another:
        </p>
        <pre className="code" tabIndex={0}>
          rockpool login --browser --installation local
        </pre>
        <p>An owner makes one for somebody else:</p>
        <pre className="code" tabIndex={0}>
          {'rockpool login --browser --installation local \\\n'}
          {'    --organization <organization> --email <address>'}
        </pre>
        {maybeSignedIn && (
          <p>
            Who is signed in here already goes on to <Link to="/">Now</Link>.
          </p>
        )}
      </section>
    </main>
  )
}
