import type { Contract, Schema } from '../../types.ts'
import type { Found, Policy, SchemaPlace } from '../types.ts'
import { Uses, tellShared } from './shared.ts'
import { contextOf, ruleIn } from './places.ts'
import type { Ground, SchemaNode } from './types.ts'
import { Walk } from './walk.ts'

interface Comparer {
  compare(before: Schema, after: Schema, place: SchemaPlace): void
  /** Tells all that was found. */
  finish(add: (found: Found) => void): void
}

/** Beyond that many pairs of names somebody means it badly. */
const mostPairs = 50_000

/**
 * Compares schemas wherever they stand. A pair of schemas with names is compared once, and what is different in it is told
 * once, with all operations that lead there; so it costs what the two documents have in them, and not what could be unfolded
 * of them.
 */
export function compareSchemas(before: Contract, after: Contract, policy: Policy): Comparer {
  const roots: { node: SchemaNode; place: SchemaPlace }[] = []
  const nodes = new Map<string, SchemaNode>()
  const open: [node: SchemaNode, before: string, after: string][] = []
  const ground: Ground = {
    before,
    after,
    policy,
    simple: new WeakMap(),
    resolved: new WeakMap(),
    merged: new WeakMap(),
    nodeOf,
  }

  function nodeOf(nameBefore: string, nameAfter: string): SchemaNode | null {
    const key = JSON.stringify([nameBefore, nameAfter])
    const known = nodes.get(key)
    if (known !== undefined) return known
    if (nodes.size >= mostPairs) return null
    const name = nameBefore === nameAfter ? nameBefore : `${nameBefore} (now ${nameAfter})`
    const node: SchemaNode = { name, facts: [], edges: [] }
    nodes.set(key, node)
    open.push([node, nameBefore, nameAfter])
    return node
  }

  function compareNamed(node: SchemaNode, nameBefore: string, nameAfter: string): void {
    const [one, other] = [before.schemas.get(nameBefore) ?? true, after.schemas.get(nameAfter) ?? true]
    const spots = {
      before: typeof one === 'object' ? { at: one } : { at: before.schemas },
      after: typeof other === 'object' ? { at: other } : { at: after.schemas },
    }
    new Walk(ground, node).run(one, other, { ...spots, path: '', depth: 0, isWhole: true, access: 0 })
  }

  return {
    compare(one, other, place) {
      const node: SchemaNode = { name: '', facts: [], edges: [] }
      roots.push({ node, place })
      const at = { path: '', depth: 0, isWhole: true, access: 0, before: place.before, after: place.after }
      new Walk(ground, node).run(one, other, at)
      for (let next = open.pop(); next !== undefined; next = open.pop()) compareNamed(...next)
    },
    finish(add) {
      const uses = new Uses()
      const isAnyShared = [...nodes.values()].some(({ facts }) => facts.length > 0)
      for (const { node, place } of roots) {
        const context = contextOf(place)
        const { operation } = place
        for (const fact of node.facts) {
          const rule = ruleIn(context, fact)
          if (rule === null) continue
          const { details, before, after } = fact
          add({
            rule,
            operation,
            place: fact.path === '' ? place.place : `${place.place} ${fact.path}`,
            details,
            before,
            after,
          })
        }
        if (isAnyShared) uses.follow(node, context, place)
      }
      for (const node of nodes.values()) tellShared(node, uses, add)
    },
  }
}
