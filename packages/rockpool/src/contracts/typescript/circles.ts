import type { Schema } from '../types.ts'
import { heldBy } from './parts.ts'
import type { Hold } from './parts.ts'

/**
 * Schemas that hold themselves. Through a member TypeScript lets them; through a list only by the name of a type; and
 * what is composed of itself (a base whose union names its heirs) has to be written without.
 */
export interface Circles {
  /** Each is composed of the other one, through `allOf` or a union. */
  areComposed(one: string, other: string): boolean
  /** The same, through unions alone. */
  areUnited(one: string, other: string): boolean
  /** It comes back to itself without a member in between. */
  isCircular(name: string): boolean
}

export function circlesIn(schemas: ReadonlyMap<string, Schema>): Circles {
  const held = new Map([...schemas].map(([name, schema]) => [name, heldBy(schema)]))
  const circles = (...holds: Hold[]) =>
    strongComponents([...schemas.keys()], (name) =>
      [...(held.get(name) ?? [])]
        .filter(([to, by]) => schemas.has(to) && holds.some((hold) => by.has(hold)))
        .map(([to]) => to),
    )
  const composed = circles('all', 'union')
  const united = circles('union')
  const eager = circles('all', 'union', 'list')
  const share = (circle: Map<string, number>) => (one: string, other: string) =>
    circle.has(one) && circle.get(one) === circle.get(other)
  return { areComposed: share(composed), areUnited: share(united), isCircular: (name) => eager.has(name) }
}

/**
 * Nodes of circles, by a number that those of one circle share (R. Tarjan, Depth-first search and linear graph algorithms,
 * 1972), with a stack of its own: a chain may be as long as a document.
 */
function strongComponents(nodes: readonly string[], next: (node: string) => string[]): Map<string, number> {
  const found = new Map<string, number>()
  const index = new Map<string, number>()
  const low = new Map<string, number>()
  const open: string[] = []
  const isOpen = new Set<string>()
  let circles = 0
  const enter = (node: string) => {
    index.set(node, index.size)
    low.set(node, index.get(node)!)
    open.push(node)
    isOpen.add(node)
    return { node, targets: next(node), at: 0 }
  }
  const leave = (node: string) => {
    if (low.get(node) !== index.get(node)) return
    const circle = open.splice(open.lastIndexOf(node))
    for (const each of circle) isOpen.delete(each)
    if (circle.length === 1 && !next(node).includes(node)) return
    circles += 1
    for (const each of circle) found.set(each, circles)
  }
  const lower = (node: string, to: number) => low.set(node, Math.min(low.get(node)!, to))
  for (const root of nodes) {
    const path = index.has(root) ? [] : [enter(root)]
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const target = top.targets[top.at++]
      if (target === undefined) {
        path.pop()
        leave(top.node)
        const parent = path.at(-1)
        if (parent !== undefined) lower(parent.node, low.get(top.node)!)
      } else if (!index.has(target)) path.push(enter(target))
      else if (isOpen.has(target)) lower(top.node, index.get(target)!)
    }
  }
  return found
}
