import { messageOf } from '../../kernel/index.ts'
import type { Log } from '../../kernel/index.ts'
import type { Decision } from '../decision.ts'
import { fieldsOf, joinFields } from '../header-fields.ts'
import type { HeaderFields } from '../header-fields.ts'
import type { Ending } from '../limits/breaker.ts'
import type { Ticket } from '../limits/limits.ts'
import { placeOf } from '../place.ts'
import type { SnapshotService } from '../types.ts'
import { mayName } from './choose.ts'
import { releaseHeader } from './names.ts'

type Forward = Extract<Decision, { kind: 'forward' }>

/*
 *   snapshot: it drains ──► chosen no more ──► nothing in flight ──► its connections forgotten ──► told to control
 */

/** What a gateway does about releases that are being drained. It lives as long as the gateway. */
export interface Drains {
  /**
   * A call is in flight to its address until its ticket is given back, by whatever name it goes there: before a release was
   * named, the service's own address was the same, and a tunnel may be older than that. Gives the ticket to use from here on,
   * by which verified callers hear of the release, whatever the answer is.
   */
  hold(decision: Pick<Forward, 'url' | 'release' | 'credential'>, ticket: Ticket): Ticket
  /** To be called with the services of every snapshot and change, once decisions stand on it. */
  follow(services: Iterable<Pick<SnapshotService, 'name' | 'releases'>>): void
  /** The drains (by their ids) that are done here: nothing of this gateway leads to the release any more. */
  done(): string[]
}

export interface DrainsOptions {
  /** Ends the connections to this origin that no call uses, and those in use after their call; resolves when all are gone. */
  forget: (origin: string) => Promise<void>
  /** There is something new in `done`. */
  onDone: () => void
  log: Log
}

interface Drain {
  id: string
  release: string
  origin: string
  stage: 'in flight' | 'forgetting' | 'done'
}

/** The calls to one origin. */
interface Flight {
  calls: number
  /** None is left. */
  landed(): void
}

/** A ticket of a call that is in flight. A class: its methods are made once, and not with each call. */
class InFlight implements Ticket {
  readonly headers: HeaderFields
  private readonly ticket: Ticket
  private readonly flight: Flight
  private held = true

  constructor(ticket: Ticket, headers: HeaderFields, flight: Flight) {
    this.ticket = ticket
    this.headers = headers
    this.flight = flight
    flight.calls += 1
  }

  answered(): void {
    this.ticket.answered()
  }

  release(ending: Ending, now?: number): void {
    this.ticket.release(ending, now)
    if (!this.held) return
    this.held = false
    this.flight.calls -= 1
    if (this.flight.calls === 0) this.flight.landed()
  }
}

export function createDrains({ forget, onDone, log }: DrainsOptions): Drains {
  /** By origin. One without calls stays until the next snapshot: taking it out after each call would cost more than the call. */
  const inFlight = new Map<string, Flight>()
  const drains = new Map<string, Drain>()

  function flightTo(origin: string): Flight {
    let flight = inFlight.get(origin)
    if (flight === undefined) inFlight.set(origin, (flight = { calls: 0, landed: () => landed(origin) }))
    return flight
  }

  function landed(origin: string): void {
    for (const drain of drains.values()) if (drain.origin === origin) goOn(drain)
  }

  function goOn(drain: Drain): void {
    if (drain.stage !== 'in flight' || (inFlight.get(drain.origin)?.calls ?? 0) > 0) return
    drain.stage = 'forgetting'
    forget(drain.origin)
      .then(() => {
        drain.stage = 'done'
        if (drains.has(drain.id)) onDone()
      })
      .catch((error: unknown) =>
        log.error({ release: drain.release, error: messageOf(error) }, 'a release could not be drained'),
      )
  }

  return {
    hold({ url, release, credential }, ticket) {
      const flight = flightTo(placeOf(url).origin)
      const headers =
        release !== null && mayName(credential)
          ? joinFields(ticket.headers, fieldsOf([releaseHeader, release]))
          : ticket.headers
      return new InFlight(ticket, headers, flight)
    },
    follow(services) {
      for (const [origin, { calls }] of inFlight) if (calls === 0) inFlight.delete(origin)
      const there = new Set<string>()
      for (const { name, releases } of services)
        for (const { drain: id, url, ...release } of releases) {
          if (id === null) continue
          there.add(id)
          if (drains.has(id)) continue
          const drain: Drain = { id, release: `${name}/${release.name}`, origin: url, stage: 'in flight' }
          drains.set(id, drain)
          goOn(drain)
        }
      for (const id of drains.keys()) if (!there.has(id)) drains.delete(id)
    },
    done: () => [...drains.values()].filter(({ stage }) => stage === 'done').map(({ id }) => id),
  }
}
