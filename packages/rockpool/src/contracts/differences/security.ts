import type { Contract, Operation, SecurityRequirement } from '../types.ts'
import { brief } from './brief.ts'
import { usesOf } from './operation-pair.ts'
import type { OperationPair } from './operation-pair.ts'
import { byText, pairBy, without } from './pairing.ts'
import { alternativesOf, refusedSince, textOf, textOfAll } from './requirements.ts'
import type { Comparison, Details, Found, OperationName } from './types.ts'

/** Compares what the contract asks for where an operation says nothing of it. */
export function compareSecurity(comparison: Comparison, pairs: readonly OperationPair[]): void {
  const { before, after } = comparison
  const at = { operation: null, place: 'security' }
  const sides = { before: [before, before.security ?? []], after: [after, after.security ?? []] } as const
  addRequirements(comparison, 'api-global-security', at, sides)
  const heirs = pairs.filter((pair) => pair.before.security === null && pair.after.security === null)
  if (heirs.length > 0) addAdmission(comparison, { ...at, uses: usesOf(heirs, 'security') }, sides)
}

/** The same of an operation that says something of it on either side; what it says not, the contract says. */
export function compareOperationSecurity(comparison: Comparison, pair: OperationPair): void {
  if (pair.before.security === null && pair.after.security === null) return
  const { before, after } = comparison
  const at = { operation: pair.name, place: `${pair.within}security` }
  const sides = { before: securityOf(pair.before, before), after: securityOf(pair.after, after) }
  addRequirements(comparison, 'api-security', at, sides)
  addAdmission(comparison, at, sides)
}

/** Requirements, and who says them. */
type Said = readonly [by: Contract | Operation, requirements: SecurityRequirement[]]

interface Sides {
  before: Said
  after: Said
}

type At = Pick<Found, 'place' | 'uses'> & { operation: OperationName | null }

function securityOf(operation: Operation, contract: Contract): Said {
  return operation.security === null ? [contract, contract.security ?? []] : [operation, operation.security]
}

function spotsOf({ before: [before], after: [after] }: Sides) {
  return { before: { at: before, member: 'security' }, after: { at: after, member: 'security' } }
}

function addRequirements(comparison: Comparison, prefix: string, at: At, sides: Sides): void {
  const add = (change: string, details: Record<string, string>) =>
    comparison.add({ rule: `${prefix}-${change}`, ...at, details, ...spotsOf(sides) })
  const [before, after] = [sides.before[1].toSorted(byText(textOf)), sides.after[1].toSorted(byText(textOf))]
  const { pairs, removed, added } = pairBy(before, after, textOf, schemesOf)
  for (const one of removed) if (!isEmpty(one)) add('removed', { before: schemesOf(one) })
  for (const one of added) if (!isEmpty(one)) add('added', { after: schemesOf(one) })
  for (const [one, other] of pairs)
    for (const scheme of Object.keys(one)) {
      const [had, has] = [one[scheme]!, other[scheme]!]
      for (const scope of without(had, has)) add('scope-removed', { scheme, before: scope })
      for (const scope of without(has, had)) add('scope-added', { scheme, after: scope })
    }
}

/** Whoever was let in before and is not any more is turned away, whoever else is let in now. */
function addAdmission(comparison: Comparison, at: At, sides: Sides): void {
  const before = alternativesOf(sides.before[1])
  const after = alternativesOf(sides.after[1])
  const add = (rule: string, details: Details) => comparison.add({ rule, ...at, details, ...spotsOf(sides) })
  const refused = refusedSince(before, after)
  if (refused !== null && isEmpty(refused))
    return add('api-security-required', { after: brief(textOfAll(after)) })
  if (refused !== null)
    return add('api-security-tightened', { before: brief(textOf(refused)), after: brief(textOfAll(after)) })
  const admitted = refusedSince(after, before)
  if (admitted !== null) add('api-security-relaxed', { after: brief(textOf(admitted)) })
}

function isEmpty(requirement: SecurityRequirement): boolean {
  return Object.keys(requirement).length === 0
}

function schemesOf(requirement: SecurityRequirement): string {
  return Object.keys(requirement).toSorted().join(' and ')
}
