import { fact, narrows, shifts, widens } from './fact.ts'
import type { Fact } from './fact.ts'
import { harmless, mayBreakWire } from './rule.ts'

/** A bound that appears: who kept within it by himself does not notice. */
const set = { request: mayBreakWire, response: harmless }
const unset = widens

function upper(name: string, what: string): Fact[] {
  return [
    fact(`${name}-set`, set, `${what} may be {after} at most, and was free before`),
    fact(`${name}-unset`, unset, `${what} was {before} at most, and is free now`),
    fact(`${name}-decreased`, narrows, `${what} may be {after} at most, no longer {before}`),
    fact(`${name}-increased`, widens, `${what} may be {after} at most, and was {before}`),
  ]
}

function lower(name: string, what: string): Fact[] {
  return [
    fact(`${name}-set`, set, `${what} must be {after} at least, and was free before`),
    fact(`${name}-unset`, unset, `${what} was {before} at least, and is free now`),
    fact(`${name}-increased`, narrows, `${what} must be {after} at least, no longer {before}`),
    fact(`${name}-decreased`, widens, `${what} must be {after} at least, and was {before}`),
  ]
}

/** JSON Schema validation 6.2 to 6.5: what numbers, lengths and patterns may be. */
export const boundFacts: Fact[] = [
  ...upper('max', 'it'),
  ...lower('min', 'it'),
  ...upper('exclusive-max', 'it (that itself left out)'),
  ...lower('exclusive-min', 'it (that itself left out)'),
  ...upper('max-length', 'its length'),
  ...lower('min-length', 'its length'),
  ...upper('max-items', 'the number of items'),
  ...lower('min-items', 'the number of items'),
  ...upper('max-properties', 'the number of members'),
  ...lower('min-properties', 'the number of members'),
  ...upper('max-contains', 'the number of items of the kind'),
  ...lower('min-contains', 'the number of items of the kind'),

  fact('multiple-of-set', set, 'it must be a multiple of {after}'),
  fact('multiple-of-unset', unset, 'it need not be a multiple of {before} any more'),
  fact('multiple-of-changed', shifts, 'it must be a multiple of {after} instead of {before}'),
  fact('unique-items-added', narrows, 'no item may come twice'),
  fact('unique-items-removed', widens, 'items may come twice'),

  fact('pattern-added', narrows, 'it must match {after}'),
  fact(
    'pattern-removed',
    { request: harmless, response: mayBreakWire },
    'it need not match {before} any more',
  ),
  fact('pattern-changed', shifts, 'it must match {after} instead of {before}'),
  fact(
    'pattern-generalized',
    { request: harmless, response: mayBreakWire },
    'it must match {after}, which allows more than {before}',
    {
      ids: {
        'response body': 'response-body-pattern-changed',
        'response property': 'response-property-pattern-changed',
        'response header': 'response-header-pattern-changed',
      },
    },
  ),
]
