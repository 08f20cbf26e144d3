import type { Json, Schema } from '../../types.ts'
import { softDepth } from '../budget.ts'
import { canonical } from '../../json-equal.ts'
import { Impossible } from '../impossible.ts'
import type { Place } from '../place.ts'
import type { Run } from '../run.ts'
import { Node } from '../shape/node.ts'
import { rulesFor } from '../shape/shape.ts'
import type { Conjunct, Shape } from '../shape/types.ts'
import { withContained } from './contained.ts'
import type { Contained, MakeItem } from './contained.ts'
import type { Generate } from './generate.ts'

const mostRolls = 60

interface ArrayRules {
  least: number
  most: number
  isUnique: boolean
  /** As many items have one schema each. */
  tuple: number
  contains: Contained[]
  /** By index; beyond the tuple all are the same. */
  items: (Node | null)[]
}

/** A list of one to three items, if that is allowed. */
export function makeArray(
  run: Run,
  shape: Shape,
  place: Place,
  isMinimal: boolean,
  generate: Generate,
): Json | Impossible {
  const rules = rulesFor(shape, 'array', () => arrayRulesOf(run, shape))
  const least = Math.max(rules.least, run.overrides?.lengthWithin(place) ?? 0)
  if (least > rules.most) return new Impossible('no number of items is allowed', place, true)
  const makeItem: MakeItem = (index, besides, seen) =>
    itemAt(run, nodeAt(rules, index, besides), place.item(index), seen, generate)
  const list: Json[] = []
  const seen = new Set<string>()
  const length = lengthOf(run, rules, least, place, isMinimal)
  while (list.length < length) {
    const made = makeItem(list.length, [], seen)
    if (made instanceof Impossible && list.length < least) return made
    if (made instanceof Impossible) break
    list.push(made)
    if (rules.isUnique) seen.add(canonical(made))
  }
  return rules.contains.length === 0 ? list : withContained(run, rules, list, place, makeItem)
}

export function arrayRulesOf(run: Run, { conjuncts }: Shape): ArrayRules {
  const rules: ArrayRules = { least: 0, most: Infinity, isUnique: false, tuple: 0, contains: [], items: [] }
  for (const { schema } of conjuncts) {
    rules.least = Math.max(rules.least, schema.minItems ?? 0)
    rules.most = Math.min(rules.most, schema.maxItems ?? Infinity)
    rules.isUnique ||= schema.uniqueItems === true
    rules.tuple = Math.max(rules.tuple, schema.prefixItems?.length ?? 0)
    const { contains, minContains = 1, maxContains = Infinity } = schema
    if (contains !== undefined && (minContains > 0 || maxContains < Infinity))
      rules.contains.push({
        schema: contains,
        others: { not: contains },
        least: minContains,
        most: maxContains,
      })
  }
  for (let index = 0; index <= rules.tuple; index += 1) {
    const schemas = schemasAt(conjuncts, index)
    const only = schemas.length === 1 ? schemas[0]! : undefined
    rules.items.push(schemas.includes(false) ? null : only === undefined ? new Node(schemas) : run.node(only))
  }
  const end = rules.items.indexOf(null)
  if (end >= 0) rules.most = Math.min(rules.most, end)
  return rules
}

function schemasAt(conjuncts: Conjunct[], index: number): Schema[] {
  const schemas = new Set<Schema>()
  for (const [number, { schema, end }] of conjuncts.entries()) {
    const own = schema.prefixItems?.[index] ?? schema.items
    if (own !== undefined) schemas.add(own)
    const { unevaluatedItems: rest } = schema
    if (rest !== undefined && !conjuncts.slice(number, end).some((inner) => evaluates(inner, index)))
      schemas.add(rest)
  }
  schemas.delete(true)
  return [...schemas]
}

function evaluates({ schema }: Conjunct, index: number): boolean {
  return (
    schema.items !== undefined || index < (schema.prefixItems?.length ?? 0) || schema.contains !== undefined
  )
}

function lengthOf(run: Run, rules: ArrayRules, least: number, place: Place, isMinimal: boolean): number {
  if (isMinimal || run.budget.isLow || place.depth > softDepth) return least
  const item = rules.items.at(-1)
  if (item == null || isEndless(run, item, place)) return Math.max(least, Math.min(rules.tuple, rules.most))
  const likely = Math.max(rules.tuple, place.dice('length').whole(1, place.depth < 2 ? 3 : 2))
  return Math.min(rules.most, Math.max(least, likely))
}

function isEndless(run: Run, node: Node, place: Place): boolean {
  if (run.peek.traits(node).height === Infinity) return true
  return place.depth > 1 && node.schemas.some((schema) => run.peek.leadsBack(schema, place))
}

function itemAt(
  run: Run,
  node: Node,
  place: Place,
  seen: ReadonlySet<string>,
  generate: Generate,
): Json | Impossible {
  for (let roll = 0; roll < mostRolls && !run.budget.isSpent; roll += 1) {
    const made = generate(run, node, place.again(roll))
    if (made instanceof Impossible || seen.size === 0 || !seen.has(canonical(made))) return made
  }
  return new Impossible('no further item is different from the others', place)
}

function nodeAt({ items, tuple }: ArrayRules, index: number, besides: readonly Schema[]): Node {
  const own = items[Math.min(index, tuple)] ?? new Node([])
  return besides.length === 0 ? own : new Node([...own.schemas, ...besides])
}
