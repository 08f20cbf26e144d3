import { isObject, member, setMember } from '../../json-object.ts'
import { follow, isReference, nameOfReference } from '../../references.ts'
import type { Contract, Json, Schema } from '../../types.ts'
import type { Validator } from '../../validation/index.ts'
import { schemasOfMembers } from '../resources.ts'
import { idFor, idIn, isThing, saidBy } from './said.ts'
import type { Said } from './said.ts'
import type { Followed } from './types.ts'

/** Gives a body that was made what the request and the answer before it said. */
export type Follower = (schema: Schema, made: Json, followed: Followed) => Json

/** A value at a place of the body. */
interface Wish {
  path: readonly string[]
  value: Json
}

const mostWishes = 100
const deepest = 6
/** Members that hold what a message is about. */
const around: ReadonlySet<string> = new Set(['data', 'payload'])

/**
 * A body says of what it is about what its receiver knows: the same schema with a name holds the same value, `jobId` the id of
 * the job that was answered, and a member what the answer, or else the request, has by the same name. Whatever would make the
 * body invalid stays as it was made. Pure: the same gives the same.
 */
export function createFollower(contract: Contract, validator: Validator): Follower {
  return (schema, made, followed) => {
    const said = saidBy(contract, followed)
    const wishes = wishesFor({ contract, said }, schema, made, [], true).slice(0, mostWishes)
    const all = withWishes(made, wishes)
    if (validator.isValid(schema, all)) return all
    let kept = made
    for (const wish of wishes) {
      const next = withWishes(kept, [wish])
      if (validator.isValid(schema, next)) kept = next
    }
    return kept
  }
}

interface Ground {
  contract: Contract
  said: Said
}

/** @param isAbout it holds what the message is about: its members may have what was said */
function wishesFor(
  ground: Ground,
  schema: Schema,
  made: Json,
  path: readonly string[],
  isAbout: boolean,
): Wish[] {
  const { contract, said } = ground
  const same = isReference(schema) ? said.components.get(nameOfReference(schema.$ref)) : undefined
  if (same !== undefined) return [{ path, value: same }]
  if (!isObject(made) || path.length >= deepest) return []
  // What was left out may belong to another branch, or to no request.
  const members = [...schemasOfMembers(contract, schema)].filter(([name]) => Object.hasOwn(made, name))
  const wishes = members.flatMap(([name, of]): Wish[] => {
    const at = [...path, name]
    const id = idFor(said, name)
    if (id !== undefined) return [{ path: at, value: asSaid(contract, of, id) }]
    return wishesFor(ground, of, made[name]!, at, around.has(name) || isThing(said, name))
  })
  if (!isAbout) return wishes
  // A message that names what it is about elsewhere has an id of its own.
  const isNamed =
    said.id !== undefined && wishes.some(({ value }) => value === said.id || idIn(value) === said.id)
  const byName = members.flatMap(([name]): Wish[] => {
    const value = member(said.members, name)
    const isKnown = wishes.some(
      (wish) => wish.path[path.length] === name && wish.path.length === path.length + 1,
    )
    if (value === undefined || isKnown || (name === 'id' && isNamed)) return []
    return [{ path: [...path, name], value }]
  })
  return [...wishes, ...byName]
}

/** An id of the path is a text, whatever the contract has it for. */
function asSaid(contract: Contract, schema: Schema, id: Json): Json {
  const at = follow(contract, schema)
  const isNumber =
    typeof at === 'object' && [at.type].flat().some((type) => type === 'integer' || type === 'number')
  return isNumber && typeof id === 'string' && String(Number(id)) === id ? Number(id) : id
}

function withWishes(made: Json, wishes: readonly Wish[]): Json {
  let result = structuredClone(made)
  for (const { path, value } of wishes) {
    const name = path.at(-1)
    if (name === undefined) result = value
    else {
      const within = path
        .slice(0, -1)
        .reduce<Json | undefined>((at, one) => (isObject(at) ? member(at, one) : undefined), result)
      if (isObject(within)) setMember(within, name, value)
    }
  }
  return result
}
