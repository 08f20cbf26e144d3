import { Agent } from 'undici'

/** The connections to services, by undici. */
export interface ServiceAgent extends Pick<Agent, 'dispatch'> {
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
  })
}
