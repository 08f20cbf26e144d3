import { Problem } from '../kernel/index.ts'
import type { Organizations } from '../organizations/index.ts'
import type { GoneOrganizations } from './types.ts'

const remembered = 10_000

/**
 * Asks the organizations part which of the slugs are being deleted or are deleted. That lasts for ever and is remembered;
 * that one is active is asked every time. An organization that nobody knows is not gone: its events are kept.
 */
export function goneOrganizations(organizations: Pick<Organizations, 'get'>): GoneOrganizations {
  const known = new Set<string>()
  const gone = async (slug: string) => {
    if (known.has(slug)) return true
    const status = await organizations.get(slug).then(
      (found) => found.status,
      (error: unknown) => {
        if (error instanceof Problem && error.code === 'organization_unknown') return 'unknown'
        throw error
      },
    )
    if (status !== 'deleting' && status !== 'deleted') return false
    if (known.size >= remembered) known.clear()
    known.add(slug)
    return true
  }
  return async (slugs) => {
    const answers = await Promise.all(slugs.map(gone))
    return new Set(slugs.filter((_, index) => answers[index]))
  }
}
