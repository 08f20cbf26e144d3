import { loadContract, toOpenApi } from '../contracts/index.ts'
import { addressOf, maxContractBytes } from '../gateway/index.ts'
import type { Route } from '../gateway/index.ts'
import { problem } from '../kernel/index.ts'
import type { Finding, ServiceConfig } from '../kernel/index.ts'

/** The contracts that gateways hold calls against: those of services that ask for it. */
export interface HeldContracts {
  /** By service. */
  addresses: ReadonlyMap<string, string>
  /** By address: OpenAPI 3.1, in one text, whatever the contract was written in. */
  texts: ReadonlyMap<string, string>
}

/**
 * Reads them, once.
 *
 * @param routes of each service; those with `validation` are to be in its contract
 * @throws Problem `config_invalid` with all findings of all contracts
 */
export async function readHeldContracts(
  services: Readonly<Record<string, Pick<ServiceConfig, 'contract'>>>,
  routes: ReadonlyMap<string, readonly Route[]>,
): Promise<HeldContracts> {
  const addresses = new Map<string, string>()
  const texts = new Map<string, string>()
  const findings: Finding[] = []
  for (const [name, { contract: file }] of Object.entries(services)) {
    const judged = (routes.get(name) ?? []).filter(({ validation }) => validation !== undefined)
    if (judged.length === 0) continue
    const at = `services.${name}.contract`
    const reading = await loadContract(file)
    if (!reading.ok) {
      for (const { level, path, ...finding } of reading.findings)
        if (level === 'error') findings.push({ ...finding, path: `${at}: ${path}` })
      continue
    }
    const operations = new Set(reading.contract.operations.map(({ method, path }) => `${method} ${path}`))
    for (const { method, path } of judged)
      if (!operations.has(`${method} ${path}`))
        findings.push({ path: at, message: `${method} ${path} cannot be held against it: it is not in it` })
    const text = JSON.stringify(toOpenApi(reading.contract))
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
