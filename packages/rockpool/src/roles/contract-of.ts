import type { ContractOf } from '../checks/index.ts'
import { addressOf, loadBundle } from '../contracts/index.ts'
import type { Registry } from '../contracts/index.ts'
import { Problem } from '../kernel/index.ts'
import type { Config } from '../kernel/index.ts'

/** The contract that a service runs with: what the registry was told of it, else what the configuration names. */
export function createContractOf({
  services,
  registry,
}: Pick<Config, 'services'> & { registry: Pick<Registry, 'find' | 'bundle'> }): ContractOf {
  return async (service) => {
    if (!Object.hasOwn(services, service)) return undefined
    const told = await running(registry, service)
    if (told !== undefined) return told
    const loaded = await loadBundle(services[service]!.contract)
    return loaded.ok ? { address: addressOf(loaded.bundle), bundle: loaded.bundle } : undefined
  }
}

async function running(registry: Pick<Registry, 'find' | 'bundle'>, service: string) {
  try {
    const { address } = await registry.find(service, 'production')
    return { address, bundle: await registry.bundle(address) }
  } catch (error) {
    if (error instanceof Problem && error.code === 'not_found') return undefined
    throw error
  }
}
