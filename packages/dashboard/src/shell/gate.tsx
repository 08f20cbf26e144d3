import { lazy, Suspense } from 'react'
import { Failure } from '../components/failure.tsx'
import { Loading } from '../components/loading.tsx'
import { LiveUpdates } from '../live/live.tsx'
import { useSession } from './session.ts'
import { Shell } from './shell.tsx'

const SignedOut = lazy(() => import('../pages/sign-in.tsx').then(({ SignedOut }) => ({ default: SignedOut })))

/** Every page but the sign-in: only for who is signed in. */
export function Gate() {
  const session = useSession()
  if (session.data) {
    return (
      <LiveUpdates>
        <Shell />
      </LiveUpdates>
    )
  }
  if (session.error && session.error.status === 401) {
    return (
      <Suspense>
        <SignedOut />
      </Suspense>
    )
  }
  return (
    <main className="alone">
      {session.error ? (
        <>
          <h1>Rockpool</h1>
          <Failure
            what="The pages cannot be shown"
            error={session.error}
            again={() => session.refetch()}
            isTrying={session.isFetching}
          />
        </>
      ) : (
        <Loading what="who is signed in" rows={2} />
      )}
    </main>
  )
}
