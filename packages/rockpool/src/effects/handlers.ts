import { handle, problem } from '../kernel/index.ts'
import type { Handled } from '../kernel/index.ts'
import { requireOrganization } from '../organizations/index.ts'
import type { Organizations } from '../organizations/index.ts'
import type { Effects } from './effects.ts'
import { listEffects } from './operations.ts'

/** What the api part mounts. */
export function effectsOperations({
  effects,
  organizations,
}: {
  effects: Effects
  organizations: Pick<Organizations, 'get'>
}): Handled[] {
  return [
    handle(listEffects, async ({ params, query, caller }) => {
      const { slug, environment } = await requireOrganization(organizations, caller, params.sandbox)
      if (environment !== 'sandbox') throw problem('not_found', `“${slug}” is no sandbox`)
      if (query.cursor === undefined) await effects.settled(slug)
      return effects.list({ organization: slug, ...query })
    }),
  ]
}
