import { loadBundle } from '../contracts/index.ts'
import type { Registry, Seen } from '../contracts/index.ts'
import type { Releases } from '../gateway/index.ts'
import { messageOf, Problem, problem } from '../kernel/index.ts'
import type { Clock, Config, Keeper, Listener, Log } from '../kernel/index.ts'

export interface RunningContractsOptions {
  registry: Pick<Registry, 'keep' | 'see'>
  releases: Pick<Releases, 'list' | 'onChange'>
  services: Config['services']
  /** In whose name the contracts are kept. */
  by: string
  clock: Clock
  log: Log
}

const pollMs = 30_000

/**
 * Tells the registry what runs in production: the contracts of the configured services, as they are when this process
 * starts, and the releases that have a weight, whenever they change. Several processes at once are safe.
 */
export function createRunningContracts(options: RunningContractsOptions): Keeper {
  const { registry, releases, services, by, clock, log } = options
  const stopping = new AbortController()
  const own = new Map<string, string | null>()
  let listener: Listener | undefined
  let running: Promise<void> | undefined
  let roused = new AbortController()

  /** The address of a service's own contract; null: it cannot be used, and the log says why. */
  const ownOf = async (service: string, file: string): Promise<string | null> => {
    const loaded = await loadBundle(file)
    try {
      if (loaded.ok) return (await registry.keep(service, loaded.bundle, by)).address
      throw problem('invalid_input', 'it cannot be used', { findings: loaded.findings })
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'invalid_input') throw error
      const { message: reason, findings } = error
      log.warn({ service, file, error: reason, findings: findings.slice(0, 3) }, 'a contract is not kept')
      return null
    }
  }

  const look = async (): Promise<void> => {
    listener ??= await releases.onChange(() => roused.abort())
    for (const [service, { contract }] of Object.entries(services)) {
      if (stopping.signal.aborted) return
      if (!own.has(service)) own.set(service, await ownOf(service, contract))
    }
    const all = Map.groupBy(await releases.list(), ({ service }) => service)
    for (const [service, address] of own) {
      const seen: Seen = { service, own: address, releases: all.get(service) ?? [] }
      await registry.see(seen, by)
    }
  }

  const keep = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      roused = new AbortController()
      await look().catch((error: unknown) =>
        log.warn({ error: messageOf(error) }, 'what runs in production cannot be told yet'),
      )
      await clock.sleep(pollMs, AbortSignal.any([roused.signal, stopping.signal])).catch(() => {})
    }
  }

  return {
    start() {
      running ??= keep()
    },
    async stop() {
      stopping.abort()
      await running
      await listener?.close()
    },
  }
}
