import type { HeldEvent } from '../../events/index.ts'
import { oneLine } from '../printable.ts'
import { redactText } from '../redact.ts'
import type { Attempt } from '../types.ts'

/** What Rockpool knows about why something fails in an organization, as lines for people. */
export interface Causes {
  of(organization: string): Promise<string[]>
}

/** A process as whoever keeps it running sees it. */
export interface ServiceSight {
  name: string
  state: 'running' | 'starting' | 'stopped' | 'failed' | 'unavailable'
  reason: string | null
}

export interface CausesOptions {
  /** Where services run, and why some do not (the deploys part). */
  services: () => Promise<readonly ServiceSight[]>
  events: { held(filter: { organization: string }): Promise<readonly HeldEvent[]> }
}

const most = 5

export function createCauses({ services, events }: CausesOptions): Causes {
  return {
    async of(organization) {
      // Either may be out of reach just now, which is no reason to withhold the other.
      const [seen, held] = await Promise.all([
        services().catch(() => []),
        events.held({ organization }).catch(() => []),
      ])
      return [...serviceCauses(seen), ...heldCauses(held)]
    },
  }
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
    const { detail } = (entry.answer?.body ?? {}) as { detail?: unknown }
    return [
      `${entry.service}.${entry.operation}: ${entry.problem}${typeof detail === 'string' ? `, ${oneLine(detail)}` : ''}`,
    ]
  })
  return [...new Set(lines)].slice(-3)
}
