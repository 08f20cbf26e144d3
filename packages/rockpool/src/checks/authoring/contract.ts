import { defineScenario } from './check.ts'
import type { ContractCheckOptions, ScenarioDefinition } from './types.ts'

/**
 * Defines a check that verifies the mock of a service: it makes a request for each operation of the service's contract,
 * sends it to the service, in a sandbox of its own, and to the mock, and keeps per operation how faithful the mock is. It
 * fails where the service does not keep to its contract.
 *
 *     export default contract('orders', { every: '1h' })
 */
export function contract(service: string, options: ContractCheckOptions = {}): ScenarioDefinition {
  const { except = [], seed = service, given = {}, ...own } = options
  const findings: string[] = []
  if (typeof service !== 'string' || service === '') findings.push('it needs the name of a service')
  if (!Array.isArray(except) || !except.every((id) => typeof id === 'string'))
    findings.push('except is a list of operation ids')
  if (typeof seed !== 'string') findings.push('seed is a text')
  if ((typeof given !== 'object' && typeof given !== 'function') || given === null)
    findings.push('given is an object of requests by operation id, or a function that makes one')
  // What a check knows besides is judged where checks are read.
  if (findings.length > 0) throw new TypeError(`contract(${JSON.stringify(service)}): ${findings.join('; ')}`)
  return defineScenario({
    kind: 'check',
    name: `the mock of ${service} is faithful`,
    options: { timeout: '2m', ...own },
    written: typeof given === 'function' ? given : () => {},
    async body(fixtures, inside) {
      const { runMockCheck } = await import('../child/mock-check.ts')
      await runMockCheck({ service, except, seed, given }, fixtures, inside)
    },
  })
}
