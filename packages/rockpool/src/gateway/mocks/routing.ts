import type { Identity } from '@rockpool/sdk/wire'
import { authorize } from '../authorize.ts'
import { nothingKnown, Refusal } from '../ground.ts'
import type { Ground, Known, RequestHead } from '../ground.ts'
import { parameterOf } from '../router.ts'
import type { Match, Routing } from '../router.ts'
import type { Directory } from '../snapshot.ts'

/** A request, as far as routes go. */
interface Asked {
  method: string
  segments: readonly string[]
  /** What the services' own contracts make of it. */
  usual: Routing
}

/** Where there is a route or a path; what has neither is nobody's. */
export type Found = Exclude<Routing, { kind: 'none' }>

export interface MockedRouting {
  routing: Found
  /** The service that calls, when one calls. */
  caller: string | null
}

/**
 * The route of a mock that counts for this request; null: none does, and the services' own count. It is known to those alone who
 * act in the sandbox that asked for the mock: whoever does not, or may not, is decided about as if there were no mocks, so
 * that nobody else can tell a mock's route from none. Fills in who acts for whom, where there is one.
 */
export function routeByMocks(
  ground: Ground,
  head: RequestHead,
  segments: readonly string[],
  usual: Routing,
  known: Known,
  now: number,
): MockedRouting | null {
  const { directory } = ground
  const asked = { method: head.method, segments, usual }
  for (const [slug, routing] of namedRoutings(directory, asked)) {
    const acting = actingBy(ground, head, routing.match, known, now)
    if (acting !== null && isIn(acting.known.identity, slug)) return taken(known, acting, routing)
  }
  if (!directory.mocks.mayBeUnnamed(segments[0])) return null
  // The path names no organization: the credential does.
  const acting = actingBy(ground, head, unnamed, known, now)
  const routing = acting && routingFor(directory, acting.known.identity, asked)
  const isUnnamed = routing !== null && parameterOf(routing.match, 'organization') === undefined
  return isUnnamed ? taken(known, acting!, routing) : null
}

/** The sandboxes that the path names and whose mocks have a route for it, each with that. Pure. */
export function* namedRoutings(directory: Directory, asked: Asked): Generator<[string, Found]> {
  for (const slug of asked.segments) {
    const routing = routingIn(directory, slug, asked)
    if (routing !== null && parameterOf(routing.match, 'organization') === slug) yield [slug, routing]
  }
}

/** What the mocks of a sandbox make of the request, for whoever acts there; null: nothing, the services' own routes count. Pure. */
export function routingFor(directory: Directory, identity: Identity | null, asked: Asked): Found | null {
  if (identity === null || identity.environment !== 'sandbox') return null
  return routingIn(directory, identity.organization, asked)
}

/**
 * In a sandbox a mocked service has the routes of the version that is mocked, and every other service its own. As among the
 * services themselves, the route that fits more closely counts; of two alike it is the one of the service that is not mocked.
 */
function routingIn(directory: Directory, organization: string, asked: Asked): Found | null {
  const mocks = directory.mocks.routedIn(organization)
  if (mocks.length === 0) return null
  const { method, segments, usual } = asked
  const own = usual.kind !== 'none' && !mocks.some(({ mock }) => mock.service === usual.match.service)
  let nearest = own && usual.kind === 'match' ? usual.match : null
  let allowed: Extract<Routing, { kind: 'method' }> | null = null
  for (const { mock, router } of mocks) {
    if (!directory.services.has(mock.service)) continue
    const routing = router.find(method, segments)
    if (routing.kind === 'match' && (nearest === null || isNearer(routing.match, nearest)))
      nearest = routing.match
    if (routing.kind === 'method') allowed = together(allowed, routing)
  }
  if (nearest !== null) return own && nearest === usual.match ? null : { kind: 'match', match: nearest }
  if (allowed === null) return null
  return own && usual.kind === 'method' ? together(allowed, usual) : allowed
}

type OtherMethods = Extract<Routing, { kind: 'method' }>

const together = (one: OtherMethods | null, other: OtherMethods): OtherMethods =>
  one === null ? other : { ...one, allow: [...new Set([...one.allow, ...other.allow])].toSorted() }

/** Of two routes of one path: a literal is nearer than a parameter, from left to right. */
function isNearer({ route: one }: Match, { route: other }: Match): boolean {
  const others = other.path.split('/')
  for (const [index, segment] of one.path.split('/').entries()) {
    const isWide = segment.startsWith('{')
    if (isWide !== others[index]?.startsWith('{')) return !isWide
  }
  return false
}

/** Asks of whoever calls that they are known, and of the path nothing. */
const unnamed: Match = {
  service: '',
  route: { method: '', path: '', operationId: '', anonymous: false },
  names: [],
  values: [],
}

interface Acting {
  known: Known
  caller: string | null
}

/** Who would act by this route; null: nobody may. What is found out on the way stays apart. */
function actingBy(ground: Ground, head: RequestHead, match: Match, known: Known, now: number): Acting | null {
  const apart: Known = { ...nothingKnown, writes: known.writes }
  try {
    return { caller: authorize(ground, head, match, apart, now), known: apart }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return null
  } finally {
    // A key that is asked for now counts for the next call.
    known.unknownKeyOf ??= apart.unknownKeyOf
  }
}

function isIn(identity: Identity | null, slug: string): boolean {
  return identity !== null && identity.environment === 'sandbox' && identity.organization === slug
}

function taken(known: Known, { known: apart, caller }: Acting, routing: Found): MockedRouting {
  Object.assign(known, apart)
  return { routing, caller }
}
