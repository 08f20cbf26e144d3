import { reservedPath } from '@rockpool/sdk/wire'
import { bodyTooLarge } from '../kernel/index.ts'
import type { Problem } from '../kernel/index.ts'
import { authorize } from './authorize.ts'
import { cookieValues, sessionCookie } from './cookies.ts'
import { suffer } from './faults/suffer.ts'
import type { Suffered } from './faults/suffer.ts'
import { isUnsafe, nothingKnown, Refusal, refuse, valuesOf } from './ground.ts'
import type { Ground, Known, RequestHead } from './ground.ts'
import { mockRelease } from './mocks/mocks.ts'
import { routeByMocks } from './mocks/routing.ts'
import { releaseFor } from './releases/choose.ts'
import { maxBodyBytesOf } from './route-limits.ts'
import { readTarget } from './router.ts'
import type { Route, SnapshotMock } from './types.ts'
import { readUpgrade } from './upgrade.ts'
import type { UpgradeProtocol } from './upgrade.ts'

const reservedSegment = reservedPath.split('/')[1]

export type Decision =
  | (Known & {
      kind: 'forward'
      route: Route
      service: string
      /** Origin of the service, or of the release or the mock that takes the call. */
      url: string
      /** The release that takes it, or `mock`; null: the service itself does. */
      release: string | null
      /** The mock that answers for the service; null: none does. */
      mock: SnapshotMock | null
      /** Path and query to send. */
      target: string
      /** Path alone. */
      path: string
      deadlineMs: number
      /** The service knows nothing of Rockpool, and is told nothing by it. */
      foreign: boolean
      /** Milliseconds to wait first: it is slow on purpose. */
      delayMs: number
      /** What else is broken on purpose for it. */
      suffered: Suffered | null
      /** The service that calls, when one calls. */
      caller: string | null
      /** What is spoken instead of HTTP, where the service switches to it. */
      upgrade: UpgradeProtocol | null
    })
  | (Known & { kind: 'options'; allow: string[] })
  | (Known & { kind: 'refuse'; problem: Problem; allow: string[] | null; suffered: Suffered | null })

/**
 * Decides about one request, purely: the same ground, head, time and id (by which a fault hits so many in a hundred) give
 * the same decision. The order is fixed, so that nobody learns from a refusal what a credential would have had to show:
 * method and path valid → route known (before any credential is judged; one that a mock's version alone has is known to those
 * who act in its sandbox, and to nobody else) → credential → organization → environment → what may be written there → state of
 * what is behind → what is broken on purpose. The budget of a grant is counted after all that (budgets/): counting is not pure.
 */
export function decide(ground: Ground, head: RequestHead, now: number, request = ''): Decision {
  const known: Known = { ...nothingKnown, writes: isUnsafe(head.method) }
  let allow: string[] | null = null
  try {
    const target = checkHead(head)
    const upgrade = readUpgrade(head)
    // Nobody sees what is said on it afterwards.
    known.writes ||= upgrade !== null
    const usual = ground.directory.router.find(head.method, target.segments)
    // What a service serves below it is for Rockpool alone, and a wide template would lead there.
    const isReserved = target.segments[0] === reservedSegment
    const mayBeMocked = ground.directory.mocks.areRouted && !isReserved
    const mocked = mayBeMocked ? routeByMocks(ground, head, target.segments, usual, known, now) : null
    const routing = mocked === null ? usual : mocked.routing
    if (routing.kind === 'none' || isReserved)
      throw refuse('route_unknown', 'no service has a route for this path')
    known.route = routing.match.route
    known.service = routing.match.service
    if (routing.kind === 'method') {
      if (head.method === 'OPTIONS') return { ...known, kind: 'options', allow: routing.allow }
      allow = routing.allow
      throw refuse('method_not_allowed', `this path is served for ${allow.join(', ')}`)
    }
    const caller = mocked === null ? authorize(ground, head, routing.match, known, now) : mocked.caller
    checkBody(head, routing.match.route)
    const { name, url, release, deadlineMs, foreign, mock } = upstream(
      ground,
      routing.match.service,
      head,
      known,
    )
    // The mock's version has no such route: otherwise it would have been found.
    if (mocked === null && mock !== null && ground.directory.mocks.isRouted(mock))
      throw refuse('route_unknown', `the mock of ${name} ${mock.version} has no route for this path`)
    const route = mock === null ? routing.match.route : withoutContract(routing.match.route)
    const call = { service: name, operation: route.operationId, identity: known.identity, request }
    const suffered = suffer(ground.directory.faults, call, now)
    if (suffered !== null && suffered.instead !== null)
      return { ...known, kind: 'refuse', problem: suffered.instead.problem, allow, suffered }
    const path = target.path
    return {
      ...known,
      kind: 'forward',
      route,
      service: name,
      url,
      release,
      mock,
      target: (mock === null ? path : `/${mock.id}${path}`) + target.query,
      path,
      deadlineMs,
      foreign,
      delayMs: suffered === null ? 0 : suffered.delayMs,
      suffered,
      caller,
      upgrade,
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { ...known, kind: 'refuse', problem: error.problem, allow, suffered: null }
  }
}

function checkHead(head: RequestHead) {
  if (head.method !== 'GET' && !/^[A-Z-]{1,32}$/.test(head.method))
    throw refuse('malformed_request', 'the method is not a method of HTTP')
  const target = readTarget(head.target)
  if (!target.ok) throw refuse('path_refused', target.detail)
  // RFC 9112 6.1: chunks are undone on the way; of what else frames a body the service would never hear.
  if (valuesOf(head, 'transfer-encoding').some((value) => !/^chunked$/i.test(value.trim())))
    throw refuse('malformed_request', 'the only transfer coding that is understood is chunked')
  if (valuesOf(head, 'host').length > 1)
    throw refuse('malformed_request', 'there is more than one Host header')
  return target
}

/** As far as its head tells: a body that comes without a length is counted on its way. */
function checkBody(head: RequestHead, route: Route): void {
  // These have none, as good as always: their headers need not be searched.
  if (head.method === 'GET' || head.method === 'HEAD') return
  const [length] = valuesOf(head, 'content-length')
  const most = length === undefined ? undefined : maxBodyBytesOf(route)
  if (most !== undefined && Number(length) > most) throw new Refusal(bodyTooLarge(most))
}

function upstream(ground: Ground, name: string, head: RequestHead, known: Known) {
  const service = ground.directory.services.get(name)!
  const mock = ground.directory.mocks.of(known.identity, name)
  if (mock !== undefined) return toMock(mock, service.deadlineMs)
  if (service.foreign && known.writes && !mayWriteForReal(known, head))
    throw refuse('write_refused', `${name} knows nothing of sandboxes: a write would be real`, {
      service: name,
    })
  const { deadlineMs, foreign } = service
  // Where releases take the calls, how the service's own process is does not matter.
  const release = releaseFor(service, head, known)
  if (release !== null)
    return { name, url: release.url, release: release.name, deadlineMs, foreign, mock: null }
  const because = service.reason === null ? '' : `: ${service.reason}`
  if (service.state === 'unavailable')
    throw refuse('service_unavailable', `service ${name} cannot run here${because}`, { service: name })
  if (service.state !== 'running' || service.url === null)
    throw refuse('upstream_unreachable', `service ${name} is ${service.state}${because}`, { service: name })
  return { name, url: service.url, release: null, deadlineMs, foreign, mock: null }
}

/** Whatever the service is, and whether it runs: nothing that is written to a mock is real, and it is told who acts. */
function toMock(mock: SnapshotMock, deadlineMs: number) {
  const { service: name, origin, version } = mock
  if (origin === null)
    throw refuse('upstream_unreachable', `a mock of ${name} ${version} is to answer, and none runs here`, {
      service: name,
    })
  return { name, url: origin, release: mockRelease, deadlineMs, foreign: false, mock }
}

/** A mock judges by the version that it answers by, which may be another one than the service's. */
function withoutContract(route: Route): Route {
  return route.validation === undefined ? route : { ...route, validation: undefined }
}

/**
 * Customers of production alone; what has no identity has no organization either, and is anybody's. A browser with a
 * session that counts no more is not anybody: it may be a check's, which outlived its run.
 */
function mayWriteForReal({ identity, credential, user }: Known, head: RequestHead): boolean {
  const isAnybody = credential === null && user === null
  if (isAnybody && cookieValues(valuesOf(head, 'cookie'), sessionCookie).length > 0) return false
  if (identity === null) return true
  return identity.environment === 'production' && ['customer', 'anonymous'].includes(identity.actor)
}
