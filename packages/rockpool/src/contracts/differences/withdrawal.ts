import type { Extensions, Operation, Parameter } from '../types.ts'
import { isBeforeSunset, lifeFacts, lifeOf, timeOf } from './lifecycle.ts'
import type { Life, LifeFact, LifeFactName } from './lifecycle.ts'
import { nameOf } from './operation-pair.ts'
import type { OperationPair } from './operation-pair.ts'
import type { Comparison, Details, Policy } from './types.ts'

const operationRules: Record<LifeFactName, string> = {
  deprecated: 'endpoint-deprecated',
  'deprecated-with-sunset': 'endpoint-deprecated-with-sunset',
  'deprecated-sunset-missing': 'api-deprecated-sunset-missing',
  'deprecated-sunset-invalid': 'api-deprecated-sunset-parse',
  'sunset-date-too-small': 'api-sunset-date-too-small',
  'sunset-deleted': 'sunset-deleted',
  'sunset-date-changed-too-small': 'api-sunset-date-changed-too-small',
  reactivated: 'endpoint-reactivated',
  'stability-invalid': 'api-invalid-stability-level',
  'stability-decreased': 'api-stability-decreased',
  'stability-increased': 'api-stability-increased',
}

/** A parameter has no stability of its own. */
const parameterRules: Partial<Record<LifeFactName, string>> = {
  deprecated: 'request-parameter-deprecated',
  'deprecated-with-sunset': 'request-parameter-deprecated',
  'deprecated-sunset-missing': 'request-parameter-deprecated-sunset-missing',
  'deprecated-sunset-invalid': 'request-parameter-sunset-parse',
  'sunset-date-too-small': 'request-parameter-sunset-date-too-small',
  'sunset-deleted': 'request-parameter-sunset-deleted',
  'sunset-date-changed-too-small': 'request-parameter-sunset-date-changed-too-small',
  reactivated: 'request-parameter-reactivated',
}

/** How something went that is no longer there. */
type Removal = 'without-deprecation' | 'with-deprecation' | 'sunset-invalid' | 'before-sunset'

const parameterRemovals: Record<Removal, string> = {
  'without-deprecation': 'request-parameter-removed',
  'with-deprecation': 'request-parameter-removed-with-deprecation',
  'sunset-invalid': 'request-parameter-sunset-parse',
  'before-sunset': 'request-parameter-removed-before-sunset',
}

interface Lasting {
  deprecated: boolean
  extensions: Extensions
}

function lifeOfOne({ deprecated, extensions }: Lasting): Life {
  return lifeOf(deprecated, extensions)
}

function removalOf({ deprecated, sunset }: Life, policy: Policy): Removal {
  if (!deprecated) return 'without-deprecation'
  if (sunset === undefined) return 'with-deprecation'
  if (timeOf(sunset) === null) return 'sunset-invalid'
  return isBeforeSunset(sunset, policy) ? 'before-sunset' : 'with-deprecation'
}

function detailsOf({ deprecated, sunset }: Life): Details {
  return deprecated && sunset !== undefined ? { sunset } : {}
}

/** @param isPathGone no operation of its path is left */
export function addRemovedOperation(comparison: Comparison, operation: Operation, isPathGone: boolean): void {
  const life = lifeOfOne(operation)
  const removal = removalOf(life, comparison.policy)
  const prefix = isPathGone ? 'api-path-removed' : 'api-removed'
  comparison.add({
    rule: removal === 'sunset-invalid' ? 'api-path-sunset-parse' : `${prefix}-${removal}`,
    operation: nameOf(operation),
    place: 'operation',
    details: detailsOf(life),
    before: { at: operation },
  })
}

export function addRemovedParameter(
  comparison: Comparison,
  { after, name }: OperationPair,
  parameter: Parameter,
  place: string,
): void {
  const life = lifeOfOne(parameter)
  comparison.add({
    rule: parameterRemovals[removalOf(life, comparison.policy)],
    operation: name,
    place,
    details: detailsOf(life),
    before: { at: parameter },
    after: { at: after, member: 'parameters' },
  })
}

/** What became of an operation's deprecation, its sunset and its stability. */
export function compareLife(comparison: Comparison, { before, after, name, within }: OperationPair): void {
  for (const { fact, details } of lifeFacts(lifeOfOne(before), lifeOfOne(after), comparison.policy))
    comparison.add({
      rule: operationRules[fact],
      operation: name,
      place: `${within}operation`,
      details,
      ...spotsOf(fact, before, after),
    })
}

/** The same of a parameter; it is as stable as its operation. */
export function compareParameterLife(
  comparison: Comparison,
  pair: OperationPair,
  [before, after]: [Parameter, Parameter],
  place: string,
): void {
  const stability = lifeOfOne(pair.after).stability
  const lives = [before, after].map((one) => ({ ...lifeOfOne(one), stability })) as [Life, Life]
  for (const { fact, details } of lifeFacts(...lives, comparison.policy)) {
    const rule = parameterRules[fact]
    if (rule !== undefined)
      comparison.add({ rule, operation: pair.name, place, details, ...spotsOf(fact, before, after) })
  }
}

function spotsOf(fact: LifeFact['fact'], before: object, after: object) {
  const word = fact.startsWith('stability')
    ? 'x-stability-level'
    : fact.includes('sunset')
      ? 'x-sunset'
      : 'deprecated'
  return { before: { at: before, member: word }, after: { at: after, member: word } }
}
