import type { Schema, SchemaObject } from '../../types.ts'
import { labelOf, likeness, pairUp, tokenOf } from './branches.ts'
import { valuesByName } from './discriminators.ts'
import { isAnything, kindsOf, relationOf, scalarOf } from './kinds.ts'
import { simplify, unionKeyword } from './simplify.ts'
import { follow, isReference, nameOfReference, refusesOnlyBy } from '../../references.ts'
import type { At, Pair, Walker } from './types.ts'

type Keyword = 'oneOf' | 'anyOf'
const factOf: Record<Keyword, string> = { oneOf: 'one-of', anyOf: 'any-of' }

/** Compares what `oneOf` and `anyOf` list. True: what is told is all there is to tell of how the two kinds differ. */
export function compareUnions(walker: Walker, pair: Pair): boolean {
  const { before, after } = pair
  const [from, to] = [unionKeyword(before), unionKeyword(after)]
  if (from !== null && to !== null) return compareBranches(walker, pair, from, to)
  if (from === null && to === null) {
    for (const keyword of ['oneOf', 'anyOf'] as const)
      if (before[keyword] !== undefined && after[keyword] !== undefined)
        compareBranches(walker, pair, keyword, keyword)
    return false
  }
  if (to !== null) return becameUnion(walker, pair, to)
  return from === null ? false : becameOne(walker, pair, from)
}

function compareBranches(walker: Walker, pair: Pair, from: Keyword, to: Keyword): boolean {
  const { before, after, at } = pair
  const [names, namesAfter] = [valuesByName(before), valuesByName(after)]
  const { pairs, gone, added } = pairUp(
    walker.ground,
    before[from] ?? [],
    after[to] ?? [],
    (schema, isAfter) => {
      const name = typeof schema === 'object' && isReference(schema) ? nameOfReference(schema.$ref) : null
      return name === null ? [] : ((isAfter ? namesAfter : names).get(name) ?? [])
    },
  )
  for (const [one, other] of pairs) walker.visit(one, other, branchAt(at, one, other))
  for (const branch of gone) tellGone(walker, at, from, branch)
  for (const branch of added) tellAdded(walker, at, to, branch)
  return false
}

function branchAt(at: At, one: Schema, other: Schema): At {
  return {
    ...at,
    path: `${at.path}/${tokenOf(one)}`,
    before: typeof one === 'object' ? { at: one } : at.before,
    after: typeof other === 'object' ? { at: other } : at.after,
  }
}

function tellGone(walker: Walker, at: At, keyword: Keyword, branch: Schema, only?: 'part'): void {
  const spots = typeof branch === 'object' ? { before: { at: branch } } : {}
  walker.tell(
    `${factOf[keyword]}-removed`,
    at,
    { before: labelOf(branch) },
    { ...spots, ...(only && { only }) },
  )
}

function tellAdded(walker: Walker, at: At, keyword: Keyword, branch: Schema, only?: 'part'): void {
  const spots = typeof branch === 'object' ? { after: { at: branch } } : {}
  walker.tell(`${factOf[keyword]}-added`, at, { after: labelOf(branch) }, { ...spots, ...(only && { only }) })
}

/** There was one schema, and now there are several. */
function becameUnion(walker: Walker, pair: Pair, to: Keyword): boolean {
  const { before, after, at } = pair
  const branches = after[to] ?? []
  // Whatever else is said, it must be one of these as well.
  if (!refusesOnlyBy(after, 'oneOf', 'anyOf', 'discriminator')) {
    walker.tell(`${factOf[to]}-imposed`, at, { after: branches.map(labelOf) }, spotsOf(pair))
    return false
  }
  if (isAnything(before)) {
    walker.tell('type-specialized', at, { before: 'anything', after: branches.map(labelOf) }, spotsOf(pair))
    return true
  }
  if (tellScalars(walker, pair, [before], branches)) return true
  const same = likest(walker, before, branches)
  // Of an object, as a body, what was always there may be missing now, whatever the branches are.
  const isLoose = to === 'oneOf' && kindsOf(before)?.has('object') === true
  if (same === undefined || isLoose) {
    const only = same === undefined ? {} : ({ only: 'whole' } as const)
    walker.tell('wrapped-in-one-of', at, { after: branches.map(labelOf) }, { ...spotsOf(pair), ...only })
  }
  if (same === undefined) return true
  walker.visit(before, same, { ...at, after: typeof same === 'object' ? { at: same } : at.after })
  for (const branch of branches)
    if (branch !== same) tellAdded(walker, at, to, branch, isLoose ? 'part' : undefined)
  return true
}

/** There were several, and now there is one schema. */
function becameOne(walker: Walker, pair: Pair, from: Keyword): boolean {
  const { before, after, at } = pair
  const branches = before[from] ?? []
  if (!refusesOnlyBy(before, 'oneOf', 'anyOf', 'discriminator')) {
    walker.tell(`${factOf[from]}-lifted`, at, { before: branches.map(labelOf) }, spotsOf(pair))
    return false
  }
  if (isAnything(after)) {
    walker.tell('type-generalized', at, { before: branches.map(labelOf), after: 'anything' }, spotsOf(pair))
    return true
  }
  if (tellScalars(walker, pair, branches, [after])) return true
  const same = likest(walker, after, branches)
  if (same === undefined) {
    const details = { before: branches.map(labelOf), after: labelOf(after) }
    walker.tell('type-changed', at, details, spotsOf(pair))
    return true
  }
  walker.visit(same, after, { ...at, before: typeof same === 'object' ? { at: same } : at.before })
  for (const branch of branches) if (branch !== same) tellGone(walker, at, from, branch)
  return true
}

/** Of plain types alone, written as a list: `string`, or `string` and `integer`. */
function tellScalars(walker: Walker, pair: Pair, before: Schema[], after: Schema[]): boolean {
  const [ones, others] = [scalars(before), scalars(after)]
  if (ones === null || others === null) return false
  const relation = relationOf(kindsOfAll(before), kindsOfAll(after))
  const details = { before: ones, after: others }
  if (relation === 'wider') walker.tell('list-of-types-widened', pair.at, details, spotsOf(pair))
  else if (relation === 'narrower') walker.tell('list-of-types-narrowed', pair.at, details, spotsOf(pair))
  else if (relation === 'other') walker.tell('type-changed', pair.at, details, spotsOf(pair))
  return true
}

function scalars(schemas: Schema[]): string[] | null {
  const all = schemas.map((schema) => (typeof schema === 'object' ? scalarOf(schema) : null))
  return all.every((each) => each !== null) ? all.toSorted() : null
}

function kindsOfAll(schemas: Schema[]) {
  return new Set(schemas.flatMap((schema) => [...((typeof schema === 'object' && kindsOf(schema)) || [])]))
}

/** The branch that is this schema, or what became of it; undefined: none is. */
function likest({ ground }: Walker, schema: SchemaObject, branches: Schema[]): Schema | undefined {
  let best: Schema | undefined
  let score = 0.5
  for (const branch of branches) {
    const { schema: plain } = simplify(branch, ground.simple)
    for (const contract of isReference(plain) ? [ground.before, ground.after] : [ground.after]) {
      const now = likeness(schema, follow(contract, plain))
      if (now < score || (now === score && best !== undefined)) continue
      best = branch
      score = now
    }
  }
  return best
}

function spotsOf({ before, after }: Pair) {
  const spot = (schema: SchemaObject) => {
    const member = unionKeyword(schema)
    return member === null ? { at: schema } : { at: schema, member }
  }
  return { before: spot(before), after: spot(after) }
}
