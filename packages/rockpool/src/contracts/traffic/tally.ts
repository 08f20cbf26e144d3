import type { ObserverBounds, UsageDirection, UsageKind, UsageRow } from './types.ts'

interface Counter {
  calls: number
  times: number
  /** The call that was counted last. */
  call: number
}

/** One thing that is counted, for each organization. Kept by whoever counts, so that counting looks nothing up by name. */
export interface Slot {
  readonly operation: string
  readonly direction: UsageDirection
  readonly place: string
  readonly kind: UsageKind
  readonly value: string | null
  readonly counters: Map<string | null, Counter>
  /** The value that was counted last: in one value, a place is counted once. */
  visit: number
}

/** Longer ones are no names of organizations. */
const longestOrganization = 200

/** Counts, within bounds, whatever comes. */
export class Tally {
  private readonly bounds: ObserverBounds
  private readonly slots = new Map<string, Slot>()
  /** Those that count something. */
  private readonly used = new Set<Slot>()
  private readonly organizations = new Set<string>()
  private counters = 0
  private call = 0
  private organization: string | null = null

  constructor(bounds: ObserverBounds) {
    this.bounds = bounds
  }

  /** Whatever is counted until the next one, is of this call. */
  begin(organization: string): void {
    this.call += 1
    this.organization = this.known(organization)
  }

  /** Beyond the bound of organizations they count together. */
  private known(organization: string): string | null {
    if (this.organizations.has(organization)) return organization
    if (this.organizations.size >= this.bounds.organizations) return null
    if (organization.length > longestOrganization) return null
    this.organizations.add(organization)
    return organization
  }

  /** What counts there; null: there are too many. */
  slot(
    operation: string,
    direction: UsageDirection,
    place: string,
    kind: UsageKind,
    value: string | null = null,
  ): Slot | null {
    const key = JSON.stringify([operation, direction, place, kind, value])
    const known = this.slots.get(key)
    if (known !== undefined) return known
    // Of these there are no more than operations, and evidence hangs on them.
    const isBounded = kind !== 'call' && kind !== 'cut'
    if (isBounded && this.slots.size >= this.bounds.places) return null
    const slot: Slot = { operation, direction, place, kind, value, counters: new Map(), visit: 0 }
    this.slots.set(key, slot)
    return slot
  }

  count(slot: Slot): void {
    const counter = slot.counters.get(this.organization) ?? this.counterOf(slot)
    counter.times += 1
    if (counter.call === this.call) return
    counter.call = this.call
    counter.calls += 1
  }

  /** Says it once, of no organization. */
  mark(slot: Slot): void {
    if (slot.counters.size > 0) return
    slot.counters.set(null, { calls: 1, times: 1, call: 0 })
    this.used.add(slot)
  }

  private counterOf(slot: Slot): Counter {
    const isFull = this.counters >= this.bounds.counters
    const organization = isFull ? null : this.organization
    let counter = slot.counters.get(organization)
    if (counter === undefined) {
      counter = { calls: 0, times: 0, call: 0 }
      slot.counters.set(organization, counter)
      this.counters += 1
      this.used.add(slot)
    }
    return counter
  }

  /** All that was counted since the last time. Forgets it, and all places: those that are met again come again. */
  take(day: string, lastSeen: string): UsageRow[] {
    const rows: UsageRow[] = []
    for (const { operation, direction, place, kind, value, counters } of this.used)
      for (const [organization, { calls, times }] of counters)
        rows.push({
          operation,
          direction,
          place,
          kind,
          value,
          organization,
          day,
          count: calls,
          times,
          lastSeen,
        })
    this.used.clear()
    this.slots.clear()
    this.organizations.clear()
    this.counters = 0
    return rows
  }
}
