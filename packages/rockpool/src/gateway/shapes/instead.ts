import type { Exchange } from '../engines/engine.ts'

/** An exchange that does as another does, also in what that one still comes to do, but for what is given here. */
export function instead(exchange: Exchange, other: Partial<Exchange>): Exchange {
  return Object.assign(Object.create(exchange) as Exchange, other)
}
