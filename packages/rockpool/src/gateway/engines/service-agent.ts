import { Agent, Client, Pool } from 'undici'
import type { buildConnector, Dispatcher } from 'undici'
import { addressOf, peerOf } from './address.ts'

/** What a call may want to know of the connection that it gets. */
export type Order = Dispatcher.DispatchOptions & {
  /** Called with each connection that the call is given, also where that has yet to be made. */
  onConnection?: (connection: { readonly address: string }) => void
}

/** The connections to services, by undici. */
export interface ServiceAgent {
  dispatch(order: Order, handler: Dispatcher.DispatchHandler): boolean
  /** As `Engine.forget`. */
  forget(origin: string): Promise<void>
  destroy(): Promise<void>
}

/** One of undici's agents for each origin, because none lets go of a single one. Who has no connection left goes. */
export function createAgent(): ServiceAgent {
  const agents = new Map<string, Agent>()
  /** Forgotten ones, until their last call is over. */
  const leaving = new Set<Agent>()

  function agentOf(origin: string): Agent {
    const known = agents.get(origin)
    if (known) return known
    const agent = openAgent()
    const tidy = () => {
      if (agents.get(origin) === agent && Object.keys(agent.stats).length === 0) agents.delete(origin)
    }
    agent.on('disconnect', tidy).on('connectionError', tidy)
    agents.set(origin, agent)
    return agent
  }

  return {
    dispatch: (options, handler) => agentOf(String(options.origin)).dispatch(options, handler),
    async forget(origin) {
      const agent = agents.get(origin)
      if (agent === undefined) return
      agents.delete(origin)
      leaving.add(agent)
      await agent.close().finally(() => leaving.delete(agent))
    },
    async destroy() {
      await Promise.all([...agents.values(), ...leaving].map((agent) => agent.destroy()))
    },
  }
}

function openAgent(): Agent {
  return new Agent({
    connections: 256,
    pipelining: 1,
    allowH2: false,
    maxHeaderSize: 16 * 1024,
    // The gateway's own deadline is exact; these would be a second, coarser one.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: 2_000 },
    factory: (origin, options: Pool.Options) =>
      new Pool(origin, { ...options, factory: (url, shared: Shared) => new Connection(url, shared) }),
  })
}

/** A pool's options, as it hands them to each of its clients. */
type Shared = Client.Options & { connect: buildConnector.connector }

/** One of undici's connections, which tells who is at its other end. */
class Connection extends Client {
  /** `host:port` of its peer; while there is none, of the origin. */
  address: string

  constructor(origin: URL, options: Shared) {
    const unknown = addressOf(origin)
    const connect: buildConnector.connector = (to, done) => {
      this.address = unknown
      options.connect(to, (...result) => {
        const [, socket] = result
        if (socket) this.address = peerOf(socket, unknown)
        done(...result)
      })
    }
    super(origin, { ...options, connect })
    this.address = unknown
  }

  override dispatch(order: Order, handler: Dispatcher.DispatchHandler): boolean {
    order.onConnection?.(this)
    return super.dispatch(order, handler)
  }
}
