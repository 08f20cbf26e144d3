import { isObject, member } from '../json-object.ts'
import type { Contract, Json, Operation, Server } from '../types.ts'
import { brief } from './brief.ts'
import { usesOf } from './operation-pair.ts'
import type { OperationPair } from './operation-pair.ts'
import { pairBy, without } from './pairing.ts'
import type { Comparison, OperationName, Use } from './types.ts'

/** A server that is not called any more breaks its callers, however the operations stay. */
export function compareServers(comparison: Comparison, pairs: readonly OperationPair[]): void {
  const { before, after } = comparison
  const heirs = pairs.filter((pair) => pair.before.servers === null && pair.after.servers === null)
  const at = { operation: null, place: 'servers', uses: usesOf(heirs, 'servers') }
  addServers(comparison, at, [before, before.servers], [after, after.servers])
}

export function compareOperationServers(comparison: Comparison, pair: OperationPair): void {
  if (pair.before.servers === null && pair.after.servers === null) return
  const { before, after } = comparison
  const at = { operation: pair.name, place: `${pair.within}servers` }
  addServers(comparison, at, serversOf(pair.before, before), serversOf(pair.after, after))
}

/** Servers, and who says them. */
type Said = [by: Contract | Operation, servers: Server[]]

function serversOf(operation: Operation, contract: Contract): Said {
  return operation.servers === null ? [contract, contract.servers] : [operation, operation.servers]
}

function addServers(
  comparison: Comparison,
  at: { operation: OperationName | null; place: string; uses?: Use[] },
  [beforeBy, before]: Said,
  [afterBy, after]: Said,
): void {
  const { pairs, removed, added } = pairBy(before, after, ({ url }) => url)
  const gone = { at: beforeBy, member: 'servers' }
  const come = { at: afterBy, member: 'servers' }
  // One for one is a move.
  if (removed.length === 1 && added.length === 1) pairs.push([removed.pop()!, added.pop()!])
  for (const one of removed)
    comparison.add({
      rule: 'api-server-removed',
      ...at,
      details: { before: one.url },
      before: { at: one },
      after: come,
    })
  for (const one of added)
    comparison.add({
      rule: 'api-server-added',
      ...at,
      details: { after: one.url },
      before: gone,
      after: { at: one },
    })
  for (const [one, other] of pairs)
    if (one.url !== other.url || isNarrower(one, other))
      comparison.add({
        rule: 'api-server-changed',
        ...at,
        details: { before: brief(textOf(one)), after: brief(textOf(other)) },
        before: { at: one },
        after: { at: other },
      })
}

/** A variable's default is another, or it no longer takes a value that it took. */
function isNarrower(before: Server, after: Server): boolean {
  return Object.keys(before.variables).some((name) => {
    const [was, is] = [variableOf(before, name), variableOf(after, name)]
    if (was.default !== is.default) return true
    return is.values !== null && (was.values === null || without(was.values, is.values).length > 0)
  })
}

interface Variable {
  default: string
  /** Null: any. */
  values: ReadonlySet<string> | null
}

function variableOf({ variables }: Server, name: string): Variable {
  const said = member(variables, name)
  if (!isObject(said)) return { default: '', values: null }
  const values = member(said, 'enum')
  return {
    default: textOfValue(member(said, 'default')),
    values: Array.isArray(values) ? new Set(values.map(textOfValue)) : null,
  }
}

function textOfValue(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? '')
}

/** Such as `https://{region}.example.com, {region} = eu (eu, us)`. */
function textOf(server: Server): string {
  const variables = Object.keys(server.variables)
    .toSorted()
    .map((name) => {
      const { default: standard, values } = variableOf(server, name)
      return `, {${name}} = ${standard}${values === null ? '' : ` (${[...values].toSorted().join(', ')})`}`
    })
  return server.url + variables.join('')
}
