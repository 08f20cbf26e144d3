import type {
  AnswerFinding,
  AnswerReader,
  ReceivedAnswer,
  Contract,
  Json,
  Judging,
  Observer,
  Operation,
  ReadRequest,
  RequestFinding,
  RequestReader,
} from '../../contracts/light.ts'
import { decoded } from '../shapes/decoded.ts'
import { isJson } from '../shapes/enveloped-request.ts'
import { valuesOf } from '../ground.ts'
import type { RequestHead } from '../ground.ts'
import type { Route } from '../types.ts'

const form = 'application/x-www-form-urlencoded'

/** A call, as a judge needs it. */
export interface Judged {
  route: Route
  head: Pick<RequestHead, 'target' | 'headers'>
  /** Path parameters, decoded. */
  parameters: Readonly<Record<string, string>>
  /** Undefined: it does not count what is in it. */
  body: Buffer | undefined
}

export interface Judgement {
  findings: readonly RequestFinding[]
  /** What goes on instead of the body that came; undefined: the very bytes that came. */
  body: Buffer | undefined
  /** As it was read; null: the contract does not have this operation. */
  seen: SeenRequest | null
}

/** What is counted of a call. */
export interface SeenRequest {
  operation: string
  read: ReadRequest
  contentType: string | null
}

/** What is counted of an answer. */
export interface SeenAnswer {
  operation: string
  status: number
  contentType: string | null
  /** Undefined: it is no JSON, or was not kept whole. */
  body: Json | undefined
}

/** Holds calls against one contract. */
export interface Judge {
  /** Whether it counts what is in the body of such a call: then it has to be whole first. */
  looksInto(route: Route, head: Pick<RequestHead, 'headers'>): boolean
  /** A form goes on as JSON: the operation has the shape for that, and the contract declares JSON alone. */
  takesForm(route: Route, head: Pick<RequestHead, 'headers'>): boolean
  /** All that is wrong with a call, at once. Nothing is thrown for what is in it. */
  judge(call: Judged): Judgement
  /** In what an answer differs from what is declared. */
  answer(route: Route, answer: ReceivedAnswer): AnswerFinding[]
  /** The same answer, as it is counted; null: the contract does not have this operation. */
  seenAnswer(route: Route, answer: ReceivedAnswer): SeenAnswer | null
  /** Counts what comes of this contract, and of nothing yet. */
  observer(): Observer
  /** What an operation is counted by. */
  keyOf(route: Pick<Route, 'method' | 'path'>): string
}

/** An operation, as it is asked for in different ways. */
interface Entry {
  operation: Operation
  /** Of a call whose body does not count. */
  bodiless: Operation
  /** That takes a form in the place of its JSON; null: it declares forms itself, or no JSON. */
  withForm: Operation | null
}

/** Everybody else waits while one call is judged: what would hold them up for longer is refused. */
const effort = 0.1

/**
 * @param contract as it was read, which is kept as long as the judge
 * @param judging the parts of contracts that are loaded when they are needed
 */
export function createJudge(contract: Contract, judging: Judging): Judge {
  const { createAnswerReader, createRequestReader, createValidator, looksInto } = judging
  const validator = createValidator(contract, { direction: 'request', effort })
  let answers: AnswerReader | undefined
  const readers = new Map<boolean, RequestReader>()
  const entries = new Map(
    contract.operations.map((operation) => [keyOf(operation), toEntry(operation)] as const),
  )

  function readerFor(coerceJson: boolean): RequestReader {
    let reader = readers.get(coerceJson)
    if (reader === undefined) {
      reader = createRequestReader(contract, validator, { coerceJson })
      readers.set(coerceJson, reader)
    }
    return reader
  }

  const takesForm: Judge['takesForm'] = (route, head) =>
    route.shapes?.includes('form') === true &&
    essenceOf(head) === form &&
    (entries.get(keyOf(route))?.withForm ?? null) !== null

  return {
    looksInto(route, head) {
      const entry = entries.get(keyOf(route))
      return entry !== undefined && looksInto(entry.operation, head.headers)
    },
    takesForm,
    answer(route, answer) {
      const entry = entries.get(keyOf(route))
      if (entry === undefined) return []
      answers ??= createAnswerReader(contract, createValidator(contract, { direction: 'response', effort }))
      return answers.read(entry.operation, answer)
    },
    seenAnswer(route, { status, headers, body }) {
      const entry = entries.get(keyOf(route))
      if (entry === undefined) return null
      const [contentType = null] = valuesOf({ headers }, 'content-type')
      const isWhole = body !== null && contentType !== null && isJson(contentType)
      return { operation: entry.operation.id, status, contentType, body: isWhole ? jsonIn(body) : undefined }
    },
    observer: () => judging.createObserver(contract, bounds),
    keyOf: judging.operationKey,
    judge({ route, head, parameters, body }) {
      const entry = entries.get(keyOf(route))
      if (entry === undefined) return { findings: [], body: undefined, seen: null }
      const { requests: mode, coerce } = route.validation!
      const query = head.target.slice(head.target.indexOf('?') + 1)
      const received = {
        path: parameters,
        query: head.target.includes('?') ? query : '',
        headers: head.headers,
      }
      const reader = readerFor(coerce)
      if (body === undefined) {
        const read = reader.read(entry.bodiless, { ...received, body: null })
        const seen = seenOf(entry, head, unreadBody(entry.operation, head, read, looksInto))
        return { findings: read.findings, body: undefined, seen }
      }
      const plain = decoded(body, valuesOf(head, 'content-encoding'))
      if (plain === undefined) {
        const read = reader.read(entry.bodiless, { ...received, body: null })
        const findings = [...read.findings, unreadable]
        return { findings, body: undefined, seen: seenOf(entry, head, withoutBody(read)) }
      }
      const bytes = Buffer.isBuffer(plain) ? plain : Buffer.from(plain)
      const isForm = takesForm(route, head)
      const operation = isForm ? entry.withForm! : entry.operation
      const read = reader.read(operation, { ...received, body: bytes })
      const { findings, body: value } = read
      const seen = seenOf(entry, head, read)
      if (findings.length > 0 || mode !== 'refuse' || value === undefined)
        return { findings, body: undefined, seen }
      if (isForm || (coerce && isReadAsJson(head) && !isSame(value, bytes)))
        return { findings, body: Buffer.from(JSON.stringify(value)), seen }
      return { findings, body: undefined, seen }
    },
  }
}

const unreadable: RequestFinding = {
  in: 'body',
  path: '',
  message: 'the body has a Content-Encoding that cannot be undone, or more than 1 MB without it',
  keyword: 'contentEncoding',
}

/** A gateway has three observers of each contract, and empties them every minute. */
const bounds = { counters: 50_000, places: 20_000 }

function seenOf(entry: Entry, head: Pick<RequestHead, 'headers'>, read: ReadRequest): SeenRequest {
  return { operation: entry.operation.id, read, contentType: essenceOf(head) ?? null }
}

/** Of what nobody looked into, nobody may say that something was not in it. */
const withoutBody = (read: ReadRequest): ReadRequest => ({
  ...read,
  body: undefined,
  findings: [...read.findings, { ...unreadable, keyword: 'effort' }],
})

/** Of a call whose body did not have to be whole: bytes that nobody looks into are a body all the same. */
function unreadBody(
  operation: Operation,
  head: Pick<RequestHead, 'headers'>,
  read: ReadRequest,
  looksInto: Judging['looksInto'],
): ReadRequest {
  const [length] = valuesOf(head, 'content-length')
  if (operation.body === null || length === '0') return read
  const isThere = length !== undefined || valuesOf(head, 'transfer-encoding').length > 0
  if (isThere && !looksInto(operation, head.headers)) return { ...read, body: Buffer.alloc(0) }
  return withoutBody(read)
}

function jsonIn(body: Buffer): Json | undefined {
  try {
    return JSON.parse(body.toString('utf8')) as Json
  } catch {
    return undefined
  }
}

const keyOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`

function toEntry(operation: Operation): Entry {
  const { body } = operation
  const content = body?.content ?? []
  const json = content.find(({ name }) => isJson(name))
  const declares = content.some(({ name }) => isRangeOf(name, form))
  const withForm =
    body === null || json === undefined || declares
      ? null
      : { ...operation, body: { ...body, content: [...content, { ...json, name: form, encoding: {} }] } }
  return { operation, bodiless: { ...operation, body: null }, withForm }
}

/** Whether what a contract writes as a media type, such as `application/*`, takes this one. */
function isRangeOf(written: string, type: string): boolean {
  const range = written.split(';')[0]!.trim().toLowerCase()
  return range === type || range === '*/*' || range === `${type.split('/')[0]}/*`
}

function essenceOf(head: Pick<RequestHead, 'headers'>): string | undefined {
  const [type] = valuesOf(head, 'content-type')
  return type?.split(';')[0]!.trim().toLowerCase()
}

/** What says nothing of itself, or only that it is bytes, is read as JSON where JSON is taken. */
function isReadAsJson(head: Pick<RequestHead, 'headers'>): boolean {
  const type = essenceOf(head)
  return type === undefined || type === 'application/octet-stream' || isJson(type)
}

/** Whether it is what came: then the bytes go on as they are, with all digits of their numbers. */
function isSame(value: unknown, bytes: Buffer): boolean {
  try {
    return JSON.stringify(value) === JSON.stringify(JSON.parse(new TextDecoder().decode(bytes)))
  } catch {
    return true
  }
}
