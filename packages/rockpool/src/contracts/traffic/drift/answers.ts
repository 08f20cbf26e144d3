import { STATUS_CODES } from 'node:http'
import { originOf, originOfMember } from '../../source/origins.ts'
import type { JsonObject, Operation, Response } from '../../types.ts'
import { mediaTypeOf } from '../media-types.ts'
import { valueAt } from '../patch/settle.ts'
import type { Addition } from '../patch/types.ts'
import type { UsageRow } from '../types.ts'
import type { SourceDocument, SourceDocuments } from '../patch/documents.ts'
import type { Ground } from './fields.ts'
import { byThing, countsOf } from './group.ts'
import type { Draft } from './types.ts'

const nowhere = 'it stands in no document'
const typed = 'API Builder declares each status with the type of its body, and what that is was not kept'
const untyped = 'API Builder has no word for media types'

/** Statuses and media types that were answered, and that are not declared. */
export function answerDrift({ resolver, documents, rows }: Ground): Draft[] {
  const ofAnswers = rows.filter(({ kind }) => kind === 'status' || kind === 'media type')
  return byThing(ofAnswers).flatMap((group): Draft[] => {
    const [first] = group as [UsageRow]
    const operation = resolver.operation(first.operation)
    if (operation === undefined) return []
    const status = first.place.slice('response '.length)
    const response = declaredResponse(operation, status)
    if (first.kind === 'status') {
      if (response !== undefined) return []
      const types = rows.filter(
        ({ kind, operation: key, place }) =>
          kind === 'media type' && key === first.operation && place === first.place,
      )
      return [statusDraft(documents, operation, status, group, mediaTypesOf(types))]
    }
    if (response === undefined || first.value === null || mediaTypeOf(response.content, first.value))
      return []
    return [mediaTypeDraft(documents, { operation, response, name: first.value }, group)]
  })
}

function declaredResponse({ responses }: Operation, status: string): Response | undefined {
  return [status, `${status[0]!}XX`, 'default'].flatMap(
    (each) => responses.find((response) => response.status === each) ?? [],
  )[0]
}

function mediaTypesOf(rows: readonly UsageRow[]): string[] {
  return [...new Set(rows.flatMap(({ value }) => value ?? []))].toSorted()
}

function statusDraft(
  documents: SourceDocuments,
  operation: Operation,
  status: string,
  rows: readonly UsageRow[],
  mediaTypes: readonly string[],
): Draft {
  const [origin, document] = [originOf(operation), documents.of(operation)]
  const finding: Draft['finding'] = {
    kind: 'undocumented status',
    level: 'warning',
    message: `the status ${status} is answered, and not declared`,
    place: rows[0]!.place,
    origin: originOfMember(operation, 'responses') ?? null,
    ...countsOf(rows),
  }
  if (origin === undefined || document === null) return { finding, mending: { reason: nowhere } }
  if (document.generation === null) return { finding, mending: { reason: typed } }
  const response: JsonObject = { description: STATUS_CODES[status] ?? `Status ${status}` }
  const is2 = document.generation === '2.0'
  if (mediaTypes.length > 0)
    response[is2 ? 'schema' : 'content'] = is2 ? {} : Object.fromEntries(mediaTypes.map((name) => [name, {}]))
  const at = { file: origin.file, at: origin.pointer }
  const produced = is2 ? mediaTypes.flatMap((name) => producing(document, at, name)) : []
  return { finding, mending: [{ ...at, names: ['responses', status], value: response }, ...produced] }
}

interface Met {
  operation: Operation
  response: Response
  name: string
}

function mediaTypeDraft(documents: SourceDocuments, met: Met, rows: readonly UsageRow[]): Draft {
  const { response, name } = met
  const finding: Draft['finding'] = {
    kind: 'undocumented media type',
    level: 'warning',
    message: `${name} is answered, and not declared for the status ${response.status}`,
    place: rows[0]!.place,
    origin: originOf(response) ?? null,
    ...countsOf(rows),
  }
  const [origin, document] = [originOf(response), documents.of(response)]
  if (origin === undefined || document === null) return { finding, mending: { reason: nowhere } }
  if (document.generation === null) return { finding, mending: { reason: untyped } }
  if (document.generation === '2.0')
    return { finding, mending: additionsIn2(documents, met) ?? { reason: nowhere } }
  return {
    finding,
    mending: [{ file: origin.file, at: origin.pointer, names: ['content', name], value: {} }],
  }
}

/** OpenAPI 2.0 says of an operation what it answers in; a response without a schema has no body at all. */
function additionsIn2(documents: SourceDocuments, { operation, response, name }: Met): Addition[] | null {
  const [origin, ofResponse] = [originOf(operation), originOf(response)]
  const [document, other] = [documents.of(operation), documents.of(response)]
  if (origin === undefined || ofResponse === undefined || document === null || other === null) return null
  const additions: Addition[] = []
  if (valueAt(other.value, `${ofResponse.pointer}/schema`) === undefined)
    additions.push({ file: ofResponse.file, at: ofResponse.pointer, names: ['schema'], value: {} })
  return [...additions, ...producing(document, { file: origin.file, at: origin.pointer }, name)]
}

/** An operation that says what it produces says one more; else all that hold for it, and one more. */
function producing(document: SourceDocument, at: Pick<Addition, 'file' | 'at'>, name: string): Addition[] {
  const own = valueAt(document.value, `${at.at}/produces`)
  if (Array.isArray(own)) return own.includes(name) ? [] : [{ ...at, names: ['produces', '-'], value: name }]
  const all = producedBy(document)
  return all.includes(name) ? [] : [{ ...at, names: ['produces'], value: [...all, name] }]
}

/** What holds for operations that say nothing of it. */
function producedBy({ value }: SourceDocument): string[] {
  const all = valueAt(value, '/produces')
  return Array.isArray(all) ? all.filter((each) => typeof each === 'string') : ['application/json']
}
