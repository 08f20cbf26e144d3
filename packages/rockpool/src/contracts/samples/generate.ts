import type { Json, SchemaType } from '../types.ts'
import { deepest } from './budget.ts'
import { canonical } from '../json-equal.ts'
import { Chooser } from './choose.ts'
import { examplesOf } from './examples.ts'
import { Impossible } from './impossible.ts'
import { makeArray } from './make/array.ts'
import { makeNumber } from './make/number.ts'
import { makeObject } from './make/object.ts'
import { makeString } from './make/string.ts'
import type { Place } from './place.ts'
import { isValid } from './run.ts'
import type { Run } from './run.ts'
import type { Node } from './shape/node.ts'
import { resolve } from './shape/resolve.ts'
import type { Shape } from './shape/types.ts'

/** A value for a place; valid as far as can be told without validation, or entirely so if the run is careful. */
export function generate(run: Run, node: Node, place: Place): Json | Impossible {
  const given = run.overrides?.valueAt(place)
  if (given !== undefined) return given
  if (!run.budget.take()) return new Impossible('too many values would have to be made', place)
  if (place.depth > deepest) return new Impossible('it would be nested too deep', place)
  if (run.peek.traits(node).height === Infinity)
    return new Impossible('no value that ends is allowed', place, true)
  // Which branch an example is of nobody can tell.
  const isAsked = run.pins !== null && run.pins.has(place.pointer)
  const example = place.roll === 0 && !isAsked ? examplesOf(run, node, place)[0] : undefined
  if (example !== undefined) return example
  return tryAll(run, node, place)
}

/** Every other attempt makes do with what is required. */
function tryAll(run: Run, node: Node, place: Place): Json | Impossible {
  let failed: Impossible | undefined
  let isFinal = true
  for (let attempt = 0; attempt < run.tries && !run.budget.isSpent; attempt += 1) {
    const chooser = new Chooser(run, place, attempt >> 1)
    const made = tryOnce(run, node, place, chooser, attempt % 2 === 1)
    if (!(made instanceof Impossible)) return made
    isFinal &&= made.isFinal
    // The most telling reason: one that was found furthest within.
    if (failed === undefined || (made.place?.depth ?? 0) > (failed.place?.depth ?? 0)) failed = made
    if (isFinal && chooser.roll > 0) break
  }
  return failed ?? new Impossible('too many values would have to be made', place)
}

function tryOnce(
  run: Run,
  node: Node,
  place: Place,
  chooser: Chooser,
  isMinimal: boolean,
): Json | Impossible {
  const shape = resolve(node, (point) => chooser.branch(point), run.names)
  if (shape instanceof Impossible) return new Impossible(shape.reason, place, true)
  if (chooser.misses) return new Impossible('it has no branch of the name that is asked for', place, true)
  if (run.pins?.has(place.pointer)) run.pinsMet.add(place.pointer)
  const type = chooser.type(shape)
  const here = place.again(chooser.roll)
  here.through = shape.names
  const before = run.budget.spent
  const made = shape.values === null ? make(run, shape, type, here, isMinimal) : listed(shape.values, here)
  if (made instanceof Impossible) return made
  if (isDenied(shape, made)) return new Impossible('the value that is likely is not allowed', place)
  // To validate it takes as much as there is in it.
  if (run.isCareful) run.budget.take(run.budget.spent - before)
  if (run.isCareful && !isValid(run, node, made)) return new Impossible('no valid value was found', place)
  return made
}

function make(run: Run, shape: Shape, type: SchemaType, place: Place, isMinimal: boolean): Json | Impossible {
  switch (type) {
    case 'null':
      return null
    case 'boolean':
      return place.dice('boolean').fraction() < 0.5
    case 'integer':
    case 'number':
      return makeNumber(shape, type, place)
    case 'string':
      return makeString(run, shape, place, generate)
    case 'array':
      return makeArray(run, shape, place, isMinimal, generate)
    case 'object':
      return makeObject(run, shape, place, isMinimal, generate)
  }
}

/** Items of a list go through the values in turn. */
function listed(values: Json[], place: Place): Json {
  const likely = values.some((value) => value !== null) ? values.filter((value) => value !== null) : values
  const [base, turn] = place.isItem ? [place.parent ?? place, Number(place.token)] : [place, 0]
  const index = base.dice('listed').whole(0, likely.length - 1) + turn + place.roll
  const choice = place.roll < likely.length ? likely : values
  return structuredClone(choice[index % choice.length]!)
}

function isDenied({ denied, deniedTypes }: Shape, value: Json): boolean {
  if (denied.size > 0 && denied.has(canonical(value))) return true
  return deniedTypes.has('integer') && Number.isInteger(value)
}
