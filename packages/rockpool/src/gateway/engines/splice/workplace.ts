import { BodyClock } from './body-clock.ts'
import { Call } from './call.ts'
import { Framing } from './framing.ts'
import { Incoming } from './incoming.ts'
import type { Turn } from './turn.ts'

/** More are not kept: they were needed at once, and may never be again. */
const mostSpare = 256

/** Whose a spare one is: who ends its work may say so after it was given back. */
const nobody = { rest() {} } as unknown as Turn

/** What a connection needs for the request that it is at. Between two requests another one has it. */
export class Workplace {
  /** The request's body, as far as it came. */
  readonly body = new Framing()
  readonly bodyClock = new BodyClock()
  readonly call: Call
  readonly incoming: Incoming

  constructor(turn: Turn) {
    this.call = new Call(turn)
    this.incoming = new Incoming(turn, this.call)
  }

  /** Of the request before nothing is left in it. */
  get isFree(): boolean {
    return this.call.isFree && this.incoming.isFree
  }

  moveTo(turn: Turn): void {
    this.call.moveTo(turn)
    this.incoming.moveTo(turn)
  }
}

/** As many as connections are at a request: those that are idle, and they may be thousands, hold none. */
export interface Workplaces {
  take(turn: Turn): Workplace
  /** One that is free. */
  giveBack(workplace: Workplace): void
}

export function createWorkplaces(): Workplaces {
  const spare: Workplace[] = []
  return {
    take(turn) {
      const workplace = spare.pop()
      if (workplace === undefined) return new Workplace(turn)
      workplace.moveTo(turn)
      return workplace
    },
    giveBack(workplace) {
      if (spare.length === mostSpare) return
      // What it was for may be gone long before it is taken again.
      workplace.moveTo(nobody)
      spare.push(workplace)
    },
  }
}
