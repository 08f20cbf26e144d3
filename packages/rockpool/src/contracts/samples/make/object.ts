import { setMember } from '../../json-object.ts'
import type { Json, JsonObject } from '../../types.ts'
import { softDepth } from '../budget.ts'
import { Impossible } from '../impossible.ts'
import type { Place } from '../place.ts'
import { isValid } from '../run.ts'
import type { Run } from '../run.ts'
import type { Node } from '../shape/node.ts'
import { rulesFor } from '../shape/shape.ts'
import type { Shape } from '../shape/types.ts'
import { extraNames } from './extra-names.ts'
import type { Generate } from './generate.ts'
import { objectRulesOf } from './members.ts'
import type { ObjectRules } from './members.ts'

/** An object with what is required, and unless it is to be minimal with all that is optional, too. */
export function makeObject(
  run: Run,
  shape: Shape,
  place: Place,
  isMinimal: boolean,
  generate: Generate,
): Json | Impossible {
  const rules = rulesFor(shape, 'object', () => objectRulesOf(run, shape))
  const members = membersOf(run, rules, place, isMinimal)
  if (members instanceof Impossible) return members
  const object: JsonObject = {}
  let count = 0
  const add = (name: string, node: Node): Impossible | undefined => {
    const made = generate(run, node, place.member(name))
    if (made instanceof Impossible) return made
    setMember(object, name, made)
    count += 1
    return undefined
  }
  for (const { name, node, isNeeded } of members) {
    const failed = add(name, node)
    if (failed !== undefined && isNeeded) return failed
  }
  const wanted = Math.min(rules.most, Math.max(rules.least, isRoomy(run, rules, place, isMinimal) ? 2 : 0))
  if (count < wanted)
    for (const name of extraNames(run, rules, place, object, generate)) {
      if (count >= wanted) break
      const node = rules.member(name)
      if (node !== null) add(name, node)
    }
  return count < rules.least ? new Impossible('not enough members are allowed', place) : object
}

interface Member {
  name: string
  node: Node
  isNeeded: boolean
}

/** The members to make, in the order of the schema. */
function membersOf(run: Run, rules: ObjectRules, place: Place, isMinimal: boolean): Member[] | Impossible {
  const set = run.overrides?.namesWithin(place) ?? []
  const needed = withDependents(rules, new Set([...requiredNow(run, rules), ...set]))
  for (const name of needed)
    if (!isAllowed(run, rules, name))
      return new Impossible(`${name} is required, and not allowed`, place, true)
  if (needed.size > rules.most)
    return new Impossible('more members are required than are allowed', place, true)
  const names = isMinimal ? needed : withOptional(run, rules, place, needed)
  const order = set.length === 0 ? rules.names : new Set([...rules.names, ...set])
  const members: Member[] = []
  for (const name of order)
    if (names.has(name)) members.push({ name, node: rules.member(name)!, isNeeded: needed.has(name) })
  return members
}

function requiredNow(run: Run, rules: ObjectRules): string[] {
  if (run.keepsHidden) return [...rules.required]
  return [...rules.required].filter((name) => {
    const node = rules.member(name)
    if (node === null || !isHidden(run, node)) return true
    run.hasHidden = true
    return false
  })
}

function withOptional(run: Run, rules: ObjectRules, place: Place, needed: Set<string>): Set<string> {
  const names = new Set(needed)
  for (const name of rules.names) {
    if (names.has(name) || !isWanted(run, rules, name, place)) continue
    const more = withDependents(rules, new Set([name]))
    for (const other of more) if (names.has(other)) more.delete(other)
    if (names.size + more.size > rules.most) continue
    const isFit = more.size === 1 || [...more].every((other) => isAllowed(run, rules, other))
    if (isFit) for (const other of more) names.add(other)
  }
  return names
}

function isHidden(run: Run, node: Node): boolean {
  const { isReadOnly, isWriteOnly } = run.peek.traits(node)
  return run.direction === 'request' ? isReadOnly : isWriteOnly
}

function isAllowed(run: Run, rules: ObjectRules, name: string): boolean {
  return rules.member(name) !== null && (rules.name === null || isValid(run, rules.name, name))
}

/** An optional member is made if it is allowed, goes in this direction, ends, and does not go too deep. */
function isWanted(run: Run, rules: ObjectRules, name: string, place: Place): boolean {
  const node = rules.member(name)
  if (node === null || run.budget.isLow || isHidden(run, node)) return false
  if (rules.name !== null && !isValid(run, rules.name, name)) return false
  const { height, isComposite } = run.peek.traits(node)
  if (height === Infinity) return false
  if (!isComposite) return true
  if (place.depth >= softDepth) return false
  return place.depth < 2 || !node.schemas.some((schema) => run.peek.leadsBack(schema, place))
}

/** With a member come others, and with those others again. A set that is added to is walked to its new end. */
function withDependents({ dependents }: ObjectRules, names: Set<string>): Set<string> {
  if (dependents.size === 0) return names
  for (const name of names) for (const other of dependents.get(name) ?? []) names.add(other)
  return names
}

function isRoomy(run: Run, { isMap }: ObjectRules, place: Place, isMinimal: boolean): boolean {
  return isMap && !isMinimal && !run.budget.isLow && place.depth < softDepth
}
