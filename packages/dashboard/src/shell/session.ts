import { useQuery } from '@tanstack/react-query'
import { send, type Refusal } from '../api/client.ts'

/** Who looks at the pages; answered by `GET /session`. */
export interface Session {
  name: string
  /** The one organization that they are bound to; null: the whole installation. */
  organization: string | null
  scopes: readonly string[]
  endsAt: string | null
}

export const useSession = () =>
  useQuery<Session, Refusal>({
    queryKey: ['GET /session', {}],
    queryFn: async ({ signal }) => (await send('GET', '/session', { signal })) as Session,
    staleTime: 60_000,
  })

/** Whether they may do what needs a scope; the API refuses it in any case. */
export function useMay(scope: 'read' | 'write' | 'admin'): boolean {
  const { data } = useSession()
  return data?.scopes.includes(scope) ?? false
}
