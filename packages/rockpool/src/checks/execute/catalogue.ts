import type { Config, Finding } from '../../kernel/index.ts'
import { loadRoutes } from '../../gateway/index.ts'
import type { Catalogue } from '../types.ts'

/** Reads the operations of all services from their contracts. A contract that cannot be read leaves its service without any. */
export async function readCatalogue(
  services: Config['services'],
): Promise<{ catalogue: Catalogue; findings: Finding[] }> {
  const catalogue: Catalogue = {}
  const findings: Finding[] = []
  for (const [name, service] of Object.entries(services)) {
    const reading = await loadRoutes(service.contract, { foreign: 'url' in service })
    if (!reading.ok)
      findings.push(
        ...reading.findings.map((finding) => ({
          ...finding,
          path: `services.${name}.contract: ${finding.path}`,
        })),
      )
    const operations = reading.ok ? reading.operations : []
    catalogue[name] = Object.fromEntries(
      operations.map(({ route: { operationId, method, path } }) => [operationId, { method, path }]),
    )
  }
  return { catalogue, findings }
}
