import type { MediaType, Schema } from '../types.ts'
import { compareEncoding } from './encoding.ts'
import { kinshipOf, pairMediaTypes, takesIn } from './media-types.ts'
import type { Kinship } from './media-types.ts'
import type { Comparison, Direction, OperationName } from './types.ts'

export interface ContentPlace {
  operation: OperationName
  /** What the media types are of: `request body`, `response 200`. */
  place: string
  direction: Direction
  /** Where the whole stands, on both sides. */
  before: object
  after: object
}

interface Sides {
  before: readonly MediaType[]
  after: readonly MediaType[]
}

/** Compares what a body may be: its media types, whether they have a schema, and the schemas. */
export function compareContent(comparison: Comparison, at: ContentPlace, sides: Sides): void {
  const isKin = at.direction === 'request' ? accepts : isRelated
  const { pairs, removed, added } = pairMediaTypes(sides.before, sides.after, isKin)
  const prefix = at.direction === 'request' ? 'request-body-media-type' : 'response-media-type'
  for (const one of removed)
    comparison.add({
      rule: `${prefix}-removed`,
      operation: at.operation,
      place: at.place,
      details: { before: one.name },
      before: { at: one },
      after: { at: at.after },
    })
  for (const one of added)
    comparison.add({
      rule: `${prefix}-added`,
      operation: at.operation,
      place: at.place,
      details: { after: one.name },
      before: { at: at.before },
      after: { at: one },
    })
  for (const [one, other] of pairs) {
    compareNames(comparison, at, one, other)
    compareSchemas(comparison, at, one, other)
    if (at.direction === 'request') compareEncoding(comparison, at, one, other)
  }
}

/** What took the media type of before still takes it. */
function accepts(before: string, after: string): boolean {
  return takesIn(after, before)
}

function isRelated(before: string, after: string): boolean {
  return kinshipOf(before, after) !== null
}

const renamings: Record<Kinship, string> = {
  same: '',
  generalized: 'response-media-type-name-generalized',
  specialized: 'response-media-type-name-specialized',
  changed: 'response-media-type-name-changed',
}

function compareNames(comparison: Comparison, at: ContentPlace, before: MediaType, after: MediaType): void {
  const kinship = kinshipOf(before.name, after.name)
  if (kinship === null || kinship === 'same') return
  comparison.add({
    // Of what is paired in a request, what is taken now takes in what was taken.
    rule: at.direction === 'request' ? 'request-body-media-type-added' : renamings[kinship],
    operation: at.operation,
    place: at.place,
    details: at.direction === 'request' ? { after: after.name } : { before: before.name, after: after.name },
    before: { at: before },
    after: { at: after },
  })
}

function compareSchemas(comparison: Comparison, at: ContentPlace, before: MediaType, after: MediaType): void {
  const { operation, direction } = at
  const place = `${at.place} ${before.name}`
  const [was, is] = [!isFree(before.schema), !isFree(after.schema)]
  if (was !== is)
    comparison.add({
      rule: `${direction}-body-media-type-schema-${is ? 'added' : 'removed'}`,
      operation,
      place,
      before: { at: before, member: 'schema' },
      after: { at: after, member: 'schema' },
    })
  if (was && is)
    comparison.schemas(before.schema, after.schema, {
      kind: `${direction} body`,
      operation,
      place,
      mediaType: before.name,
      before: { at: before, member: 'schema' },
      after: { at: after, member: 'schema' },
    })
  if (before.itemSchema !== null && after.itemSchema !== null)
    comparison.schemas(before.itemSchema, after.itemSchema, {
      kind: `${direction} body`,
      operation,
      place: `${place} item`,
      mediaType: before.name,
      before: { at: before, member: 'itemSchema' },
      after: { at: after, member: 'itemSchema' },
    })
}

/** It says nothing of what may be there. */
function isFree(schema: Schema): boolean {
  return schema === true || (schema !== false && Object.keys(schema).length === 0)
}
