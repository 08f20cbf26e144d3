import { isAnnotation, nameOfReference } from '../../references.ts'
import { setMember } from '../../json-object.ts'
import { standsWhere } from '../../source/origins.ts'
import type { Contract, Schema, SchemaObject } from '../../types.ts'
import { isEqual } from '../../json-equal.ts'
import { glance } from './equal.ts'

const mostMembers = 200

/** What a list of schemas that all hold comes to, as one schema; null: one schema does not say it. */
export function mergeAllOf(
  schema: SchemaObject,
  contract: Contract,
  memo: WeakMap<object, SchemaObject | null>,
): SchemaObject | null {
  const known = memo.get(schema)
  if (known !== undefined) return known
  const members = membersOf(schema, contract)
  const merged = members === null ? null : mergeAll(members, schema)
  memo.set(schema, merged)
  return merged
}

/** The schema without its list, and all that is listed, names followed; null: too many, or a circle. */
function membersOf(schema: SchemaObject, contract: Contract): SchemaObject[] | null {
  const members: SchemaObject[] = []
  const names = new Set<string>()
  const queue: Schema[] = [schema]
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    if (at === true) continue
    if (at === false || members.length >= mostMembers) return null
    const { $ref, allOf = [], ...rest } = at
    if ($ref !== undefined) {
      const name = nameOfReference($ref)
      if (names.has(name)) continue
      names.add(name)
      queue.push(contract.schemas.get(name) ?? true)
    }
    queue.push(...allOf.slice(0, mostMembers))
    members.push(standsWhere(rest, at))
  }
  return members
}

function mergeAll(members: SchemaObject[], source: SchemaObject): SchemaObject | null {
  const merged: Record<string, unknown> = {}
  for (const each of members)
    for (const [keyword, value] of Object.entries(each)) {
      const both = Object.hasOwn(merged, keyword) ? mergeKeyword(keyword, merged[keyword], value) : value
      if (both === undefined) return null
      setMember(merged, keyword, both)
    }
  return standsWhere(merged as SchemaObject, source)
}

/** What two schemas that both hold say by one keyword; undefined: nothing that one keyword says. */
function mergeKeyword(keyword: string, a: unknown, b: unknown): unknown {
  // The outer one is about this very place.
  if (isAnnotation(keyword) || isEqual(a, b, glance)) return a
  if (keyword === 'required') return [...new Set([...(a as string[]), ...(b as string[])])]
  if (keyword === 'properties')
    return mergeProperties(a as Record<string, Schema>, b as Record<string, Schema>)
  if (/^(?:exclusiveMin|min)/.test(keyword)) return Math.max(a as number, b as number)
  if (/^(?:exclusiveMax|max)/.test(keyword)) return Math.min(a as number, b as number)
}

function mergeProperties(a: Record<string, Schema>, b: Record<string, Schema>): Record<string, Schema> {
  const both: Record<string, Schema> = { ...a }
  for (const [name, schema] of Object.entries(b)) {
    const other = Object.hasOwn(a, name) ? a[name] : undefined
    setMember(
      both,
      name,
      other === undefined || isEqual(other, schema, glance) ? schema : { allOf: [other, schema] },
    )
  }
  return both
}
