import { isObject, member } from '../json-object.ts'
import type { Expansion, Union } from './expand.ts'
import { jsonType } from './json-type.ts'

/**
 * The branches of a union that a value is meant for: by its discriminator, else those that it fits best. It is not validated:
 * where several fit alike, it counts for each of them.
 * @param expansionOf what a branch says
 * @returns their indices; none: it fits none
 */
export function branchesOf(
  union: Union,
  value: unknown,
  expansionOf: (index: number) => Expansion,
): number[] {
  const told = toldBranch(union, value)
  if (told !== undefined) return [told]
  if (union.isOfHeirs) return []
  let best: number[] = []
  let score = -1
  for (let index = 0; index < union.branches.length; index += 1) {
    const now = fit(value, expansionOf(index))
    if (now < score || now < 0) continue
    if (now > score) best = []
    score = now
    best.push(index)
  }
  return best
}

function toldBranch({ discriminator }: Union, value: unknown): number | undefined {
  if (discriminator === null || !isObject(value)) return undefined
  const kind = member(value, discriminator.property)
  return typeof kind === 'string' ? discriminator.values.get(kind) : undefined
}

/** How many members it knows, of all; below zero: it is something else. */
function fit(value: unknown, { kinds, properties, required, unions }: Expansion): number {
  const type = jsonType(value)
  if (kinds !== null && !kinds.has(type) && !(type === 'integer' && kinds.has('number'))) return -1
  if (!isObject(value)) return 0
  for (const name of required) if (!Object.hasOwn(value, name)) return -1
  // What is a union itself may know all of them.
  if (unions.length > 0 && properties.size === 0) return 0
  let known = 0
  let all = 0
  for (const name in value) {
    if (!Object.hasOwn(value, name) || ++all > 200) continue
    const entries = properties.get(name)
    if (entries === undefined) continue
    known += 1
    const said = value[name]
    for (const { schema } of entries)
      if (typeof schema === 'object' && isOther(schema.const ?? schema.enum, said)) return -1
  }
  return all === 0 ? 0 : known / all
}

function isOther(allowed: unknown, said: unknown): boolean {
  if (allowed === undefined || typeof said === 'object') return false
  return Array.isArray(allowed) ? allowed.length > 0 && !allowed.includes(said) : allowed !== said
}
