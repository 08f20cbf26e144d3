import { originOf, originOfMember } from '../../source/origins.ts'
import type { Origin } from '../../types.ts'
import { expand } from '../expand.ts'
import type { Expansion } from '../expand.ts'
import { ofBody, ofOperation, ofResponse, operationKey } from '../places.ts'
import type { UsageDirection, UsageRow } from '../types.ts'
import type { Ground } from './fields.ts'
import type { Draft } from './types.ts'

/** What is declared, and was met by no call, though calls were watched that could have met it. */
export function neverSeen(ground: Ground): Draft[] {
  const seen = new Seen(ground.rows)
  return [...operationDrafts(ground, seen), ...memberDrafts(ground, seen)]
}

/** What was seen, by operation and place; schemas with names in any operation. */
class Seen {
  readonly since = new Map<string, string>()
  readonly sent: UsageRow[] = []
  private readonly things = new Set<string>()
  private readonly calls = new Set<string>()

  constructor(rows: readonly UsageRow[]) {
    for (const row of rows) {
      const { kind, operation, direction, place, value, day } = row
      if (kind === 'observed') {
        const first = this.since.get(operation)
        if (first === undefined || day < first) this.since.set(operation, day)
      } else if (kind === 'call') this.calls.add(`${operation} ${direction}`)
      else if (kind === 'sent') {
        if (!this.has(operation, place)) this.sent.push(row)
        this.things.add(keyOf(operation, place))
        this.things.add(`${keyOf(operation, place)} ${direction}`)
      } else if (kind === 'value') this.things.add(`${keyOf(operation, place)} = ${value ?? ''}`)
    }
  }

  isCalled(operation: string, direction: UsageDirection): boolean {
    return this.calls.has(`${operation} ${direction}`)
  }

  has(operation: string, place: string): boolean {
    return this.things.has(keyOf(operation, place))
  }

  isSent(operation: string, place: string, direction: UsageDirection): boolean {
    return this.things.has(`${keyOf(operation, place)} ${direction}`)
  }

  hasValue(operation: string, place: string, value: string): boolean {
    return this.things.has(`${keyOf(operation, place)} = ${value}`)
  }
}

function keyOf(operation: string, place: string): string {
  return `${place.startsWith('schema ') ? '' : operation}\n${place}`
}

/** Operations that nobody calls; of those that are called, parameters, bodies and answers. */
function operationDrafts({ contract }: Ground, seen: Seen): Draft[] {
  return contract.operations.flatMap((operation): Draft[] => {
    const key = operationKey(operation)
    const since = seen.since.get(key)
    if (since === undefined) return []
    const tell = (place: string, what: string, at: object): Draft =>
      draftOf({ operation: key, place, since, origin: originOf(at) ?? null }, `${what}, and was never seen`)
    if (!seen.isCalled(key, 'request')) return [tell(ofOperation, 'the operation is declared', operation)]
    const drafts = operation.parameters.flatMap((one) => {
      const place = `parameter ${one.in} ${one.name}`
      return seen.has(key, place) ? [] : [tell(place, 'the parameter is declared', one)]
    })
    if (operation.body !== null && !seen.has(key, ofBody))
      drafts.push(tell(ofBody, 'a body is declared', operation.body))
    if (!seen.isCalled(key, 'response')) return drafts
    for (const response of operation.responses) {
      const place = ofResponse(response.status)
      if (!seen.has(key, place))
        drafts.push(tell(place, `the status ${response.status} is declared`, response))
    }
    return drafts
  })
}

/** Members of objects, and values of enums, where others of the same were seen. */
function memberDrafts({ contract, resolver }: Ground, seen: Seen): Draft[] {
  const drafts = new Map<string, Draft>()
  for (const { operation, place, day } of seen.sent) {
    const said = resolver.at(operation, place)
    if (said === null) continue
    const since = seen.since.get(operation) ?? day
    const add = (at: string, value: string | null, origin: Origin | null, message: string) =>
      drafts.set(
        `${keyOf(operation, at)} ${value ?? ''}`,
        draftOf({ operation, place: at, since, origin }, message),
      )
    for (const [name, entries] of said.properties)
      for (const { place: at, schema } of entries) {
        if (
          seen.has(operation, at) ||
          !mayBeSeen(expand(contract, [{ schema, place: at }]), seen, operation, place)
        )
          continue
        const origin = typeof schema === 'object' ? (originOf(schema) ?? null) : null
        add(at, null, origin, `${name} is declared, and was never seen`)
      }
    for (const { place: at, values, schema, keyword } of said.enums)
      for (const value of values)
        if (value !== 'null' && seen.has(operation, at) && !seen.hasValue(operation, at, value))
          add(
            at,
            value,
            originOfMember(schema, keyword) ?? null,
            `the value ${value} is declared, and was never seen`,
          )
  }
  return [...drafts.values()]
}

/** What is read-only is not sent, and what is write-only not answered: it can be seen in the other direction alone. */
function mayBeSeen({ holder }: Expansion, seen: Seen, operation: string, object: string): boolean {
  if (holder?.schema.readOnly === true) return seen.isSent(operation, object, 'response')
  if (holder?.schema.writeOnly === true) return seen.isSent(operation, object, 'request')
  return true
}

interface Unseen {
  operation: string
  place: string
  since: string
  origin: Origin | null
}

function draftOf({ operation, place, since, origin }: Unseen, message: string): Draft {
  return {
    finding: {
      kind: 'never seen',
      level: 'info',
      message,
      place,
      operations: [operation],
      directions: [],
      origin,
      times: 0,
      calls: 0,
      organizations: 0,
      since,
      lastSeen: null,
    },
    mending: null,
  }
}
