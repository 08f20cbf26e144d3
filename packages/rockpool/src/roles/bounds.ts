import { parseDuration, problem } from '../kernel/index.ts'
import type { Config } from '../kernel/index.ts'

/*
 * What a gateway's process bounds, from whoever starts it; each has a default of the gateway's own:
 *
 *   ROCKPOOL_CONNECTIONS              connections of clients that it has at a time
 *   ROCKPOOL_CONNECTIONS_PER_CLIENT   of them, those of one address
 *   ROCKPOOL_WITHOUT_CONTROL          how long keys count while control is gone, such as 24h
 */

const names = {
  connections: 'ROCKPOOL_CONNECTIONS',
  connectionsPerClient: 'ROCKPOOL_CONNECTIONS_PER_CLIENT',
  withoutControl: 'ROCKPOOL_WITHOUT_CONTROL',
} as const

const mostConnections = 1_000_000
const [leastAloneMs, mostAloneMs] = [10_000, 30 * 86_400_000]

export interface Bounds {
  limits: { maxConnections?: number; maxConnectionsPerClient?: number }
  cutOff: { keyMs?: number }
}

/** For the gateway's process; nothing where nothing is configured. */
export function boundsVariables({
  limits,
  withoutControl,
}: Pick<Config['gateway'], 'limits' | 'withoutControl'>): Record<string, string> {
  const values = { ...limits, withoutControl }
  return Object.fromEntries(
    Object.entries(names).flatMap(([key, name]) => {
      const value = values[key as keyof typeof names]
      return value === undefined ? [] : [[name, String(value)]]
    }),
  )
}

/** The other side; `invalid_input` for what is no number of connections, or no duration in bounds: those of the configuration. */
export function readBounds(environment: NodeJS.ProcessEnv = process.env): Bounds {
  const maxConnections = readCount(names.connections, environment)
  const maxConnectionsPerClient = readCount(names.connectionsPerClient, environment)
  const keyMs = readAlone(environment)
  return {
    limits: {
      ...(maxConnections === undefined ? {} : { maxConnections }),
      ...(maxConnectionsPerClient === undefined ? {} : { maxConnectionsPerClient }),
    },
    cutOff: keyMs === undefined ? {} : { keyMs },
  }
}

function readCount(name: string, environment: NodeJS.ProcessEnv): number | undefined {
  const text = environment[name]
  if (!text) return undefined
  if (/^[1-9]\d{0,6}$/.test(text) && Number(text) <= mostConnections) return Number(text)
  throw problem(
    'invalid_input',
    `${name} must be a whole number from 1 to ${mostConnections}, not “${text.slice(0, 40)}”`,
  )
}

function readAlone(environment: NodeJS.ProcessEnv): number | undefined {
  const text = environment[names.withoutControl]
  if (!text) return undefined
  try {
    const ms = parseDuration(text)
    if (ms >= leastAloneMs && ms <= mostAloneMs) return ms
  } catch {
    // Told below, by name.
  }
  throw problem(
    'invalid_input',
    `${names.withoutControl} must be a duration from 10s to 30d, such as 24h, not “${text.slice(0, 40)}”`,
  )
}
