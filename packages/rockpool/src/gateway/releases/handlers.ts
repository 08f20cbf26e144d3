import { handle, problem } from '../../kernel/index.ts'
import type { Caller, Clock, Handled, HandlerAnswer } from '../../kernel/index.ts'
import type { PlacedService } from '../types.ts'
import type { Drained, DrainProgress } from './drained.ts'
import { drainRelease, listReleases, putRelease, removeRelease, weighReleases } from './operations.ts'
import { readOrigin } from './origin.ts'
import type { Release, Releases } from './releases.ts'

export interface ReleasesOperationsOptions {
  releases: Releases
  drained: Pick<Drained, 'progressOf'>
  /** The services behind the gateways. */
  services: () => Promise<readonly Pick<PlacedService, 'name' | 'url' | 'state'>[]>
  /** Resolves once the gateways know what was committed before the call, or after a bounded while. */
  settled: () => Promise<void>
  clock: Clock
}

const patienceMs = 10_000
const pauseMs = 50
const nameOf = ({ member, credential }: Caller) => member ?? credential

/** What the api part mounts. */
export function releasesOperations(options: ReleasesOperationsOptions): Handled[] {
  const { releases, drained, services, settled, clock } = options

  /** The origin of the service itself; null: it does not run. `not_found` where there is no such service. */
  async function ownOf(name: string): Promise<string | null> {
    const all = await services()
    const found = all.find((service) => service.name === name)
    if (found === undefined) {
      const names = all.map((service) => service.name).join(', ')
      throw problem('not_found', `there is no service “${name}”; there are: ${names}`)
    }
    return found.state === 'running' && found.url !== null ? new URL(found.url).origin : null
  }

  const told = (release: Release) =>
    tell(release, release.drain === null ? null : drained.progressOf(release.drain))

  return [
    handle(listReleases, async ({ params }) => {
      await ownOf(params.service)
      return { items: (await releases.list(params.service)).map(told) }
    }),

    handle(putRelease, async ({ params, body, caller }) => {
      const { service, release: name } = params
      const change = { own: await ownOf(service), by: nameOf(caller) }
      const url = readOrigin(body.url)
      const put = await releases.put({ service, name, url, weight: body.weight }, change)
      await settled()
      return told(put)
    }),

    handle(weighReleases, async ({ params, body, caller }) => {
      const change = { own: await ownOf(params.service), by: nameOf(caller) }
      const weighed = await releases.weigh(params.service, body.weights, change)
      await settled()
      return { items: weighed.map(told) }
    }),

    handle(drainRelease, async ({ params, caller }) => {
      const change = { own: await ownOf(params.service), by: nameOf(caller) }
      const draining = await releases.drain(params.service, params.release, change)
      await settled()
      return told(draining)
    }),

    handle(removeRelease, async ({ params, caller, signal }) => {
      const { service, release: name } = params
      const own = await ownOf(service)
      if (await releases.removeInPlace(service, name, own)) return settled()
      const { drain } = await releases.drain(service, name, { own, by: nameOf(caller) })
      await settled()
      const deadline = clock.now() + patienceMs
      let progress = drained.progressOf(drain!)
      while (!progress.done && clock.now() < deadline && !signal.aborted) {
        await clock.sleep(pauseMs)
        progress = drained.progressOf(drain!)
      }
      if (!progress.done)
        throw problem(
          'deadline_exceeded',
          `release ${name} of ${service} is still in use, and drains on. It waits for: ${progress.waiting.join(', ')}`,
        )
      await releases.remove(service, name, drain!)
      await settled()
    }),
  ]
}

type Told = NonNullable<HandlerAnswer<typeof putRelease>>

function tell(release: Release, progress: DrainProgress | null): Told {
  if (progress === null) return { ...release, state: 'running', drain: null }
  return { ...release, state: 'draining', drain: { since: release.drainSince!, ...progress } }
}
