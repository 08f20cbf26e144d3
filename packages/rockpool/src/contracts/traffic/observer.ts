import type { ReadRequest, Value } from '../requests/index.ts'
import type { Contract, Json, MediaType, Operation, Schema } from '../types.ts'
import { Identities, Levels } from './level.ts'
import type { Ground, Level } from './level.ts'
import { mediaTypeOf, plainMediaType } from './media-types.ts'
import { ofBody, ofOperation, ofResponse, operationKey } from './places.ts'
import { Tally } from './tally.ts'
import { usualBounds } from './types.ts'
import type { ObserverBounds, Usage, UsageRow } from './types.ts'
import { inOrder } from './usage.ts'
import { Visitor } from './visit.ts'

export interface Observer {
  /**
   * Counts a request. Of an operation that the contract does not have, nothing.
   * @param contentType of its body; without one it counts for all media types that the operation declares
   */
  request(operationId: string, organization: string, read: ReadRequest, contentType?: string | null): void
  /** Counts an answer; mostly of a sample of them. `body` undefined: it was not read. */
  response(
    operationId: string,
    organization: string,
    status: number,
    contentType: string | null,
    body: Json | undefined,
  ): void
  /**
   * What was counted since the last time.
   * @param at ISO 8601 in UTC; its day is the one that it is counted for: take at least once a day, and at its end
   */
  take(at: string): Usage
}

/** Findings of these words say that the body could not be read. */
const unreadable: ReadonlySet<string> = new Set(['contentType', 'syntax', 'effort'])

/**
 * Counts what traffic has of what a contract declares, and of what it does not: places, values of enums, branches of unions,
 * by organization. No other value is kept. Pure, and bounded in memory whatever comes; whatever is beyond the bounds is
 * counted together, or marked as `cut`.
 */
export function createObserver(contract: Contract, bounds: Partial<ObserverBounds> = {}): Observer {
  const all = { ...usualBounds, ...bounds }
  const tally = new Tally(all)
  const visitor = new Visitor(tally, all)
  const ground: Ground = { contract, tally, bounds: all, identities: new Identities() }
  const operations = new Map(contract.operations.map((operation) => [operation.id, operation]))
  let watched = new Map<string, Watched>()

  function watch(operationId: string): Watched | undefined {
    const known = watched.get(operationId)
    const operation = operations.get(operationId)
    if (known !== undefined || operation === undefined) return known
    const made = new Watched(ground, operation)
    watched.set(operationId, made)
    return made
  }

  /** One call: what it has that is not counted is marked. */
  function observe(levels: Levels, organization: string, count: () => void): void {
    tally.begin(organization)
    visitor.isCut = false
    count()
    if (visitor.isCut || levels.isCut) levels.count(ofOperation, 'cut')
  }

  return {
    request(operationId, organization, read, contentType = null) {
      const one = watch(operationId)
      if (one === undefined) return
      observe(one.requests, organization, () => {
        one.requests.countOften(ofOperation, 'call')
        countParameters(one, visitor, read)
        countBody(one, visitor, read, contentType)
      })
    },
    response(operationId, organization, status, contentType, body) {
      const one = watch(operationId)
      if (one === undefined) return
      observe(one.answers, organization, () => {
        one.answers.countOften(ofOperation, 'call')
        countAnswer(one, visitor, { status, contentType, body })
      })
    },
    take(at) {
      const day = at.slice(0, 10)
      const observed = contract.operations.map((operation) => observedRow(operation, day, at))
      const rows = [...new Map(observed.map((row) => [row.operation, row])).values(), ...tally.take(day, at)]
      // What counts is known by its places again when they are met again.
      watched = new Map()
      return { rows: rows.sort(inOrder), isCut: false }
    },
  }
}

function observedRow(operation: Operation, day: string, lastSeen: string): UsageRow {
  return {
    operation: operationKey(operation),
    direction: 'request',
    place: ofOperation,
    kind: 'observed',
    value: null,
    organization: null,
    day,
    count: 1,
    times: 1,
    lastSeen,
  }
}

/** An operation, and what its places are counted by. */
class Watched {
  readonly operation: Operation
  readonly requests: Levels
  readonly answers: Levels
  private readonly levels = new Map<string, Level>()

  constructor(ground: Ground, operation: Operation) {
    this.operation = operation
    this.requests = new Levels(ground, operationKey(operation), 'request')
    this.answers = new Levels(ground, operationKey(operation), 'response')
  }

  level(levels: Levels, schema: Schema, place: string): Level {
    const key = levels === this.requests ? place : `answered ${place}`
    let level = this.levels.get(key)
    if (level === undefined) this.levels.set(key, (level = levels.of([{ schema, place }])))
    return level
  }
}

function countParameters(one: Watched, visitor: Visitor, { parameters }: ReadRequest): void {
  for (const { name, in: place, schema } of one.operation.parameters) {
    if (place === 'querystring' || !Object.hasOwn(parameters[place], name)) continue
    visitor.visit(parameters[place][name], one.level(one.requests, schema, `parameter ${place} ${name}`))
  }
}

function countBody(one: Watched, visitor: Visitor, read: ReadRequest, contentType: string | null): void {
  const { operation, requests } = one
  const isUnread = read.findings.some(
    ({ in: place, keyword }) => place === 'body' && keyword !== undefined && unreadable.has(keyword),
  )
  if (isUnread) visitor.isCut = true
  if (read.body === undefined || operation.body === null) return
  requests.countOften(ofBody, 'sent')
  const { content } = operation.body
  const meant = contentType === null ? undefined : mediaTypeOf(content, contentType)
  for (const media of meant === undefined ? content : [meant])
    countContent(one, requests, visitor, media, `${ofBody} ${media.name}`, read.body)
}

interface Answer {
  status: number
  contentType: string | null
  body: Json | undefined
}

function countAnswer(one: Watched, visitor: Visitor, { status, contentType, body }: Answer): void {
  const { operation, answers } = one
  const { responses } = operation
  const declared =
    responses.find((each) => each.status === String(status)) ??
    responses.find((each) => each.status === `${Math.floor(status / 100)}XX`) ??
    responses.find((each) => each.status === 'default')
  const place = ofResponse(declared?.status ?? String(status))
  if (declared === undefined) answers.count(place, 'status')
  else answers.countOften(place, 'sent')
  if (contentType === null) return
  const media = declared === undefined ? undefined : mediaTypeOf(declared.content, contentType)
  if (media === undefined) return answers.count(place, 'media type', plainMediaType(contentType))
  if (body !== undefined) countContent(one, answers, visitor, media, `${place} ${media.name}`, body)
}

function countContent(
  one: Watched,
  levels: Levels,
  visitor: Visitor,
  { schema, itemSchema }: MediaType,
  place: string,
  body: Value,
): void {
  visitor.visit(body, one.level(levels, schema, place))
  if (itemSchema === null || !Array.isArray(body)) return
  const level = one.level(levels, itemSchema, `${place} item`)
  for (const item of body.slice(0, usualBounds.values)) visitor.visit(item, level)
}
