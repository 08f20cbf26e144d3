import { getCallSites } from 'node:util'
import type { CheckBody, CheckOptions, ScenarioDefinition } from './types.ts'

/*
 * A scenario's file is only imported: nothing tells check() which process imports it. So the process that wants the
 * definitions leaves a list under this name before. A registered symbol, because the file may import another copy
 * of this package than the one that runs it.
 */
const collector = Symbol.for('rockpool.checks.collector')

type Holder = { [collector]?: ScenarioDefinition[] }

/** Collects what check() and its like define from now on in this process. */
export function collectScenarios(): ScenarioDefinition[] {
  const definitions: ScenarioDefinition[] = []
  ;(globalThis as Holder)[collector] = definitions
  return definitions
}

/** Defines a scenario of any kind, where the caller of the calling function stands. */
export function defineScenario(scenario: Omit<ScenarioDefinition, 'line'>): ScenarioDefinition {
  const definition: ScenarioDefinition = { ...scenario, line: getCallSites(3)[2]?.lineNumber ?? 1 }
  ;(globalThis as Holder)[collector]?.push(definition)
  return definition
}

/**
 * Defines a check: a name that no other check has, options, and the code that runs in a sandbox of its own.
 *
 *     check('an item can be sold', { every: '1m' }, async ({ api, expect }) => {
 *       const item = await api.catalog.createItem({ body: { name: 'Tide clock', price: 4900, currency: 'EUR', stock: 3 } })
 *       expect(item.status).toBe(201)
 *     })
 *
 * Options are validated when the file is discovered, with every finding at once. `rockpool check` runs it.
 */
export function check(name: string, body: CheckBody): ScenarioDefinition
export function check(name: string, options: CheckOptions, body: CheckBody): ScenarioDefinition
export function check(name: string, ...rest: [CheckBody] | [CheckOptions, CheckBody]): ScenarioDefinition {
  const [options, body] = rest.length > 1 ? (rest as [CheckOptions, CheckBody]) : [{}, rest[0] as CheckBody]
  return defineScenario({ kind: 'check', name, options, body, written: body })
}
