import type { Clock } from '../../kernel/index.ts'
import type { GatewayReport } from '../types.ts'
import type { GatewayFacts, KnownGateway } from './types.ts'

/** What gateways told this control of themselves. In memory: a gateway tells it anew whenever it connects. */
export interface GatewayList {
  /** Takes the facts of a report, if it has any. */
  told(report: GatewayReport): void
  /** Connected ones, and those that were and left, by name. */
  list(): KnownGateway[]
}

/** How long a gateway that left is still told of. */
const rememberedMs = 60 * 60 * 1000
const most = 500

export function createGatewayList(options: {
  /** Those that are connected now. */
  connected: () => readonly { gateway: string; version: number | null }[]
  clock: Clock
}): GatewayList {
  const { connected, clock } = options
  const known = new Map<string, { facts: GatewayFacts; heard: number; version: number }>()

  function forget(): void {
    const now = clock.now()
    for (const [gateway, { heard }] of known)
      if (now - heard > rememberedMs || known.size > most) known.delete(gateway)
  }

  return {
    told({ gateway, version, facts }) {
      if (facts === undefined) return
      // The latest last, so that the oldest are forgotten first.
      known.delete(gateway)
      known.set(gateway, { facts, version, heard: clock.now() })
      forget()
    },
    list() {
      forget()
      const here = new Map(connected().map(({ gateway, version }) => [gateway, version]))
      const present = [...here].map(([gateway, version]): KnownGateway => {
        const { facts = null, heard = null } = known.get(gateway) ?? {}
        return { gateway, connected: true, version, heard, facts }
      })
      const names = new Set(present.map(nameOf))
      // Of a name only the last: what was before it is a process that is gone for good.
      const gone = new Map<string, KnownGateway>()
      for (const [gateway, { facts, heard, version }] of known) {
        if (here.has(gateway) || names.has(facts.name)) continue
        gone.set(facts.name, { gateway, connected: false, version, heard, facts })
      }
      return [...present, ...gone.values()].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
    },
  }
}

/** Until it has told its name, its id. Pure. */
export const nameOf = ({ facts, gateway }: KnownGateway): string => facts?.name ?? gateway

/** When control last vouched for what it decides by, milliseconds by control's clock; null: it has no snapshot. Pure. */
export function asOfOf({ facts, heard }: KnownGateway): number | null {
  return facts === null || heard === null || facts.ageMs === null ? null : heard - facts.ageMs
}

/**
 * What it refuses because its truth is too old. Of one that is connected its own word counts; of one that is not, the
 * time since. Pure.
 */
export function cutOffOf(gateway: KnownGateway, now: number): 'runs' | 'everything' | null {
  const { connected, facts } = gateway
  const asOf = asOfOf(gateway)
  if (facts === null) return null
  if (asOf === null) return 'everything'
  const age = connected ? facts.ageMs! : now - asOf
  if (age > facts.cutOff.keyMs) return 'everything'
  return age > facts.cutOff.runMs ? 'runs' : null
}
