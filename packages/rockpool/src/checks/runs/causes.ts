import type { HeldEvent } from '../../events/index.ts'
import { oneLine } from '../printable.ts'
import { redactText } from '../redact.ts'
import type { Attempt, Kind } from '../types.ts'

/** What Rockpool knows about why something fails in an organization, as lines for people. */
export interface Causes {
  of(organization: string, kind: Kind): Promise<string[]>
}

/** A process as whoever keeps it running sees it. */
export interface ServiceSight {
  name: string
  state: 'running' | 'starting' | 'stopped' | 'failed' | 'unavailable'
  reason: string | null
}

/** What somebody broke on purpose, for checks. */
export interface FaultSight {
  service: string
  operation: string | null
  kind: string
  /** Null: for all checks. */
  of: { run: string } | null
  endsAt: string
}

export interface CausesOptions {
  /** Where services run, and why some do not (the deploys part). */
  services: () => Promise<readonly ServiceSight[]>
  /** What is broken on purpose for calls in the organization, and what was within so many milliseconds (the gateway part). */
  faults: { list(filter: { recentMs: number; organization: string }): Promise<readonly FaultSight[]> }
  events: { held(filter: { organization: string }): Promise<readonly HeldEvent[]> }
}

const most = 5
/** A run that fails is judged within this time of what it met. */
const recentMs = 120_000

export function createCauses({ services, faults, events }: CausesOptions): Causes {
  return {
    async of(organization, kind) {
      // Each may be out of reach just now, which is no reason to withhold the others.
      const [seen, broken, held] = await Promise.all([
        services().catch(() => []),
        // Nobody else than a check meets one.
        kind === 'check' ? faults.list({ recentMs, organization }).catch(() => []) : [],
        events.held({ organization }).catch(() => []),
      ])
      return [...faultCauses(broken), ...serviceCauses(seen), ...heldCauses(held)]
    },
  }
}

/** `catalog is broken on purpose for checks until 2026-01-01T00:00:00.000Z`. Pure. */
export function faultCauses(faults: readonly FaultSight[]): string[] {
  return faults.slice(0, most).map(faultCause)
}

const slow = new Set(['slow', 'delay', 'throttle'])

/** By the time itself: a run is read long after it. */
function faultCause({ service, operation, kind, of, endsAt }: FaultSight): string {
  const what = operation === null ? service : `${service}.${operation}`
  const how = slow.has(kind) ? 'slow' : kind === 'wrong_field' ? 'wrong' : 'broken'
  const whose = of === null ? 'checks' : 'this run'
  return `${oneLine(what)} is ${how} on purpose for ${whose} until ${oneLine(endsAt)}`
}

/** `payments is stopped: asked for by …`. Pure. */
export function serviceCauses(services: readonly ServiceSight[]): string[] {
  return services
    .filter(({ state }) => state !== 'running' && state !== 'unavailable')
    .slice(0, most)
    .map(({ name, state, reason }) => `${name} is ${state}${reason ? `: ${oneLine(reason)}` : ''}`)
}

/** `catalog could not apply order_refunded: data.quantity must be an integer`. Pure. */
export function heldCauses(held: readonly HeldEvent[]): string[] {
  return held
    .filter(({ error }) => error !== null)
    .slice(0, most)
    .map(({ consumer, type, error, deadAt }) => {
      const gone = deadAt === null ? '' : ' (it is no longer tried)'
      return `${consumer.replace(/^service:/, '')} could not apply ${type.split('.').at(-1)}: ${oneLine(redactText(error!.message))}${gone}`
    })
}

/** Calls of the last attempt that the gateway answered instead of the service. Pure. */
export function gatewayCauses(attempts: readonly Attempt[]): string[] {
  const lines = (attempts.at(-1)?.evidence.entries ?? []).flatMap((entry) => {
    if (entry.type !== 'call' || entry.problem === null) return []
    const told = detailOf(entry.problem, entry.answer?.body)
    return [`${entry.service}.${entry.operation}: ${entry.problem}${told === null ? '' : `, ${told}`}`]
  })
  return [...new Set(lines)].slice(-3)
}

/** What the gateway said. Of a fault it said for how long still, in each answer another time: its end is the same in all. */
function detailOf(problem: string, body: unknown): string | null {
  const { detail, service, operation, run, until } = (body ?? {}) as Record<string, unknown>
  if (problem === 'fault_injected' && typeof service === 'string' && typeof until === 'string')
    return faultCause({
      service,
      operation: typeof operation === 'string' ? operation : null,
      kind: 'unavailable',
      of: typeof run === 'string' ? { run } : null,
      endsAt: until,
    })
  return typeof detail === 'string' ? oneLine(detail) : null
}
