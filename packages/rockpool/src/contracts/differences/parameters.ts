import type { Parameter } from '../types.ts'
import { addAnnotations } from './annotations.ts'
import { compareHeaders } from './headers.ts'
import { itemsOfNewList } from './list-parameter.ts'
import type { OperationPair } from './operation-pair.ts'
import { pairBy } from './pairing.ts'
import type { Pairing } from './pairing.ts'
import { namesIn, shapeOf } from './paths.ts'
import { compareSerialization } from './serialization.ts'
import type { Comparison } from './types.ts'
import { addRemovedParameter, compareParameterLife } from './withdrawal.ts'

/** Compares what an operation is sent beside its body. */
export function compareParameters(
  comparison: Comparison,
  pair: OperationPair,
  forWholePaths: ReadonlySet<string>,
): void {
  const { before, after, name, within } = pair
  if (pair.caller === 'service') {
    const place = { operation: name, place: `${within}request`, before, after }
    return compareHeaders(comparison, place, before.parameters, after.parameters)
  }
  const parameters = pairParameters(pair)
  for (const one of parameters.removed) addRemovedParameter(comparison, pair, one, placeOf(one))
  for (const one of parameters.added)
    comparison.add({
      rule: additionOf(one, forWholePaths.has(wholePathKey(pair, one))),
      operation: name,
      place: placeOf(one),
      before: { at: before, member: 'parameters' },
      after: { at: one },
    })
  for (const [one, other] of parameters.pairs) compareParameter(comparison, pair, one, other)
}

/** In a path by their position, as names there reach nobody; elsewhere by place and name (of a header in any case). */
function pairParameters({ before, after }: OperationPair): Pairing<Parameter> {
  const keysBefore = pathKeys(before.path)
  const keysAfter = pathKeys(after.path)
  const isOfAfter = new Set(after.parameters)
  return pairBy(before.parameters, after.parameters, (one) =>
    one.in === 'path' ? keyInPath(isOfAfter.has(one) ? keysAfter : keysBefore, one.name) : keyOf(one),
  )
}

function pathKeys(path: string): ReadonlyMap<string, number> {
  return new Map(namesIn(path).map((name, index) => [name, index]))
}

function keyInPath(positions: ReadonlyMap<string, number>, name: string): string {
  return `path ${positions.get(name) ?? `without ${name}`}`
}

function keyOf(one: Parameter): string {
  return `${one.in} ${one.in === 'header' ? one.name.toLowerCase() : one.name}`
}

function placeOf(one: Parameter): string {
  return `parameter ${one.in} ${one.name}`
}

function additionOf(one: Parameter, isForWholePath: boolean): string {
  if (one.in === 'path') return 'new-request-path-parameter'
  const requirement = one.required ? 'required' : 'optional'
  return isForWholePath
    ? `new-${requirement}-request-default-parameter-to-existing-path`
    : `new-${requirement}-request-parameter`
}

function compareParameter(
  comparison: Comparison,
  pair: OperationPair,
  before: Parameter,
  after: Parameter,
): void {
  const { name } = pair
  const place = placeOf(before)
  const spots = (member: string) => ({ before: { at: before, member }, after: { at: after, member } })
  if (before.in === 'path' && before.name !== after.name)
    comparison.add({
      rule: 'request-path-parameter-renamed',
      operation: name,
      place,
      details: { before: before.name, after: after.name },
      ...spots('name'),
    })
  if (before.required !== after.required)
    comparison.add({
      rule: `request-parameter-became-${after.required ? 'required' : 'optional'}`,
      operation: name,
      place,
      ...spots('required'),
    })
  compareParameterLife(comparison, pair, [before, after], place)
  compareSerialization(comparison, { operation: name, place }, before, after)
  addAnnotations(comparison, 'request-parameter-annotation', { operation: name, place }, before, after)
  const items = itemsOfNewList(comparison, before, after)
  if (items !== null)
    comparison.add({
      rule: 'request-parameter-type-generalized',
      operation: name,
      place,
      details: { before: 'one', after: 'a list' },
      ...spots('schema'),
    })
  comparison.schemas(before.schema, items ?? after.schema, {
    kind: before.in === 'header' ? 'header parameter' : 'parameter',
    operation: name,
    place,
    mediaType: before.mediaType,
    ...spots('schema'),
  })
}

/** Parameters that are new in every operation of a path that has several: they were written for the path. */
export function newForWholePaths(pairs: readonly OperationPair[]): ReadonlySet<string> {
  const ofPaths = Map.groupBy(pairs, ({ before }) => shapeOf(before.path))
  const whole = new Set<string>()
  for (const ofPath of ofPaths.values()) {
    if (ofPath.length < 2) continue
    const counts = new Map<string, number>()
    for (const pair of ofPath)
      for (const one of pairParameters(pair).added) {
        const key = wholePathKey(pair, one)
        counts.set(key, (counts.get(key) ?? 0) + 1)
      }
    for (const [key, count] of counts) if (count === ofPath.length) whole.add(key)
  }
  return whole
}

function wholePathKey({ before }: OperationPair, one: Parameter): string {
  return `${shapeOf(before.path)} ${keyOf(one)}`
}
