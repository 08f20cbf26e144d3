import type { ContractOf } from '../checks/index.ts'
import { addressOf, loadBundle } from '../contracts/index.ts'
import type { Config } from '../kernel/index.ts'

/** The contracts that services run with: what the configuration names. */
export function createContractOf({ services }: Pick<Config, 'services'>): ContractOf {
  return async (service) => {
    if (!Object.hasOwn(services, service)) return undefined
    const loaded = await loadBundle(services[service]!.contract)
    return loaded.ok ? { address: addressOf(loaded.bundle), bundle: loaded.bundle } : undefined
  }
}
