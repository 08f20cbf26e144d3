import { handle, problem, type Caller, type Handled } from '../../kernel/index.ts'
import { requireOrganization, type Organizations } from '../../organizations/index.ts'
import { getRequest, listRequests, summarizeRequests } from './operations.ts'
import { sideOf } from './side.ts'
import type { KeptRequest } from './store.ts'
import type { Traffic } from './traffic.ts'

/** What the api part mounts. */
export function requestsOperations({
  traffic,
  organizations,
}: {
  traffic: Pick<Traffic, 'summary' | 'requests' | 'request'>
  organizations: Pick<Organizations, 'get'>
}): Handled[] {
  /** A bound caller sees its own organization with its sandboxes, and nothing of requests that nobody is known of. */
  const reach = async (caller: Caller, named: string | undefined): Promise<string | undefined> => {
    if (named !== undefined) await requireOrganization(organizations, caller, named)
    return named ?? caller.organization ?? undefined
  }

  return [
    handle(summarizeRequests, async ({ query: { from, to, ...query }, caller }) => {
      const organization = await reach(caller, query.organization)
      const range = { from: new Date(from), to: new Date(to) }
      const { reconciled, ...summary } = await traffic.summary({ ...query, ...range, organization })
      // How much others call is not for a bound caller.
      const told = caller.organization === null ? {} : { told: null }
      return { ...summary, reconciled: reconciled && { ...reconciled, ...told } }
    }),

    handle(listRequests, async ({ query, caller }) => {
      const organization = await reach(caller, query.organization)
      const { items, next } = await traffic.requests({ ...query, organization })
      return { items: items.map((item) => shown(item, caller)), next }
    }),

    handle(getRequest, async ({ params, caller }) => {
      const found = await traffic.request(params.request)
      const owner = found && (found.parent ?? found.organization)
      if (!found || (caller.organization !== null && owner !== caller.organization))
        throw problem('not_found', `no request “${params.request}” is kept here`)
      return shown(found, caller)
    }),
  ]
}

/** Where a service runs is not for a bound caller. */
function shown(request: KeptRequest, { organization }: Caller) {
  const told = organization === null ? {} : { upstream: null }
  return { ...request, side: sideOf(request), ...told }
}
