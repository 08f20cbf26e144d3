import { isReference, nameOfReference } from '../../references.ts'
import type { Schema, SchemaObject } from '../../types.ts'
import type { Details } from '../types.ts'
import { isEqual } from '../../json-equal.ts'
import { detailOf, isPlainlyEqual } from './equal.ts'
import { compareLevel } from './level.ts'
import { besideName, resolved, simplify } from './simplify.ts'
import type { At, Ground, Pair, SchemaFact, SchemaNode, Walker } from './types.ts'

/** Levels, and characters of a path: what lies deeper is only held against each other as a whole. */
const mostDepth = 250
const mostPath = 4_000

/** Walks two schemas at once, level by level, without recursion: documents may be deep. */
export class Walk implements Walker {
  readonly ground: Ground
  private readonly node: SchemaNode
  private readonly queue: Pair[] = []
  /** Pairs that a name on one side led to: what is recursive ends there. */
  private readonly seen = new Map<object, Set<object>>()

  constructor(ground: Ground, node: SchemaNode) {
    this.ground = ground
    this.node = node
  }

  run(before: Schema, after: Schema, at: At): void {
    this.visit(before, after, at)
    for (let pair = this.queue.pop(); pair !== undefined; pair = this.queue.pop()) compareLevel(this, pair)
  }

  tell(fact: string, at: At, details: Details, more: Partial<SchemaFact> = {}): void {
    const { path, isWhole, access, before, after } = at
    const short = Object.fromEntries(Object.entries(details).map(([name, value]) => [name, detailOf(value)]))
    this.node.facts.push({ fact, path, isWhole, access, details: short, before, after, ...more })
  }

  visit(before: Schema, after: Schema, at: At): void {
    if (at.depth > mostDepth || at.path.length > mostPath) {
      if (!isEqual(before, after)) this.tell('not-compared', at, {})
      return
    }
    const one = simplify(before, this.ground.simple)
    const other = simplify(after, this.ground.simple)
    const [a, b] = [one.schema, other.schema]
    if (isReference(a) && isReference(b)) {
      this.leave(a, b, at)
      if (one.isNull !== other.isNull)
        this.tell(one.isNull ? 'became-not-nullable' : 'became-nullable', at, {})
      return
    }
    const { ground } = this
    const from = resolved(ground.before, a, ground.resolved)
    const to = resolved(ground.after, b, ground.resolved)
    if ((isReference(a) || isReference(b)) && !this.isNew(from, to)) return
    if (from === false || to === false) {
      if (from !== to) this.tell(to === false ? 'became-impossible' : 'became-possible', at, {})
      return
    }
    if (
      typeof from === 'object' &&
      typeof to === 'object' &&
      one.isNull === other.isNull &&
      isPlainlyEqual(from, to)
    )
      return
    this.push(from, to, at, one.isNull, other.isNull)
  }

  /** To the pair of their names, which is told for itself. */
  private leave(
    before: SchemaObject & { $ref: string },
    after: SchemaObject & { $ref: string },
    at: At,
  ): void {
    const node = this.ground.nodeOf(nameOfReference(before.$ref), nameOfReference(after.$ref))
    if (node === null) this.tell('not-compared', at, {})
    else this.node.edges.push({ node, path: at.path, isWhole: at.isWhole, access: at.access })
    const [one, other] = [besideName(before), besideName(after)]
    if (one !== null || other !== null) this.push(one ?? {}, other ?? {}, at, false, false)
  }

  private push(a: Schema, b: Schema, at: At, isNullBefore: boolean, isNullAfter: boolean): void {
    const [before, after] = [typeof a === 'boolean' ? {} : a, typeof b === 'boolean' ? {} : b]
    this.queue.push({ before, after, isNullBefore, isNullAfter, at: { ...at, depth: at.depth + 1 } })
  }

  private isNew(a: Schema, b: Schema): boolean {
    if (typeof a !== 'object' || typeof b !== 'object') return true
    const seen = this.seen.get(a)
    if (seen === undefined) this.seen.set(a, new Set([b]))
    else if (seen.has(b)) return false
    else seen.add(b)
    return true
  }
}
