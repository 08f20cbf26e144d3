import { Link } from 'react-router'
import { useAnswer } from '../api/queries.ts'
import { Tag } from '../components/tag.tsx'
import { many } from '../format.ts'
import { useSession } from './session.ts'

/** Whose data these pages show: the organization that one is bound to, or what there is in the installation. */
export function useScope(): { name: string; isProduction: boolean } | undefined {
  const { data: session } = useSession()
  const isOwner = session !== undefined && session.organization === null
  const { data } = useAnswer('GET /organizations', { query: { limit: 200 } }, { enabled: isOwner })
  if (session?.organization) return { name: session.organization, isProduction: true }
  const real = data?.items.filter(({ environment }) => environment === 'production') ?? []
  if (!data) return undefined
  if (real.length === 1 && real[0]) return { name: real[0].slug, isProduction: true }
  return { name: many(real.length, 'organization'), isProduction: real.length > 0 }
}

export function Scope() {
  const scope = useScope()
  return (
    <Link className="scope" to="/organizations" aria-label={scope ? undefined : 'Organizations'}>
      {scope?.name ?? '\u00a0'} {scope?.isProduction && <Tag is="production" />}
    </Link>
  )
}
