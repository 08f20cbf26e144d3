import { isObject } from '../../json-object.ts'
import { originOf, unescapeToken } from '../../source/origins.ts'
import type { JsonObject } from '../../types.ts'
import { around } from '../evidence.ts'
import { expand } from '../expand.ts'
import type { Expansion, Holder } from '../expand.ts'
import type { Addition } from '../patch/types.ts'
import { valueAt } from '../patch/settle.ts'
import type { Contract } from '../../types.ts'
import type { UsageRow } from '../types.ts'
import type { Generation, SourceDocuments } from '../patch/documents.ts'
import { byThing, countsOf, passiveOf } from './group.ts'
import type { Resolver } from './resolve.ts'
import type { Draft } from './types.ts'

export interface Ground {
  contract: Contract
  resolver: Resolver
  documents: SourceDocuments
  rows: readonly UsageRow[]
}

/** Members that were seen, and that no schema tells. */
export function fieldDrift({ contract, resolver, documents, rows }: Ground): Draft[] {
  const groups = byThing(rows.filter(({ kind }) => kind === 'undeclared'))
  const types = new Map<string, string[]>()
  for (const group of groups) types.set(keyOf(group[0]!), typesOf(group))
  return groups.flatMap((group): Draft[] => {
    const [{ operation, place }] = group as [UsageRow]
    if (place.endsWith('/[]')) return []
    const object = resolver.at(operation, around(place))
    const name = unescapeToken(place.slice(place.lastIndexOf('/') + 1))
    if (object === null || isTold(contract, object, name) || object.holder === null) return []
    const [own, items] = [typesOf(group), types.get(keyOf(group[0]!, '/[]')) ?? []]
    const draft: Draft['finding'] = {
      kind: 'undocumented field',
      level: 'warning',
      message: `${name} is ${passiveOf(group)} (${own.join(' or ')}), and no schema says it`,
      place,
      origin: originOf(object.holder.schema) ?? null,
      ...countsOf(group),
    }
    return [{ finding: draft, additions: additionsOf(documents, object.holder, name, own, items) }]
  })
}

function keyOf({ operation, place }: UsageRow, suffix = ''): string {
  return `${place.startsWith('schema ') ? '' : operation} ${place}${suffix}`
}

function typesOf(rows: readonly UsageRow[]): string[] {
  return [...new Set(rows.flatMap(({ value }) => value ?? []))].toSorted()
}

/** By the schema, or by a branch of it; or names there are data. */
function isTold(contract: Contract, { properties, isMap, unions }: Expansion, name: string): boolean {
  if (isMap || properties.has(name)) return true
  return unions.some(({ branches }) =>
    branches.some(({ entry }) => expand(contract, [entry]).properties.has(name)),
  )
}

function additionsOf(
  documents: SourceDocuments,
  { schema }: Holder,
  name: string,
  types: readonly string[],
  items: readonly string[],
): Addition[] | null {
  const [origin, document] = [originOf(schema), documents.of(schema)]
  if (origin === undefined || document?.generation == null) return null
  const at = { file: origin.file, at: origin.pointer }
  const said = valueAt(document.value, origin.pointer)
  if (!isObject(said)) return null
  const told = schemaOf(types, items, document.generation)
  // OpenAPI 2.0 has the fields of a form among the parameters of the operation.
  if (document.generation === '2.0' && Object.hasOwn(said, 'responses'))
    return isField(told)
      ? [{ ...at, names: ['parameters', '-'], value: { name, in: 'formData', ...told } }]
      : null
  return [{ ...at, names: ['properties', name], value: told }]
}

function isField({ type }: JsonObject): boolean {
  return typeof type === 'string' && type !== 'object' && type !== 'array'
}

/** A schema that allows what was seen, in the words of a version: where it has none for several types, any. */
function schemaOf(types: readonly string[], items: readonly string[], generation: Generation): JsonObject {
  const all = types.includes('number') ? types.filter((type) => type !== 'integer') : types
  const isNull = all.includes('null')
  const others = all.filter((type) => type !== 'null')
  const ofItems = others.includes('array')
    ? { items: items.length === 0 ? {} : schemaOf(items, [], generation) }
    : {}
  if (generation === '3.1') return { type: all.length === 1 ? all[0]! : [...all], ...ofItems }
  if (others.length !== 1) return {}
  const nullable = generation === '3.0' ? 'nullable' : 'x-nullable'
  return { type: others[0]!, ...ofItems, ...(isNull && { [nullable]: true }) }
}
