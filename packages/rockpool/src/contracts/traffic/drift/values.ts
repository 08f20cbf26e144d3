import { originOfMember } from '../../source/origins.ts'
import { originOf } from '../../source/origins.ts'
import type { Json } from '../../types.ts'
import type { Enum } from '../expand.ts'
import { valueAt } from '../patch/settle.ts'
import type { Addition } from '../patch/types.ts'
import type { UsageRow } from '../types.ts'
import { valueEntry } from './api-builder.ts'
import type { SourceDocuments } from '../patch/documents.ts'
import type { Ground } from './fields.ts'
import { byThing, countsOf, passiveOf } from './group.ts'
import type { Draft, Unpatched } from './types.ts'

/** Values of enums that were seen, and that are not declared. */
export function valueDrift({ resolver, documents, rows }: Ground): Draft[] {
  const values = rows.filter(({ kind, value }) => kind === 'value' && value !== null && value !== 'null')
  return byThing(values).flatMap((group): Draft[] => {
    const [{ operation, place, value }] = group as [UsageRow]
    const enums = resolver.at(operation, place)?.enums.filter((each) => each.place === place) ?? []
    const without = enums.filter(({ values: declared }) => !declared.has(value!))
    const [first] = without
    if (first === undefined) return []
    const finding: Draft['finding'] = {
      kind: 'undocumented value',
      level: 'warning',
      message: `the value ${value!} is ${passiveOf(group)}, and the enum does not have it`,
      place,
      origin: originOfMember(first.schema, first.keyword) ?? null,
      ...countsOf(group),
    }
    return [{ finding, mending: mendingOf(documents, without, JSON.parse(value!) as Json) }]
  })
}

/** Of all enums that hold there and do not have the value. */
function mendingOf(documents: SourceDocuments, enums: readonly Enum[], value: Json): Draft['mending'] {
  const [first] = enums as [Enum]
  if (documents.of(first.schema)?.generation === null) return valueEntry(documents, first, value)
  const additions: Addition[] = []
  for (const each of enums) {
    const addition = additionOf(documents, each, value)
    if ('reason' in addition) return addition
    additions.push(addition)
  }
  return additions
}

function additionOf(
  documents: SourceDocuments,
  { schema, keyword }: Enum,
  value: Json,
): Addition | Unpatched {
  const [origin, document] = [originOf(schema), documents.of(schema)]
  if (origin === undefined || document === null) return { reason: 'it stands in no document' }
  if (!Array.isArray(valueAt(document.value, `${origin.pointer}/${keyword}`)))
    return { reason: 'the contract has one constant there, and no list of values' }
  return { file: origin.file, at: origin.pointer, names: [keyword, '-'], value }
}
