import { handle, problem } from '../kernel/index.ts'
import type { Caller, Handled } from '../kernel/index.ts'
import { requireOrganization } from '../organizations/index.ts'
import type { Organizations } from '../organizations/index.ts'
import type { Sandboxes } from '../sandboxes/index.ts'
import { reachedBy, requireLeader } from './access.ts'
import type { EffectRecord } from './authoring/types.ts'
import {
  finishRun,
  getRun,
  heartbeatRun,
  listChecks,
  listRunEffects,
  listRuns,
  registerChecks,
  requestRun,
  startAttempt,
  startRun,
} from './operations.ts'
import type { RunRequests } from './queue.ts'
import type { Runs } from './runs/runs.ts'
import type { RunDetails } from './runs/schema.ts'

/** What the effects of a name did in an organization, once everything that happened so far is known. */
export type EffectsOf = (organization: string, name: string) => Promise<readonly EffectRecord[]>

export interface ChecksOperationsOptions {
  runs: Runs
  organizations: Organizations
  sandboxes: Sandboxes
  effects: EffectsOf
  requests: RunRequests
}

/** What the api part mounts. */
export function checksOperations({
  runs,
  organizations,
  sandboxes,
  effects,
  requests,
}: ChecksOperationsOptions): Handled[] {
  const require = async (caller: Caller, run: string): Promise<RunDetails> =>
    reachedBy(caller, run, await runs.get(run))

  const lead = async (caller: Caller, run: string) => {
    if (caller.organization === null && caller.scopes.includes('admin')) return
    requireLeader(caller, (await require(caller, run)).kind)
  }

  return [
    handle(listChecks, async ({ caller }) => ({ items: await runs.checks('check', caller.organization) })),

    handle(registerChecks, ({ body }) => runs.register(body.kind, body.checks, body.complete)),

    handle(requestRun, async ({ params: { check }, caller: { organization } }) => {
      if (!(await runs.checks('check', organization)).some(({ name }) => name === check))
        throw problem('not_found', `there is no check “${check}”`)
      return { check, ...(await requests.put(check, organization)) }
    }),

    handle(startRun, async ({ body, caller }) => {
      const { parent } = runs.place({ ...body, parent: body.parent ?? null, ttl: body.ttl ?? null })
      await requireOrganization(organizations, caller, parent)
      requireLeader(caller, body.kind)
      return runs.start({
        ...body,
        slot: body.slot ? new Date(body.slot) : null,
        startedBy: caller.member ?? caller.credential,
      })
    }),

    handle(startAttempt, async ({ params, caller }) => {
      await lead(caller, params.run)
      return runs.startAttempt(params.run)
    }),

    handle(heartbeatRun, async ({ params, caller }) => {
      await lead(caller, params.run)
      await runs.heartbeat(params.run)
    }),

    handle(finishRun, async ({ params, body, caller }) => {
      await lead(caller, params.run)
      return runs.finish(params.run, body)
    }),

    handle(listRuns, ({ query, caller }) =>
      runs.list({ ...query, parent: caller.organization ?? undefined }),
    ),

    handle(getRun, ({ params, caller }) => require(caller, params.run)),

    handle(listRunEffects, async ({ params, query, caller }) => {
      if (caller.organization !== null) await require(caller, params.run)
      const { run } = await sandboxes.get(query.organization)
      if (run !== params.run) throw problem('not_found', `the run has no sandbox “${query.organization}”`)
      return { items: [...(await effects(query.organization, query.name))] }
    }),
  ]
}
