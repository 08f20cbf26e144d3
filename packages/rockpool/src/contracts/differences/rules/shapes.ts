import {
  breaksBoth,
  breaksBothWires,
  breaksNothing,
  fact,
  narrows,
  narrowsType,
  shifts,
  widens,
  widensType,
} from './fact.ts'
import type { Fact } from './fact.ts'
import { andMeaning, breaks, breaksSource, harmless, mayBreak, mayBreakWire } from './rule.ts'

const anotherField = 'Add another field for the new form, and keep the old one as long as it is used.'
const advice = { request: anotherField, response: anotherField }

/** A keyword whose schema refuses what it does not allow; one that changes inside cannot be judged from outside. */
function refusing(name: string, what: string): Fact[] {
  return [
    fact(`${name}-added`, narrows, `${what} is new: {after}`),
    fact(`${name}-removed`, widens, `${what} is gone: {before}`),
    fact(`${name}-changed`, shifts, `${what} changed from {before} to {after}`),
  ]
}

/** What a value is made of. */
export const shapeFacts: Fact[] = [
  fact('type-changed', breaksBoth, 'the type changed from {before} to {after}', {
    advice,
    except: { 'parameter property': mayBreak, 'header property': mayBreak },
  }),
  fact('type-generalized', widensType, 'the type {before} became the wider {after}', {
    advice,
    // Everything is text there: a number may have become one.
    except: { parameter: breaksSource },
  }),
  fact('type-specialized', narrowsType, 'the type {before} became the narrower {after}', {
    advice,
    ids: {
      'request body': 'request-body-type-changed',
      'request property': 'request-property-type-changed',
      parameter: 'request-parameter-type-changed',
    },
  }),
  fact(
    'type-compatible',
    { request: breaksSource, response: breaksSource },
    'the type changed from {before} to {after}, which is written the same',
  ),
  fact('list-of-types-widened', widensType, 'it may be {after}, and was {before}'),
  fact('list-of-types-narrowed', narrowsType, 'it may be {after}, and was {before}'),
  fact('became-nullable', widensType, 'it may be null'),
  fact('became-not-nullable', narrowsType, 'it may no longer be null'),
  fact('became-impossible', narrowsType, 'nothing is allowed here any more'),
  fact('not-compared', shifts, 'it changed too deep, or too often, to say how'),
  fact('became-possible', widensType, 'something is allowed here, where nothing was'),

  fact('all-of-added', narrowsType, 'it must be {after} as well'),
  fact('all-of-removed', { request: mayBreakWire, response: mayBreak }, 'it need not be {before} any more'),
  fact('all-of-added-annotation-only', breaksNothing, 'it is {after} as well, which refuses nothing'),
  fact('all-of-removed-annotation-only', breaksNothing, 'it is no longer {before}, which refused nothing'),
  fact('any-of-added', widensType, 'it may be {after}'),
  fact('any-of-removed', narrowsType, 'it may no longer be {before}'),
  fact('one-of-added', widensType, 'it may be {after}'),
  fact('one-of-removed', narrowsType, 'it may no longer be {before}'),
  ...(['one-of', 'any-of'] as const).flatMap((name) => [
    fact(`${name}-imposed`, narrowsType, 'it must be one of these as well: {after}'),
    fact(`${name}-lifted`, widensType, 'it need not be one of these any more: {before}'),
  ]),
  fact('wrapped-in-one-of', breaksBoth, 'it is one of several now: {after}', { advice }),
  ...refusing('not', 'what it must not be'),
  ...refusing('if', 'the condition'),
  ...refusing('then', 'what follows from the condition'),
  ...refusing('else', 'what follows if the condition does not hold'),

  fact('discriminator-added', breaksNothing, '{after} tells its kind'),
  fact(
    'discriminator-removed',
    { request: harmless, response: mayBreak },
    '{before} no longer tells its kind',
  ),
  fact('discriminator-property-name-changed', breaksBoth, '{after} tells its kind, and {before} did', {
    advice,
  }),
  fact('discriminator-mapping-added', breaksNothing, 'the value {name} is spelled out: {after}'),
  fact('discriminator-mapping-deleted', breaksNothing, 'the value {name} is no longer spelled out: {before}'),
  fact(
    'discriminator-mapping-changed',
    breaksNothing,
    'for the value {name} stands {after}, and stood {before}',
  ),
  fact(
    'discriminator-value-moved',
    { request: andMeaning(breaks), response: andMeaning(breaks) },
    'the value {name} says {after}, and said {before}',
  ),
  fact('discriminator-value-added', { request: harmless, response: mayBreak }, 'the kind {after} is new'),
  fact(
    'discriminator-value-removed',
    { request: breaks, response: breaksSource },
    'the kind {before} is gone',
  ),
  fact('discriminator-value-renamed', breaksBoth, 'the kind {before} is called {after} now', {
    advice: {
      request: 'Understand both values.',
      response: 'Keep the value on the wire: the name of a schema need not be its value (mapping).',
    },
  }),

  fact('prefix-items-added', widensType, 'the item at {name} is told: {after}'),
  fact('prefix-items-removed', narrowsType, 'the item at {name} is no longer told: {before}'),
  fact('additional-items-forbidden', narrowsType, 'no further items are allowed'),
  fact('additional-items-allowed', widensType, 'further items are allowed'),
  ...refusing('contains', 'what an item must be'),
  ...refusing('unevaluated-items', 'what other items must be'),

  ...refusing('dependent-required', 'what is required beside {name}').map((each) =>
    each.name.endsWith('-changed') ? { ...each, answers: breaksBothWires } : each,
  ),
  ...refusing('dependent-schema', 'what holds beside {name}'),
  ...refusing('pattern-property', 'what members like {name} must be'),
  ...refusing('property-names', 'what members may be called'),
  ...refusing('unevaluated-properties', 'what other members must be'),
  fact('additional-properties-forbidden', narrowsType, 'members that are not told are refused'),
  fact('additional-properties-allowed', breaksNothing, 'members that are not told are allowed'),
  fact('additional-properties-typed', narrowsType, 'members that are not told must be {after}'),
  fact(
    'additional-properties-untyped',
    { request: harmless, response: mayBreak },
    'members that are not told may be anything',
  ),

  fact('content-schema-added', narrows, 'what is written in it must be {after}'),
  fact('content-schema-removed', widens, 'what is written in it may be anything'),
  fact('content-media-type-changed', breaksBothWires, 'it holds {after}, and held {before}', { advice }),
  fact('content-encoding-changed', breaksBothWires, 'it is encoded as {after}, and was as {before}', {
    advice,
  }),
]
