import { isObject } from '../../json-object.ts'
import { originOf, unescapeToken } from '../../source/origins.ts'
import type { JsonObject } from '../../types.ts'
import { around } from '../evidence.ts'
import { expand } from '../expand.ts'
import type { Expansion } from '../expand.ts'
import { valueAt } from '../patch/settle.ts'
import type { Contract } from '../../types.ts'
import type { UsageRow } from '../types.ts'
import type { Generation, SourceDocuments } from '../patch/documents.ts'
import { discriminatorsOf, fieldEntry } from './api-builder.ts'
import type { FieldGround, SeenField } from './api-builder.ts'
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
  const ground = { contract, documents, discriminators: discriminatorsOf(contract) }
  const types = new Map<string, string[]>()
  for (const group of groups) types.set(keyOf(group[0]!), typesOf(group))
  return groups.flatMap((group): Draft[] => {
    const [{ operation, place }] = group as [UsageRow]
    if (place.endsWith('/[]')) return []
    const object = resolver.at(operation, around(place))
    const name = unescapeToken(place.slice(place.lastIndexOf('/') + 1))
    if (object === null || isTold(contract, object, name) || object.holder === null) return []
    const [own, items] = [typesOf(group), types.get(keyOf(group[0]!, '/[]')) ?? []]
    const seen = { holder: object.holder, name, types: own, items }
    const draft: Draft['finding'] = {
      kind: 'undocumented field',
      level: 'warning',
      message: `${name} is ${passiveOf(group)} (${own.join(' or ')}), and no schema says it`,
      place,
      origin: originOf(object.holder.schema) ?? null,
      ...countsOf(group),
    }
    return [{ finding: draft, mending: mendingOf(ground, seen) }]
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

function mendingOf(ground: FieldGround, seen: SeenField): Draft['mending'] {
  const { schema } = seen.holder
  const { documents } = ground
  const [origin, document] = [originOf(schema), documents.of(schema)]
  if (origin === undefined || document === null) return { reason: 'it stands in no document' }
  if (document.generation === null) return fieldEntry(ground, seen)
  const at = { file: origin.file, at: origin.pointer }
  const said = valueAt(document.value, origin.pointer)
  if (!isObject(said)) return { reason: 'the contract says there in one word what may stand there' }
  const { name, types, items } = seen
  const told = schemaOf(types, items, document.generation)
  // OpenAPI 2.0 has the fields of a form among the parameters of the operation.
  if (document.generation === '2.0' && Object.hasOwn(said, 'responses'))
    return isField(told)
      ? [{ ...at, names: ['parameters', '-'], value: { name, in: 'formData', ...told } }]
      : { reason: 'a form of OpenAPI 2.0 has no such field' }
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
