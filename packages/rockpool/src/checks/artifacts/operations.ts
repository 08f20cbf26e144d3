import { z } from 'zod'
import { bytes, handle, operation, problem } from '../../kernel/index.ts'
import type { Caller, Handled } from '../../kernel/index.ts'
import { reachedBy, requireLeader } from '../access.ts'
import type { Runs } from '../runs/runs.ts'
import { artifactName, artifactTypeOf, artifactTypes, maxArtifactBytes } from './names.ts'
import type { ArtifactStore } from './store.ts'

const params = z.strictObject({ run: z.string().min(1).max(80), name: artifactName })
const content = bytes({ types: Object.values(artifactTypes), limit: maxArtifactBytes })

export const putArtifact = operation({
  id: 'checks.putArtifact',
  method: 'PUT',
  path: '/runs/{run}/artifacts/{name}',
  summary: 'Keep a picture or a trace of a run, while it lasts',
  scope: 'write',
  organizationBound: true,
  params,
  body: content,
  answers: { 204: null },
})

export const getArtifact = operation({
  id: 'checks.getArtifact',
  method: 'GET',
  path: '/runs/{run}/artifacts/{name}',
  summary: 'Get a picture or a trace of a run',
  scope: 'read',
  organizationBound: true,
  params,
  answers: { 200: content },
})

export const viewTrace = operation({
  id: 'checks.viewTrace',
  method: 'GET',
  path: '/runs/{run}/artifacts/{name}/viewer',
  summary: 'Get a link that shows a trace, for half an hour',
  scope: 'read',
  organizationBound: true,
  params,
  answers: { 200: z.object({ url: z.url(), endsAt: z.iso.datetime() }) },
})

export interface ArtifactOperationsOptions {
  runs: Pick<Runs, 'get'>
  artifacts: ArtifactStore
  /** Makes the link to the viewer; `reached`: `Host` by which the caller reached control. */
  linkTo: (run: string, name: string, reached: string | null) => { url: string; endsAt: string }
}

export function artifactOperations({ runs, artifacts, linkTo }: ArtifactOperationsOptions): Handled[] {
  const require = async (caller: Caller, run: string) => reachedBy(caller, run, await runs.get(run))
  return [
    handle(putArtifact, async ({ params: { run, name }, body, caller }) => {
      const { kind, endedAt } = await require(caller, run)
      // Whoever leads a run of a bot shows what it did, and nobody else.
      requireLeader(caller, kind)
      if (endedAt !== null) throw problem('conflict', `the run ${run} has ended`)
      if (body.type !== artifactTypeOf(name))
        throw problem('unsupported_media_type', `${name} is ${artifactTypeOf(name)}`)
      await artifacts.put(run, name, body.bytes)
    }),

    handle(getArtifact, async ({ params: { run, name }, caller }) => {
      await require(caller, run)
      return { type: artifactTypeOf(name), bytes: await artifacts.get(run, name) }
    }),

    handle(viewTrace, async ({ params: { run, name }, caller, exchange }) => {
      await require(caller, run)
      if (artifactTypeOf(name) !== artifactTypes.zip) throw problem('not_found', `${name} is no trace`)
      await artifacts.get(run, name)
      return linkTo(run, name, exchange?.request.get('host') ?? null)
    }),
  ]
}
