import { createPositions } from './organization.ts'
import type { Judgement } from './organization.ts'
import { isId } from './segments.ts'
import type { Hash } from './sighting.ts'
import type { Sighting } from './types.ts'

/** What was seen of one method at one path. Counts only. */
export interface Operation {
  count: number
  /** Without a credential, and served. */
  anonymous: number
  statuses: Map<number, { count: number; types: Set<string> }>
  requestTypes: Set<string>
  query: Set<string>
}

/** A place in the tree of paths. Literals are plain words; whatever names a thing is the one parameter. */
export interface Place {
  literals: Map<string, Place>
  parameter: Place | null
  /** So many different words stood here that they name things, too. */
  isFull: boolean
  operations: Map<string, Operation>
}

export interface Learned {
  root: Place
  organization: Judgement
  /** Kinds of credentials, and how often each was shown. */
  credentials: Map<string, number>
  requests: number
  /** Requests of which nothing could be learned, because there was no more room. */
  beyond: number
}

export interface Learner {
  see(sighting: Sighting): void
  learned(): Learned
}

export const bounds = { places: 4_000, literals: 40, operations: 8_000, kinds: 50, query: 30, types: 10 }

/** Learns what passes, within bounds: memory does not grow with the number of requests, nor with what they say. */
export function createLearner({ hash }: { hash: Hash }): Learner {
  const root = newPlace()
  const positions = createPositions(hash)
  const credentials = new Map<string, number>()
  const used = { places: 1, operations: 0 }
  let requests = 0
  let beyond = 0

  function walk(segments: readonly string[]): Place | undefined {
    let place = root
    for (const segment of segments) {
      const known = place.literals.get(segment)
      if (known) place = known
      else if (isId(segment) || place.isFull) {
        if (!place.parameter && !take('places')) return undefined
        place = place.parameter ??= newPlace()
      } else {
        if (!take('places')) return undefined
        const made = newPlace()
        place.literals.set(segment, made)
        if (place.literals.size > bounds.literals) fill(place)
        place = place.literals.get(segment) ?? place.parameter!
      }
    }
    return place
  }

  function take(what: 'places' | 'operations'): boolean {
    if (used[what] >= bounds[what]) return false
    used[what] += 1
    return true
  }

  return {
    see(sighting) {
      requests += 1
      const { method, segments, credential, status } = sighting
      const place = /^[A-Z]{1,10}$/.test(method) ? walk(segments) : undefined
      let operation = place?.operations.get(method)
      if (place && !operation && take('operations')) {
        operation = newOperation()
        place.operations.set(method, operation)
      }
      if (!operation) return void (beyond += 1)
      note(operation, sighting)
      positions.see(segments, credential?.hash ?? null, status)
      if (credential && (credentials.has(credential.kind) || credentials.size < bounds.kinds))
        credentials.set(credential.kind, (credentials.get(credential.kind) ?? 0) + 1)
    },
    learned: () => ({ root, organization: positions.judge(), credentials, requests, beyond }),
  }
}

function note(operation: Operation, { status, answerType, requestType, query, credential }: Sighting): void {
  operation.count += 1
  if (credential === null && status < 400) operation.anonymous += 1
  const seen = operation.statuses.get(status) ?? { count: 0, types: new Set() }
  seen.count += 1
  operation.statuses.set(status, seen)
  if (answerType !== null && seen.types.size < bounds.types) seen.types.add(answerType)
  if (requestType !== null && operation.requestTypes.size < bounds.types)
    operation.requestTypes.add(requestType)
  for (const name of query)
    if (/^[A-Za-z][A-Za-z0-9_.-]{0,40}$/.test(name) && operation.query.size < bounds.query)
      operation.query.add(name)
}

/** So many words at one place name things: they become its parameter, and their texts are gone. */
function fill(place: Place): void {
  place.parameter = mergePlaces([...place.literals.values(), ...(place.parameter ? [place.parameter] : [])])
  place.literals.clear()
  place.isFull = true
}

/** Several places as one, whatever was seen at any of them. */
export function mergePlaces(places: readonly Place[]): Place {
  const result = newPlace()
  const below = new Map<string, Place[]>()
  const parameters: Place[] = []
  for (const place of places) {
    if (place.isFull) result.isFull = true
    for (const [text, child] of place.literals) below.set(text, [...(below.get(text) ?? []), child])
    if (place.parameter) parameters.push(place.parameter)
    for (const [method, operation] of place.operations)
      result.operations.set(method, mergeOperations(result.operations.get(method), operation))
  }
  for (const [text, children] of below)
    result.literals.set(text, children.length === 1 ? children[0]! : mergePlaces(children))
  if (parameters.length > 0)
    result.parameter = parameters.length === 1 ? parameters[0]! : mergePlaces(parameters)
  return result
}

function mergeOperations(one: Operation | undefined, other: Operation): Operation {
  if (!one) return other
  const statuses = new Map(one.statuses)
  for (const [status, { count, types }] of other.statuses) {
    const known = statuses.get(status)
    statuses.set(status, {
      count: count + (known?.count ?? 0),
      types: new Set([...(known?.types ?? []), ...types]),
    })
  }
  return {
    count: one.count + other.count,
    anonymous: one.anonymous + other.anonymous,
    statuses,
    requestTypes: new Set([...one.requestTypes, ...other.requestTypes]),
    query: new Set([...one.query, ...other.query]),
  }
}

export function newPlace(): Place {
  return { literals: new Map(), parameter: null, isFull: false, operations: new Map() }
}

function newOperation(): Operation {
  return { count: 0, anonymous: 0, statuses: new Map(), requestTypes: new Set(), query: new Set() }
}
