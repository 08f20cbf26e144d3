import { originOfMember } from '../../source/origins.ts'
import { originOf } from '../../source/origins.ts'
import type { Json } from '../../types.ts'
import type { Enum } from '../expand.ts'
import { valueAt } from '../patch/settle.ts'
import type { Addition } from '../patch/types.ts'
import type { UsageRow } from '../types.ts'
import type { SourceDocuments } from '../patch/documents.ts'
import type { Ground } from './fields.ts'
import { byThing, countsOf, passiveOf } from './group.ts'
import type { Draft } from './types.ts'

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
    const additions = without.map((each) => additionOf(documents, each, JSON.parse(value!) as Json))
    return [{ finding, additions: additions.every((each) => each !== null) ? additions : null }]
  })
}

/** Null: it is no list, as a constant is none. */
function additionOf(documents: SourceDocuments, { schema, keyword }: Enum, value: Json): Addition | null {
  const [origin, document] = [originOf(schema), documents.of(schema)]
  if (origin === undefined || document?.generation == null) return null
  if (!Array.isArray(valueAt(document.value, `${origin.pointer}/${keyword}`))) return null
  return { file: origin.file, at: origin.pointer, names: [keyword, '-'], value }
}
