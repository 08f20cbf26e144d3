import { createHash } from 'node:crypto'
import { originOf, originOfMember } from '../source/origins.ts'
import { canonical } from '../json-equal.ts'
import type { Origin } from '../types.ts'
import { ruleOf } from './rules.ts'
import type { Details, Difference, Found, OperationName, Spot } from './types.ts'

/** What was found, as it is told: with its rule's answers, where it was read, and its fingerprint. */
export function differenceOf(found: Found): Difference {
  const { wire, source, meaning } = ruleOf(found.rule)
  const { rule, operation, place, details = {} } = found
  return {
    rule,
    wire,
    source,
    meaning,
    operation,
    place,
    details,
    before: originAt(found.before),
    after: originAt(found.after),
    uses: found.uses ?? (operation === null ? [] : [{ operation, place }]),
    fingerprint: fingerprintOf(rule, operation, place, details),
  }
}

function originAt(spot: Spot | null | undefined): Origin | null {
  if (spot === null || spot === undefined) return null
  const origin = spot.member === undefined ? originOf(spot.at) : originOfMember(spot.at, spot.member)
  return origin ?? null
}

function fingerprintOf(
  rule: string,
  operation: OperationName | null,
  place: string,
  details: Details,
): string {
  const where = operation === null ? null : [operation.method, operation.path]
  const text = canonical([rule, where, place, details])
  return createHash('sha256').update(text).digest('hex')
}

/** By operation, place and rule: nothing hangs on the order in which it was found. */
export function inOrder(a: Difference, b: Difference): number {
  return (
    compare(a.operation?.path ?? '', b.operation?.path ?? '') ||
    compare(a.operation?.method ?? '', b.operation?.method ?? '') ||
    compare(a.place, b.place) ||
    compare(a.rule, b.rule) ||
    compare(a.fingerprint, b.fingerprint)
  )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
