import type { Found, OperationName, SchemaPlace, Use } from '../types.ts'
import { below, isResponse, ruleIn } from './places.ts'
import type { Context } from './places.ts'
import type { SchemaNode } from './types.ts'

interface Met {
  context: Context
  uses: Use[]
}

/** Beyond that many steps nobody reads who meets what: whatever was not met yet still is, by the first who does. */
const mostSteps = 2_000_000

/** Who meets which pair of schemas with names, and how. */
export class Uses {
  private readonly met = new Map<SchemaNode, Map<string, Met>>()
  /** What was met by anybody, and how. */
  private readonly seen = new Map<SchemaNode, Set<string>>()
  private steps = 0

  of(node: SchemaNode): Met[] {
    return [...(this.met.get(node)?.values() ?? [])]
  }

  /** Notes all that can be reached from one place, each at the place nearest to it. */
  follow(root: SchemaNode, context: Context, { operation, place }: SchemaPlace): void {
    const seen = new Map<SchemaNode, number>()
    const queue: { node: SchemaNode; context: Context; path: string }[] = [{ node: root, context, path: '' }]
    for (let index = 0; index < queue.length; index += 1) {
      const from = queue[index]!
      for (const edge of from.node.edges) {
        const next = below(from.context, edge.isWhole, edge.access)
        const bit = (next.isWhole ? 1 : 4) << (next.isSilent ? 1 : 0)
        const bits = seen.get(edge.node) ?? 0
        if ((bits & bit) !== 0) continue
        seen.set(edge.node, bits | bit)
        this.steps += 1
        const isFirst = this.isFirst(edge.node, keyOf(next))
        if (this.steps > mostSteps && !isFirst) continue
        const path = from.path + edge.path
        this.note(edge.node, next, operation, path === '' ? place : `${place} ${path}`)
        queue.push({ node: edge.node, context: next, path })
      }
    }
  }

  private isFirst(node: SchemaNode, key: string): boolean {
    const keys = this.seen.get(node)
    if (keys === undefined) this.seen.set(node, new Set([key]))
    else if (keys.has(key)) return false
    else keys.add(key)
    return true
  }

  private note(node: SchemaNode, context: Context, operation: OperationName, place: string): void {
    if (node.facts.length === 0) return
    let byContext = this.met.get(node)
    if (byContext === undefined) this.met.set(node, (byContext = new Map()))
    const key = keyOf(context)
    const met = byContext.get(key)
    if (met === undefined) byContext.set(key, { context, uses: [{ operation, place }] })
    // Operations come one after the other: of the same one, the last place is the only other.
    else if (met.uses.at(-1)?.operation !== operation) met.uses.push({ operation, place })
  }
}

function keyOf({ kind, isWhole, isSilent, isText }: Context): string {
  return `${kind} ${isWhole} ${isSilent} ${isText}`
}

/** Tells what is different in a pair of schemas with names, once for each rule. */
export function tellShared(node: SchemaNode, uses: Uses, add: (found: Found) => void): void {
  const met = loudOf(uses.of(node))
  if (met.length === 0) return
  const unions = new Map<string, Use[]>()
  for (const { path, details, before, after, ...rest } of node.facts) {
    const byRule = new Map<string, number[]>()
    for (const [index, { context }] of met.entries()) {
      const rule = ruleIn(context, { path, details, before, after, ...rest })
      if (rule !== null) byRule.set(rule, [...(byRule.get(rule) ?? []), index])
    }
    const place = path === '' ? `schema ${node.name}` : `schema ${node.name} ${path}`
    for (const [rule, indices] of byRule) {
      const key = indices.join()
      let all = unions.get(key)
      if (all === undefined) unions.set(key, (all = unionOf(indices.map((index) => met[index]!.uses))))
      add({ rule, operation: null, place, details, before, after, uses: all })
    }
  }
}

/** What is met aloud in a direction is not told once more for where it is silent. */
function loudOf(met: Met[]): Met[] {
  return met.filter(
    ({ context }) =>
      !context.isSilent ||
      !met.some((other) => !other.context.isSilent && isResponse(other.context) === isResponse(context)),
  )
}

function unionOf(lists: Use[][]): Use[] {
  const [first = [], ...others] = lists
  if (others.length === 0) return first
  const operations = new Set<OperationName>()
  return lists.flat().filter(({ operation }) => !operations.has(operation) && operations.add(operation))
}
