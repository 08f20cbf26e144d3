import { isObject } from '../json-object.ts'
import { follow, refusesOnlyBy } from '../references.ts'
import type { Contract, Example, Json, MediaType, Schema, SchemaObject } from '../types.ts'
import type { Branches } from './branches.ts'
import { isList, makeItem } from './lists.ts'
import { Refused } from './refused.ts'
import type { Pieces } from './types.ts'
import type { Values } from './values.ts'

/** How items are written one after another. Undefined: such an item cannot be. */
type StreamForm = (item: Json) => string | undefined

/** The form of a media type; null: it is none of streams. */
export function streamFormOf(name: string): StreamForm | null {
  return forms[(name.split(';')[0] ?? '').trim().toLowerCase()] ?? null
}

const line: StreamForm = (item) => `${JSON.stringify(item)}\n`
/** RFC 7464. */
const sequence: StreamForm = (item) => `\u001e${JSON.stringify(item)}\n`

const forms: Readonly<Record<string, StreamForm | undefined>> = {
  'application/x-ndjson': line,
  'application/ndjson': line,
  'application/jsonl': line,
  'application/x-jsonlines': line,
  'application/json-seq': sequence,
  'application/geo+json-seq': sequence,
  'text/event-stream': serverEvent,
}

/** HTML, 9.2.6. An object with `data` has the fields of an event (OpenAPI 3.2, 4.14.4); anything else is one's data. */
function serverEvent(item: Json): string | undefined {
  const fields = isObject(item) && Object.hasOwn(item, 'data') ? item : { data: item }
  const { data, event, id, retry } = fields
  const lines: string[] = []
  for (const [name, value] of Object.entries({ event, id, retry })) {
    if (value === undefined) continue
    // What the format cannot say would be said as something else.
    if (typeof value === 'object' || /[\r\n\0]/.test(String(value))) return undefined
    if (name === 'retry' && !/^\d+$/.test(String(value))) return undefined
    lines.push(`${name}: ${value}`)
  }
  const text = typeof data === 'string' ? data : JSON.stringify(data)
  if (text.includes('\r')) return undefined
  for (const part of text.split('\n')) lines.push(`data: ${part}`)
  return `${lines.join('\n')}\n\n`
}

/** How long a stream is that nobody asks more of. */
const usualLength = 3
/** Of a list that has to be judged whole before any of it leaves. */
const mostJudged = 1_000

export interface StreamWanted {
  key: string
  examples: readonly Example[]
  /** Null: as many as are usual. */
  count: number | null
  /** What was made by requests; null: nothing is known. */
  items: readonly Json[] | null
  /** Of each item. */
  branch: Branches | undefined
}

/** The items of a stream, each valid, and each made when it is asked for. Undefined: nothing is valid. */
export function streamOf(
  contract: Contract,
  values: Values,
  media: MediaType,
  wanted: StreamWanted,
): Pieces | Refused | undefined {
  const form = streamFormOf(media.name)!
  const list = listSchema(contract, media)
  const { minItems: least = 0, maxItems: most = Infinity } = list
  const { count, key } = wanted
  const isRight = (item: Json) => values.isValid(list.items ?? true, item)
  const given =
    wanted.items ??
    (count === null && wanted.branch === undefined ? exampleOf(wanted.examples, isRight) : undefined)
  const length = given?.length ?? count ?? Math.min(most, Math.max(least, usualLength))
  if (length < least || length > most)
    return new Refused(`items=${length}: the contract allows from ${least} to ${most} here`)
  const itemAt = (index: number): Json | undefined => {
    const known = given?.[index]
    if (known === undefined) return makeItem(values, list, index, { key, branch: wanted.branch })
    if (isRight(known)) return known
    const members = isObject(known) ? known : {}
    return values.make(list.items ?? true, { key: `${key} item ${index}`, members })
  }
  if (isJudgedByItem(list)) return piecesOf(length, itemAt, form)
  if (length > mostJudged)
    return new Refused(`items=${length}: ${mostJudged} at most, for they are judged together`)
  const items = Array.from({ length }, (_, index) => itemAt(index)).filter((item) => item !== undefined)
  if (items.length < length || !values.isValid(media.schema, items)) return undefined
  return piecesOf(length, (index) => items[index], form)
}

/** The list that a stream is; a schema that is no list is that of each item. */
function listSchema(contract: Contract, { schema, itemSchema }: MediaType): SchemaObject {
  const whole = follow(contract, schema)
  const isWhole = typeof whole === 'object' && isList(whole)
  if (itemSchema === null) return isWhole ? whole : { items: schema }
  return isWhole ? { ...whole, items: both(whole.items, itemSchema) } : { items: itemSchema }
}

const both = (one: Schema | undefined, other: Schema): Schema =>
  one === undefined || one === true ? other : { allOf: [one, other] }

/** What each item of a stream is. */
export function itemSchemaOf(contract: Contract, media: MediaType): Schema {
  return listSchema(contract, media).items ?? true
}

/** If each item is valid, and there are as many as may be, the whole is. */
function isJudgedByItem(list: SchemaObject): boolean {
  return refusesOnlyBy(list, 'type', 'items', 'minItems', 'maxItems')
}

function exampleOf(examples: readonly Example[], isRight: (item: Json) => boolean): Json[] | undefined {
  for (const { value } of examples) {
    if (value === undefined) continue
    const items = Array.isArray(value) ? value : [value]
    if (items.every(isRight)) return items
  }
  return undefined
}

function piecesOf(
  length: number,
  itemAt: (index: number) => Json | undefined,
  form: StreamForm,
): Pieces | undefined {
  const textAt = (index: number) => {
    const item = itemAt(index)
    return item === undefined ? undefined : form(item)
  }
  // The first one tells whether there are any, before a head goes out.
  const first = length === 0 ? '' : textAt(0)
  if (first === undefined) return undefined
  return {
    pieces: (function* () {
      let last = first
      for (let index = 0; index < length; index += 1) {
        // One that cannot be made has the one before it in its place: the stream is under way.
        if (index > 0) last = textAt(index) ?? last
        yield last
      }
    })(),
  }
}
