import { problem } from '../../kernel/index.ts'
import type { Problem } from '../../kernel/index.ts'
import { isObject } from '../json-object.ts'
import { follow } from '../references.ts'
import type { Contract, Example, Json, JsonObject, MediaType, Operation, Response, Schema } from '../types.ts'
import { chooseMedia, isJson } from './negotiate.ts'
import { answerProblem } from './problem.ts'
import type { Content } from './state.ts'
import type { MockAnswer } from './types.ts'
import type { Values } from './values.ts'

/** One answer to be written. */
export interface Written {
  operation: Operation
  /** Of the request; names and values in turns. */
  headers: readonly string[]
  /** Of the path. */
  parameters: Readonly<Record<string, string>>
  organization: string
  /** Name of the example that is asked for; null: none is. */
  example: string | null
  response: Response
  status: number
  /** What is known of the resource; null: nothing is. */
  content: Content | null
}

export interface Writer {
  write(written: Written): MockAnswer
  /** Why it would not be written, whatever it is about; null: it would. */
  refusal(written: Written): Problem | null
}

export function createWriter(contract: Contract, values: Values): Writer {
  return {
    write: (written) => write(contract, values, written),
    refusal(written) {
      const media = mediaOf(contract, written)
      return media === null || isMedia(media) ? null : media
    },
  }
}

function write(contract: Contract, values: Values, written: Written): MockAnswer {
  const { response, status, operation } = written
  const key = `${written.organization} ${operation.id} ${response.status}`
  const told = headersOf(values, response, key)
  const media = mediaOf(contract, written)
  if (media === null) return { status, headers: told, body: '' }
  if (!isMedia(media)) return answerProblem(media)
  const examples = examplesOf(media, written.example)
  if (typeof examples === 'string') return answerProblem(problem('malformed_request', examples))
  const body = bodyOf(contract, values, written, media, `${key} ${media.name}`, examples)
  if (body === undefined)
    return answerProblem(
      problem('mock_unable', `${operation.id} has no valid answer ${status} with ${media.name}`),
    )
  return { status, headers: [...told, 'Content-Type', contentType(media.name)], body }
}

/** What is written; null: nothing; a problem: nothing that is accepted can be. */
function mediaOf(
  contract: Contract,
  { response, status, headers, operation }: Written,
): MediaType | Problem | null {
  const content = hasBody(status) ? response.content : []
  const names = content.map(({ name }) => name).join(', ')
  const media = chooseMedia(content, headers)
  if (media === undefined) return problem('not_acceptable', `${operation.id} answers ${status} with ${names}`)
  if (media === null || isWritable(contract, media)) return media
  return problem('mock_unable', `a mock writes no ${media.name} but by an example: ${operation.id} has none`)
}

const isMedia = (media: MediaType | Problem): media is MediaType => 'encoding' in media

/** Values can be written so, or somebody wrote one down. */
function isWritable(contract: Contract, { name, schema, examples }: MediaType): boolean {
  if (isJson(name) || /^text\/|^application\/x-www-form-urlencoded/i.test(name)) return true
  const at = follow(contract, schema)
  const isText = typeof at === 'object' && at.type === 'string'
  return isText || examples.some(({ value }) => typeof value === 'string')
}

/** RFC 9110 6.4.1. */
function hasBody(status: number): boolean {
  return status >= 200 && status !== 204 && status !== 205 && status !== 304
}

/** A range, such as a `default` may have, is no type that could be sent. */
function contentType(name: string): string {
  if (name === '*/*' || name === 'application/*') return 'application/json'
  return name.endsWith('/*') ? name.replace('*', 'plain') : name
}

/** Those that are tried first; a text: why the one that is asked for cannot be given. */
function examplesOf({ examples }: MediaType, wanted: string | null): Example[] | string {
  if (wanted === null) return examples
  const found = examples.filter(({ name }) => name === wanted)
  if (found.length > 0) return found
  const names = examples.map(({ name }) => name).filter(Boolean)
  return `Prefer: example=${wanted.slice(0, 100)}: there is ${names.length > 0 ? names.join(', ') : 'no example with a name'}`
}

function bodyOf(
  contract: Contract,
  values: Values,
  written: Written,
  media: MediaType,
  key: string,
  examples: Example[],
): string | Buffer | undefined {
  const { content, parameters, example } = written
  const { schema, name } = media
  const wanted: JsonObject = content !== null && 'item' in content ? content.item : { ...parameters }
  const isExact = content !== null && 'item' in content && values.isValid(schema, content.item)
  const value = isExact
    ? content.item
    : content !== null && 'items' in content
      ? listOf(contract, values, schema, key, content.items)
      : values.make(schema, { key, examples, members: example === null ? wanted : {} })
  return value === undefined ? undefined : textOf(value, name)
}

/** A list, or the object around one. Undefined: it cannot be so short, or so long. */
function listOf(
  contract: Contract,
  values: Values,
  schema: Schema,
  key: string,
  items: JsonObject[],
): Json | undefined {
  if (values.isValid(schema, items)) return items
  const around = values.make(schema, { key })
  if (!isObject(around)) return around
  const name = memberWithList(contract, schema, around)
  if (name === undefined) return around
  const filled = { ...around, [name]: items, ...('has_more' in around ? { has_more: false } : {}) }
  return values.isValid(schema, filled) ? filled : around
}

/** The one member of it that is a list of objects. */
function memberWithList(contract: Contract, schema: Schema, value: JsonObject): string | undefined {
  const object = follow(contract, schema)
  const properties = typeof object === 'object' ? (object.properties ?? {}) : {}
  const lists = Object.keys(value).filter((name) => {
    const property = Object.hasOwn(properties, name) ? follow(contract, properties[name]!) : true
    return typeof property === 'object' && property.type === 'array'
  })
  return lists.length === 1 ? lists[0] : lists.find((name) => ['data', 'items', 'results'].includes(name))
}

/** As the media type writes it. Undefined: it is none that values are written in. */
function textOf(value: Json, name: string): string | Buffer | undefined {
  if (isJson(name)) return JSON.stringify(value)
  if (typeof value === 'string') return value
  if (/^text\//i.test(name) && typeof value !== 'object') return String(value)
  if (/^application\/x-www-form-urlencoded/i.test(name) && isObject(value))
    return new URLSearchParams(
      Object.entries(value).map(([key, one]): [string, string] => [key, shown(one)]),
    ).toString()
  return undefined
}

const shown = (value: Json) => (typeof value === 'string' ? value : JSON.stringify(value))

/** About the message itself, and not for a service to make up. */
const framing = new Set([
  'content-type',
  'content-length',
  'content-encoding',
  'transfer-encoding',
  'connection',
  'date',
])

function headersOf(values: Values, { headers }: Response, key: string): string[] {
  return headers.flatMap(({ name, schema, examples, mediaType }) => {
    if (framing.has(name.toLowerCase()) || !/^[!#$%&'*+.^_`|~\w-]+$/.test(name)) return []
    const value = values.make(schema, { key: `${key} header ${name}`, examples })
    if (value === undefined || value === null) return []
    const text =
      mediaType !== null
        ? JSON.stringify(value)
        : Array.isArray(value)
          ? value.map(shown).join(',')
          : shown(value)
    // RFC 9110 5.5: what cannot stand in a header is left out.
    return /^[\t\x20-\x7e]*$/.test(text) ? [name, text] : []
  })
}
