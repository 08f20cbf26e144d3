import { isReference } from '../references.ts'
import type { Schema } from '../types.ts'
import { Impossible } from './impossible.ts'
import { arrayRulesOf } from './make/array.ts'
import { extraNames } from './make/extra-names.ts'
import { objectRulesOf } from './make/members.ts'
import { Place } from './place.ts'
import type { Run } from './run.ts'
import { gather } from './shape/gather.ts'
import type { Node } from './shape/node.ts'
import { openBranches } from './shape/resolve.ts'
import { rulesFor } from './shape/shape.ts'
import type { ChoicePoint, Shape, Step } from './shape/types.ts'
import type { Union } from './types.ts'

/** Deeper than this no union is looked for. */
const deepest = 12
const mostNodes = 20_000
/** Ways through the choices of one node; further ones are not gone. */
const mostWays = 500

/** Where something stands, and what was taken to get there. */
interface Spot {
  node: Node
  place: Place
  within: Readonly<Record<string, readonly string[]>>
}

/**
 * The unions that values of a schema may meet, those further out first, each once: where its shortest way leads. What
 * never ends, or does not go in the run's direction, is left out.
 */
export function* unionsOf(run: Run, schema: Schema): Generator<Union> {
  const seen = new Set<unknown>()
  const open: Spot[] = [{ node: run.node(schema), place: Place.root('', ''), within: {} }]
  for (let count = 0; count < open.length && count < mostNodes; count += 1) {
    const spot = open[count]!
    const key = keyOf(run, spot.node)
    if (seen.has(key)) continue
    seen.add(key)
    for (const { point, taken, shape } of waysThrough(run, spot.node)) {
      if (point !== undefined) yield unionAt(run, spot, point, taken)
      if (shape === undefined || spot.place.depth >= deepest) continue
      const { pointer } = spot.place
      const within = taken.length === 0 ? spot.within : { ...spot.within, [pointer]: taken }
      for (const next of insideOf(run, shape, spot.place)) open.push({ ...next, within })
    }
  }
}

/** The same for what the same schema stands behind: a chain of references is what it leads to. */
function keyOf(run: Run, { schemas }: Node): unknown {
  const [only] = schemas
  if (only === undefined || schemas.length > 1) return schemas
  let at: Schema = only
  const names = new Set<string>()
  while (isReference(at) && !names.has(at.$ref)) {
    names.add(at.$ref)
    at = run.names.target(at.$ref)
  }
  return at
}

interface Way {
  /** A choice that is met, before a branch of it is taken. */
  point?: ChoicePoint
  /** What was taken so far. */
  taken: readonly string[]
  /** Where it ends. */
  shape?: Shape
}

/** Each branch of each choice is taken once, with the first branches of the others that stand beside it. */
function* waysThrough(run: Run, node: Node): Generator<Way> {
  const expanded = new Set<unknown>()
  const lookAt = (picks: readonly number[]): Step => gather(node.schemas, picks, run.names)
  const ways: { picks: number[]; taken: string[]; step: Step }[] = [
    { picks: [], taken: [], step: (node.start ??= lookAt([])) },
  ]
  for (let count = 0; count < ways.length && count < mostWays; count += 1) {
    const { picks, taken, step } = ways[count]!
    if (step instanceof Impossible) continue
    if (step.kind === 'shape') {
      yield { taken, shape: step }
      continue
    }
    step.open ??= openBranches(step, (pick) => lookAt([...picks, pick]))
    const isKnown = expanded.has(pointKeyOf(step))
    if (!isKnown && isUnion(step)) yield { point: step, taken }
    expanded.add(pointKeyOf(step))
    for (const pick of isKnown ? step.open.slice(0, 1) : step.open) {
      const label = labelOf(step, pick)
      ways.push({
        picks: [...picks, pick],
        taken: label === undefined ? taken : [...taken, label],
        step: (step.next[pick] ??= lookAt([...picks, pick])),
      })
    }
  }
}

/** The same one, when it is met again behind another branch of another one. */
function pointKeyOf({ keyword, branches }: ChoicePoint): unknown {
  const schemas = branches.flatMap(({ schemas, denied }) => [...schemas, ...denied])
  return schemas.find((schema) => typeof schema === 'object') ?? keyword
}

const isUnion = ({ keyword }: ChoicePoint) => keyword !== 'if' && keyword !== 'dependentSchemas'

/** The first of its names that no other branch has. Undefined: it has no name. */
function labelOf({ branches }: ChoicePoint, pick: number): string | undefined {
  const others = branches.filter((_, index) => index !== pick)
  return branches[pick]!.labels.find((label) => others.every(({ labels }) => !labels.includes(label)))
}

function unionAt(run: Run, { place, within }: Spot, point: ChoicePoint, taken: readonly string[]): Union {
  const { pointer } = place
  const branches = point.open!.flatMap((pick) => {
    const { schemas, labels } = point.branches[pick]!
    const label = labelOf(point, pick)
    const ends = schemas.every((schema) => run.heights.of(schema) < Infinity)
    return label === undefined || !ends ? [] : [{ name: label, labels, path: [...taken, label] }]
  })
  return { pointer, within, branches }
}

/** Members and items, as far as they end and go in this direction. */
function* insideOf(run: Run, shape: Shape, place: Place): Generator<Pick<Spot, 'node' | 'place'>> {
  if (shape.values !== null) return
  const fits = (node: Node | null | undefined): node is Node => {
    if (!node || node.schemas.every((schema) => typeof schema === 'boolean')) return false
    const { height, isReadOnly, isWriteOnly } = run.peek.traits(node)
    return height < Infinity && !(run.direction === 'request' ? isReadOnly : isWriteOnly)
  }
  if (shape.types.includes('object')) {
    const rules = rulesFor(shape, 'object', () => objectRulesOf(run, shape))
    for (const name of [...rules.names, ...anotherName(run, rules, place)]) {
      const node = rules.member(name)
      if (fits(node)) yield { node, place: place.member(name) }
    }
  }
  if (!shape.types.includes('array')) return
  const { items, most } = rulesFor(shape, 'array', () => arrayRulesOf(run, shape))
  for (const [index, node] of items.entries())
    if (index < most && fits(node)) yield { node, place: place.item(index) }
}

/** One that is not declared, such as a map has. */
function anotherName(run: Run, rules: ReturnType<typeof objectRulesOf>, place: Place): string[] {
  const declared = Object.fromEntries([...rules.names].map((name) => [name, null]))
  const never = () => new Impossible('nothing is made here', place)
  const { value } = extraNames(run, rules, place, declared, never).next()
  return typeof value === 'string' ? [value] : []
}
