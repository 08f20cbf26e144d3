import { setMember } from '../json-object.ts'
import { nameOfReference } from '../references.ts'
import { escapeToken } from '../source/origins.ts'
import type { Contract, Json, JsonObject, Schema, SchemaObject } from '../types.ts'
import type { Validator } from '../validation/index.ts'

/** Values looked at, findings told, and items of one list: a sample need not be looked through to its end. */
const mostSteps = 20_000
const mostFindings = 50
const mostItems = 100
const mostDepth = 64

/** All that schemas say of the members of one object, and of the items of one list. */
interface Spoken {
  members: Record<string, Schema[]>
  /** One of them says itself what else may be there. */
  isOpen: boolean
  items: Schema[]
  prefixItems: Schema[][]
}

/**
 * Members of a value that no schema speaks of, as JSON pointers, each list's once. JSON Schema allows them; a contract that
 * does not name them does not tell of them either. Where a schema says what else may be there, nothing is undeclared. Of a
 * union those branches speak that the value fits, or all where it fits none.
 */
export function undeclaredIn(
  contract: Pick<Contract, 'schemas'>,
  validator: Pick<Validator, 'isValid'>,
  schema: Schema,
  value: Json,
): string[] {
  const found = new Map<string, string>()
  let steps = 0

  function look(schemas: readonly Schema[], at: Json, pointer: string, place: string, depth: number): void {
    steps += 1
    if (typeof at !== 'object' || at === null || depth > mostDepth) return
    if (steps > mostSteps || found.size >= mostFindings) return
    const spoken: Spoken = { members: {}, isOpen: false, items: [], prefixItems: [] }
    const seen = new Set<Schema>()
    for (const one of schemas) listen(one, at, spoken, seen)
    if (Array.isArray(at)) lookIntoList(spoken, at, pointer, place, depth)
    else lookIntoObject(spoken, at, pointer, place, depth)
  }

  function lookIntoObject(spoken: Spoken, at: JsonObject, pointer: string, place: string, depth: number) {
    const isSpokenOf = Object.keys(spoken.members).length > 0
    for (const [name, member] of Object.entries(at)) {
      const token = `/${escapeToken(name.slice(0, 200))}`
      if (Object.hasOwn(spoken.members, name))
        look(spoken.members[name]!, member, pointer + token, place + token, depth + 1)
      else if (isSpokenOf && !spoken.isOpen && found.size < mostFindings && !found.has(place + token))
        found.set(place + token, pointer + token)
    }
  }

  function lookIntoList(
    spoken: Spoken,
    list: readonly Json[],
    pointer: string,
    place: string,
    depth: number,
  ) {
    for (const [index, item] of list.slice(0, mostItems).entries())
      look(spoken.prefixItems[index] ?? spoken.items, item, `${pointer}/${index}`, `${place}/*`, depth + 1)
  }

  /** Gathers what a schema says, with all that stands for it or within it. */
  function listen(schema: Schema, at: Json, spoken: Spoken, seen: Set<Schema>): void {
    if (typeof schema === 'boolean' || seen.has(schema)) return
    seen.add(schema)
    const { properties = {}, items, prefixItems = [] } = schema
    for (const [name, member] of Object.entries(properties)) {
      const others = Object.hasOwn(spoken.members, name) ? spoken.members[name]! : []
      setMember(spoken.members, name, [...others, member])
    }
    if (saysWhatElse(schema)) spoken.isOpen = true
    if (items !== undefined) spoken.items.push(items)
    for (const [index, item] of prefixItems.entries()) (spoken.prefixItems[index] ??= []).push(item)
    for (const part of partsOf(schema, at)) listen(part, at, spoken, seen)
  }

  function partsOf(schema: SchemaObject, at: Json): Schema[] {
    const { $ref, allOf = [], if: condition, then, else: otherwise, dependentSchemas = {} } = schema
    const referred = $ref === undefined ? [] : [contract.schemas.get(nameOfReference($ref)) ?? true]
    const branches = [schema.oneOf ?? [], schema.anyOf ?? []].flatMap((all) => {
      const fitting = all.filter((branch) => validator.isValid(branch, at))
      return fitting.length > 0 ? fitting : all
    })
    const conditional = [condition, then, otherwise].filter((part) => part !== undefined)
    return [...referred, ...allOf, ...branches, ...conditional, ...Object.values(dependentSchemas)]
  }

  look([schema], value, '', '', 0)
  return [...found.values()]
}

function saysWhatElse(schema: SchemaObject): boolean {
  const { additionalProperties, unevaluatedProperties, patternProperties, propertyNames } = schema
  const said = additionalProperties ?? unevaluatedProperties ?? patternProperties ?? propertyNames
  return said !== undefined
}
