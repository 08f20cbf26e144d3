import { follow } from '../references.ts'
import { escapeToken, unescapeToken } from '../source/origins.ts'
import type { Contract, Schema, SchemaObject } from '../types.ts'

/** A step down into a value: how it is called where no value may be told, and what the contract says of what is there. */
export interface Descent {
  /** The member's name where the contract or the shape of the name tells that it is one, else `*`. */
  token: string
  schemas: Schema[]
  /** Members alone: the contract says that there may be one of this name. */
  isDeclared: boolean
}

const mostParts = 1_000

/** A schema with all that says something beside it: what its references lead to, `allOf`, and every branch. */
function partsOf(contract: Contract, schemas: readonly Schema[]): SchemaObject[] {
  const parts = new Set<SchemaObject>()
  const open = [...schemas]
  for (let at = open.pop(); at !== undefined && parts.size < mostParts; at = open.pop()) {
    const part = follow(contract, at)
    if (typeof part !== 'object' || parts.has(part)) continue
    parts.add(part)
    const { $ref, allOf = [], anyOf = [], oneOf = [], then, else: otherwise } = part
    open.push(...allOf, ...anyOf, ...oneOf)
    if ($ref !== undefined) open.push({ $ref })
    for (const branch of [then, otherwise]) if (branch !== undefined) open.push(branch)
  }
  return [...parts]
}

/** Into a member of an object. Names that are data, as those of a map are, are not told. */
export function intoMember(contract: Contract, schemas: readonly Schema[], name: string): Descent {
  const parts = partsOf(contract, schemas)
  const declared = parts.flatMap(({ properties = {} }) =>
    Object.hasOwn(properties, name) ? [properties[name]!] : [],
  )
  if (declared.length > 0) return { token: name, schemas: declared, isDeclared: true }
  const ofEntries = parts.flatMap(({ additionalProperties, patternProperties = {} }) => [
    ...(typeof additionalProperties === 'object' ? [additionalProperties] : []),
    ...Object.values(patternProperties),
  ])
  const isMap = ofEntries.length > 0 || parts.every(({ properties }) => properties === undefined)
  if (isMap) return { token: '*', schemas: ofEntries, isDeclared: true }
  return { token: /^[A-Za-z_][A-Za-z_-]{0,60}$/.test(name) ? name : '*', schemas: [], isDeclared: false }
}

export function intoItem(contract: Contract, schemas: readonly Schema[]): Descent {
  const items = partsOf(contract, schemas).flatMap(({ items: rest, prefixItems = [] }) => [
    ...prefixItems,
    ...(rest === undefined ? [] : [rest]),
  ])
  return { token: '*', schemas: items, isDeclared: true }
}

/** A pointer into a value with `*` for the number of an item, and for a name that is data. */
export function placeOf(contract: Contract, schema: Schema, value: unknown, pointer: string): string {
  let [schemas, at, place]: [Schema[], unknown, string] = [[schema], value, '']
  for (const token of pointer.split('/').slice(1).map(unescapeToken)) {
    const down = Array.isArray(at) ? intoItem(contract, schemas) : intoMember(contract, schemas, token)
    at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[token] : undefined
    schemas = down.schemas
    place += `/${escapeToken(down.token)}`
  }
  return place
}
