import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { call, type Refusal } from '../api/client.ts'
import type { Answer } from '@rockpool/client/control'
import { keepSessionKey } from '../api/session.ts'

/** Who looks at the pages. */
export type Session = Answer<'GET /session'>

export const sessionQuery = ['GET /session', {}] as const

export const useSession = () =>
  useQuery<Session, Refusal>({
    queryKey: sessionQuery,
    queryFn: ({ signal }) => call('GET /session', {}, { signal }),
    staleTime: 60_000,
    // Control that is away comes back; a session that has ended does not.
    refetchInterval: ({ state: { error } }) => (error && error.status !== 401 ? 5_000 : false),
  })

/** Whether they may do what needs a scope; the API refuses it in any case. */
export function useMay(scope: Session['scopes'][number]): boolean {
  const { data } = useSession()
  return data?.scopes.includes(scope) ?? false
}

/** Whether they look at the whole installation, not at one organization of it: its services are not for others. */
export function useSeesAll(): boolean {
  const { data } = useSession()
  return data?.organization === null
}

/** Ends the session everywhere, and forgets what was read with it. */
export function useSignOut() {
  const queries = useQueryClient()
  return useMutation<void, Refusal>({
    mutationFn: async () => {
      await call('DELETE /session', {})
      keepSessionKey(null)
      queries.clear()
      window.location.assign('/sign-in')
    },
  })
}
