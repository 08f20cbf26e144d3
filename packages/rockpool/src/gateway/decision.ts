import { reservedPath } from '@rockpool/sdk/wire'
import { formatDuration } from '../kernel/index.ts'
import type { Problem } from '../kernel/index.ts'
import { authorize } from './authorize.ts'
import { cookieValues, sessionCookie } from './cookies.ts'
import { isUnsafe, Refusal, refuse, valuesOf } from './ground.ts'
import type { Ground, Known, RequestHead } from './ground.ts'
import { readTarget } from './router.ts'
import type { Route } from './types.ts'

/** What a call to a service that is slow on purpose has to wait. */
const slowMs = 3_000

const reservedSegment = reservedPath.split('/')[1]

export type Decision =
  | (Known & {
      kind: 'forward'
      route: Route
      service: string
      /** Origin of the service. */
      url: string
      /** Path and query to send. */
      target: string
      /** Path alone. */
      path: string
      deadlineMs: number
      /** The service knows nothing of Rockpool, and is told nothing by it. */
      foreign: boolean
      /** Milliseconds to wait first: it is slow on purpose. */
      delayMs: number
      /** The service that calls, when one calls. */
      caller: string | null
    })
  | (Known & { kind: 'options'; allow: string[] })
  | (Known & { kind: 'refuse'; problem: Problem; allow: string[] | null })

/**
 * Decides about one request, purely: the same ground, head and time give the same decision. The order is fixed, so that
 * nobody learns from a refusal what a credential would have had to show: method and path valid → route known (before
 * any credential is judged) → credential → organization → environment → what may be written there → state of what is
 * behind → what is broken on purpose. The budget of a grant is counted after all that (budgets.ts): counting is not pure.
 */
export function decide(ground: Ground, head: RequestHead, now: number): Decision {
  const known: Known = {
    route: null,
    service: null,
    organization: null,
    credential: null,
    user: null,
    via: null,
    unknownKeyOf: null,
    identity: null,
  }
  let allow: string[] | null = null
  try {
    const target = checkHead(head)
    const routing = ground.directory.router.find(head.method, target.segments)
    // What a service serves below it is for Rockpool alone, and a wide template would lead there.
    if (routing.kind === 'none' || target.segments[0] === reservedSegment)
      throw refuse('route_unknown', 'no service has a route for this path')
    known.route = routing.match.route
    known.service = routing.match.service
    if (routing.kind === 'method') {
      if (head.method === 'OPTIONS') return { ...known, kind: 'options', allow: routing.allow }
      allow = routing.allow
      throw refuse('method_not_allowed', `this path is served for ${allow.join(', ')}`)
    }
    const caller = authorize(ground, head, routing.match, known, now)
    const { name, url, deadlineMs, foreign } = upstream(ground, routing.match.service, head, known)
    const delayMs = suffer(ground, name, known, now)
    const path = target.path
    return {
      ...known,
      kind: 'forward',
      route: routing.match.route,
      service: name,
      url,
      target: path + target.query,
      path,
      deadlineMs,
      foreign,
      delayMs,
      caller,
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { ...known, kind: 'refuse', problem: error.problem, allow }
  }
}

function checkHead(head: RequestHead) {
  if (!/^[A-Z-]{1,32}$/.test(head.method))
    throw refuse('malformed_request', 'the method is not a method of HTTP')
  const target = readTarget(head.target)
  if (!target.ok) throw refuse('path_refused', target.detail)
  // RFC 9112 6.1: chunks are undone on the way; of what else frames a body the service would never hear.
  if (valuesOf(head, 'transfer-encoding').some((value) => !/^chunked$/i.test(value.trim())))
    throw refuse('malformed_request', 'the only transfer coding that is understood is chunked')
  if (valuesOf(head, 'host').length > 1)
    throw refuse('malformed_request', 'there is more than one Host header')
  if (valuesOf(head, 'upgrade').some((value) => /\bwebsocket\b/i.test(value)))
    throw refuse('upgrade_refused', 'connections are not upgraded here; use plain HTTP requests')
  return target
}

function upstream(ground: Ground, name: string, head: RequestHead, known: Known) {
  const service = ground.directory.services.get(name)!
  if (service.foreign && isUnsafe(head.method) && !mayWriteForReal(known, head))
    throw refuse('write_refused', `${name} knows nothing of sandboxes: a write would be real`, {
      service: name,
    })
  const because = service.reason === null ? '' : `: ${service.reason}`
  if (service.state === 'unavailable')
    throw refuse('service_unavailable', `service ${name} cannot run here${because}`, { service: name })
  if (service.state !== 'running' || service.url === null)
    throw refuse('upstream_unreachable', `service ${name} is ${service.state}${because}`, { service: name })
  return { name, url: service.url, deadlineMs: service.deadlineMs, foreign: service.foreign }
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

/** Checks in sandboxes meet what is broken on purpose, and nobody else does. Gives how long the call has to wait. */
function suffer(ground: Ground, service: string, { identity }: Known, now: number): number {
  if (identity?.actor !== 'check' || identity.environment !== 'sandbox') return 0
  let delayMs = 0
  for (const fault of ground.directory.faults.values()) {
    if (fault.service !== service || Date.parse(fault.endsAt) <= now) continue
    if (fault.kind === 'unavailable')
      throw refuse(
        'fault_injected',
        `${service} is broken on purpose for checks, for another ${formatDuration(Date.parse(fault.endsAt) - now)}`,
        { service, until: fault.endsAt },
      )
    delayMs = slowMs
  }
  return delayMs
}
