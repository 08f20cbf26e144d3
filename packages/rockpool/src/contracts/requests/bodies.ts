import type { Body, MediaType, Operation } from '../types.ts'
import type { Context } from './context.ts'
import { fieldOf, nested, readEncoding, readFormText } from './forms.ts'
import type { Fault } from './judge.ts'
import type { FormReading } from './forms.ts'
import {
  isJson,
  isText,
  matchMedia,
  multipartForm,
  rangeOf,
  readContentType,
  unknownBytes,
  urlEncoded,
} from './media-types.ts'
import type { ContentType } from './media-types.ts'
import { splitParts } from './multipart.ts'
import type { Part } from './multipart.ts'
import { headerValues } from './pairs.ts'
import { decodeUtf8, looksLikeJson, readJsonText } from './texts.ts'
import type { ReadRequest, Received, RequestFinding, Value } from './types.ts'

type BodyReading = Pick<ReadRequest, 'body' | 'findings'>

/** The body of a request, as the media type that it comes in has it (OpenAPI 3.1, 4.8.13). */
export function readBody(context: Context, operation: Operation, request: Received): BodyReading {
  const { body } = operation
  if (body === null) return { body: undefined, findings: [] }
  const [header] = headerValues(request.headers, 'content-type')
  const type = header === undefined ? undefined : readContentType(header)
  if (isMissing(request.body, body, type))
    return body.required
      ? refused('required', `a body is required${sendOneOf(body)}`)
      : { body: undefined, findings: [] }
  const bytes = request.body ?? Buffer.alloc(0)
  if (header !== undefined && type === undefined)
    return refused('contentType', `Content-Type is no media type${sendOneOf(body)}`)
  if (body.content.length === 0) return { body: bytes, findings: [] }
  const chosen = choose(body.content, type)
  if (chosen === undefined) return notTaken(body, type, bytes)
  const charset = chosen.type.parameters.get('charset')
  if (charset !== undefined && !isBytes(chosen.type) && !/^(?:utf-?8|us-ascii)$/i.test(charset))
    return refused('contentType', 'the body must be UTF-8: no other charset is read')
  return readAs(context, body, chosen, bytes)
}

/**
 * Whether it counts what is in the body of such a request. Where the operation takes none, or one of bytes that nobody looks
 * into, it is as good whatever it is. Pure.
 */
export function looksInto({ body }: Operation, headers: readonly string[]): boolean {
  if (body === null || body.content.length === 0) return false
  const [header] = headerValues(headers, 'content-type')
  const type = header === undefined ? undefined : readContentType(header)
  if (header !== undefined && type === undefined) return true
  const chosen = choose(body.content, type)
  return chosen === undefined || !isBytes(chosen.type)
}

/** A form without fields, a text or bytes may be empty where something is required. */
function isMissing(bytes: Buffer | null, { required }: Body, type: ContentType | undefined): boolean {
  if (bytes === null) return true
  if (bytes.length > 0) return false
  return !required || type === undefined || isJson(type.name) || type.name === multipartForm
}

interface Chosen {
  media: MediaType
  /** What the body is read as. */
  type: ContentType
}

/** What says nothing of itself, or only that it is bytes, is JSON where JSON is taken. */
function choose(content: readonly MediaType[], type: ContentType | undefined): Chosen | undefined {
  const as = (name: string): ContentType => ({ name, parameters: new Map() })
  const named = type && content.find((media) => rangeOf(media) === type.name)
  if (named !== undefined) return { media: named, type: type! }
  if (type === undefined || type.name === unknownBytes) {
    const json = content.find((media) => isJson(rangeOf(media)))
    if (json !== undefined) return { media: json, type: as(rangeOf(json)) }
  }
  const [only] = content
  if (type === undefined && content.length === 1 && !rangeOf(only!).includes('*'))
    return { media: only!, type: as(rangeOf(only!)) }
  const media = matchMedia(content, type?.name ?? unknownBytes)
  return media && { media, type: type ?? as(unknownBytes) }
}

function notTaken(body: Body, type: ContentType | undefined, bytes: Buffer): BodyReading {
  const what = type === undefined ? 'Content-Type is missing' : `${cut(type.name)} is not taken`
  const advice =
    isForm(type) && isJsonTaken(body) && looksLikeJson(bytes.toString('utf8'))
      ? `. The body looks like JSON${jsonAdvice}`
      : ''
  return refused('contentType', `${what}${sendOneOf(body)}${advice}`)
}

const jsonAdvice = ': send JSON with Content-Type: application/json'

function isForm(type: ContentType | undefined): boolean {
  return type?.name === urlEncoded || type?.name === multipartForm
}

function isJsonTaken({ content }: Body): boolean {
  return content.some((media) => isJson(rangeOf(media)))
}

function isBytes(type: ContentType): boolean {
  return !isJson(type.name) && !isText(type.name) && !isForm(type)
}

function sendOneOf({ content }: Body): string {
  return content.length === 0 ? '' : `: send ${content.map(rangeOf).join(' or ')}`
}

function readAs(context: Context, body: Body, { media, type }: Chosen, bytes: Buffer): BodyReading {
  if (type.name === multipartForm)
    return judgeForm(context, media, readMultipart(context, media, type, bytes))
  if (isBytes(type)) return { body: bytes, findings: [] }
  const text = decodeUtf8(bytes)
  if (text === undefined) return refused('syntax', 'the body is not UTF-8')
  if (type.name === urlEncoded) {
    if (looksLikeJson(text))
      return refused('contentType', `the body is no form, but JSON${isJsonTaken(body) ? jsonAdvice : ''}`)
    return judgeForm(context, media, readFormText(text, media.schema, media.encoding, context))
  }
  if (!isJson(type.name)) return readPlain(context, media, text)
  const { value, faults } = readJsonText(text)
  if (faults.length > 0) {
    const findings = faults.map((fault) => finding('', `is no good JSON: ${fault}`, 'syntax'))
    return { body: undefined, findings }
  }
  return told(context.judge.judge(media.schema, value, context.coerceJson ? 'json' : null))
}

/** Text that is the value itself; of what is written in it otherwise, such as XML, nothing is judged. */
function readPlain(context: Context, media: MediaType, text: string): BodyReading {
  if (!context.shapes.of(media.schema).single) return { body: text, findings: [] }
  return told(context.judge.judge(media.schema, text, 'text'))
}

function judgeForm(context: Context, media: MediaType, { value, faults }: FormReading): BodyReading {
  if (faults.length > 0) return told({ value: undefined, faults })
  return told(context.judge.judge(media.schema, value, 'text'))
}

function readMultipart(context: Context, media: MediaType, type: ContentType, bytes: Buffer): FormReading {
  const { parts, fault } = splitParts(bytes, type.parameters.get('boundary') ?? '')
  if (fault !== null) return { value: {}, faults: [{ path: '', rule: fault, keyword: 'syntax' }] }
  const faults: Fault[] = []
  const fields = parts.flatMap((part) => {
    const isWrittenInJson = isJsonPart(context, media, part)
    const text = part.filename === null || isWrittenInJson ? decodeUtf8(part.content) : undefined
    if (text === undefined) return [{ key: part.name, value: part.content }]
    const { plainDelimiter } = readEncoding(media.encoding, part.name)
    const isList = plainDelimiter !== null && !isWrittenInJson && text !== ''
    const texts = isList ? text.split(plainDelimiter) : [text]
    return texts.map((one) => fieldOf(part.name, one, isWrittenInJson, faults))
  })
  return nested(fields, faults, media.schema, context)
}

/** It says so, or the contract does; an object is JSON where nothing is said (OpenAPI 3.1, 4.8.15.1). */
function isJsonPart({ shapes }: Context, media: MediaType, { name, filename, type }: Part): boolean {
  const shape = shapes.of(shapes.member(media.schema, name))
  if (filename !== null && shape.single) return false
  if (type !== null) return isJson(type.name)
  if (readEncoding(media.encoding, name).isJson) return true
  return shape.object && !shape.single && !shape.list
}

function told({ value, faults }: { value: Value | undefined; faults: readonly Fault[] }): BodyReading {
  return { body: value, findings: faults.map(({ path, rule, keyword }) => finding(path, rule, keyword)) }
}

function finding(path: string, rule: string, keyword: string): RequestFinding {
  return { in: 'body', path, message: `${path || 'the body'}: ${rule}`, keyword }
}

function refused(keyword: string, message: string): BodyReading {
  return { body: undefined, findings: [{ in: 'body', path: '', message, keyword }] }
}

function cut(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text
}
