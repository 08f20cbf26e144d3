import { getCallSites } from 'node:util'
import type { CheckBody, CheckDefinition, CheckOptions } from './types.ts'

/*
 * A check file is only imported: nothing tells check() which process imports it. So the process that wants the
 * definitions leaves a list under this name before. A registered symbol, because the file may import another copy
 * of this package than the one that runs it.
 */
const collector = Symbol.for('rockpool.checks.collector')

type Holder = { [collector]?: CheckDefinition[] }

/** Collects what check() defines from now on in this process. */
export function collectChecks(): CheckDefinition[] {
  const definitions: CheckDefinition[] = []
  ;(globalThis as Holder)[collector] = definitions
  return definitions
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
export function check(name: string, body: CheckBody): CheckDefinition
export function check(name: string, options: CheckOptions, body: CheckBody): CheckDefinition
export function check(name: string, ...rest: [CheckBody] | [CheckOptions, CheckBody]): CheckDefinition {
  const [options, body] = rest.length > 1 ? (rest as [CheckOptions, CheckBody]) : [{}, rest[0] as CheckBody]
  const line = getCallSites(2)[1]?.lineNumber ?? 1
  const definition: CheckDefinition = { name, options, body, line }
  ;(globalThis as Holder)[collector]?.push(definition)
  return definition
}
