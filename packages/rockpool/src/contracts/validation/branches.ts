import { isObject } from '../json-object.ts'
import type { SchemaObject, SchemaType } from '../types.ts'
import type { Tag } from './discriminator.ts'
import { wordsOfTypes } from './keywords/values.ts'
import type { Check, Run } from './run.ts'
import { showAll } from './show.ts'
import type { Violation } from './types.ts'

const mostOfBranch = 20
const mostBranches = 100

/**
 * Says why a value matches no branch of an `anyOf` or a `oneOf`: what the branch says that it fits best, rather than what
 * all of them do. Where a discriminator is to tell the branch and does not, that is what is wrong.
 * @returns false
 */
export function explainNoMatch(
  schema: SchemaObject,
  keyword: 'anyOf' | 'oneOf',
  branches: readonly Check[],
  tag: Tag | null,
  value: unknown,
  run: Run,
): false {
  if (tag !== null && isObject(value) && tag.branchOf(value) === undefined) {
    const rule = `must be one of ${showAll(tag.names)}: it says what the rest is`
    return run.fail(schema, 'discriminator', rule, { allowed: tag.names }, tag.property)
  }
  return run.add(run.once(branches, value, () => reasonsOf(schema, keyword, branches, value, run)))
}

function reasonsOf(
  schema: SchemaObject,
  keyword: 'anyOf' | 'oneOf',
  branches: readonly Check[],
  value: unknown,
  run: Run,
): Violation[] {
  const here = run.pointer()
  const reasons = branches.slice(0, mostBranches).map((branch) => run.explain(branch, value, mostOfBranch))
  const types = reasons.map((reason) => typesOf(reason, here))
  if (types.length > 0 && types.every((type) => type !== null)) {
    const all = [...new Set(types.flat())]
    return run.tell(schema, keyword, `must be ${wordsOfTypes(all)}`, { types: all })
  }
  const best = reasons.toSorted((a, b) => distance(a, here) - distance(b, here))[0]
  if (best !== undefined && best.length > 0) return best
  return run.tell(schema, keyword, 'must match one of the alternatives', {})
}

/** The types of a branch that would take another type; null: it has more to say. */
function typesOf(reason: readonly Violation[], here: string): SchemaType[] | null {
  const [first] = reason
  if (reason.length !== 1 || first?.keyword !== 'type' || first.pointer !== here) return null
  return [first.params['type']].flat() as SchemaType[]
}

/** How far a value is from a branch: far where it is of another kind, or where a member that tells has another value. */
function distance(reason: readonly Violation[], here: string): number {
  let sum = 0
  for (const { pointer, keyword } of reason) {
    const depth = pointer.slice(here.length).split('/').length - 1
    if (depth === 0 && keyword === 'type') sum += 10_000
    else if (depth < 2 && (keyword === 'const' || keyword === 'enum')) sum += 1000
    else sum += keyword === 'required' ? 20 : 10
    // The deeper, the more of it fits.
    sum -= Math.min(depth, 5)
  }
  return sum
}
