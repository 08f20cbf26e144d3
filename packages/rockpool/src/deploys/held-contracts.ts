import { toOpenApi } from '../contracts/index.ts'
import type { Contract } from '../contracts/index.ts'
import { addressOf, maxContractBytes } from '../gateway/index.ts'
import type { Route } from '../gateway/index.ts'
import { problem } from '../kernel/index.ts'
import type { Finding } from '../kernel/index.ts'

/** The contracts that gateways hold calls against: those of services that ask for it. */
export interface HeldContracts {
  /** By service. */
  addresses: ReadonlyMap<string, string>
  /** By address: OpenAPI 3.1, in one text, whatever the contract was written in. */
  texts: ReadonlyMap<string, string>
}

/**
 * What calls are held against. Pure.
 *
 * @param contracts, routes of each service; routes with `validation` are to be in the contract
 * @throws Problem `config_invalid` with all findings of all contracts
 */
export function holdContracts(
  contracts: ReadonlyMap<string, Contract>,
  routes: ReadonlyMap<string, readonly Route[]>,
): HeldContracts {
  const addresses = new Map<string, string>()
  const texts = new Map<string, string>()
  const findings: Finding[] = []
  for (const [name, contract] of contracts) {
    const judged = (routes.get(name) ?? []).filter(({ validation }) => validation !== undefined)
    if (judged.length === 0) continue
    const at = `services.${name}.contract`
    const operations = new Set(contract.operations.map(({ method, path }) => `${method} ${path}`))
    for (const { method, path } of judged)
      if (!operations.has(`${method} ${path}`))
        findings.push({ path: at, message: `${method} ${path} cannot be held against it: it is not in it` })
    const text = JSON.stringify(toOpenApi(contract))
    if (Buffer.byteLength(text) > maxContractBytes)
      findings.push({ path: at, message: `calls are held against ${maxContractBytes} bytes at most` })
    const address = addressOf(text)
    addresses.set(name, address)
    texts.set(address, text)
  }
  if (findings.length > 0)
    throw problem('config_invalid', 'contracts that calls are held against are not valid', { findings })
  return { addresses, texts }
}
