import {
  andMeaning,
  breaks,
  breaksSource,
  breaksWire,
  changesMeaning,
  harmless,
  mayBreakWire,
  rulesOf,
} from './rule.ts'

const deprecateFirst = 'Deprecate it first, say a sunset, and remove it after that.'
const keepSunset = 'Keep the sunset that was promised, or a later one.'
const laterSunset = 'Choose a sunset that leaves as many days as the policy asks for.'
const validSunset = 'Write it as a date of RFC 3339, such as 2027-01-31.'

/** Of paths and operations: whether they are there, and for how long. */
export const operationRules = rulesOf(null, [
  ['endpoint-added', harmless, 'the operation is new'],
  [
    'api-removed-without-deprecation',
    breaks,
    'the operation is gone, and was not deprecated',
    deprecateFirst,
  ],
  ['api-removed-with-deprecation', breaksSource, 'the operation, which was deprecated, is gone'],
  ['api-removed-before-sunset', breaks, 'the operation is gone before its sunset, {sunset}', keepSunset],
  [
    'api-path-removed-without-deprecation',
    breaks,
    'the whole path is gone, and the operation was not deprecated',
    deprecateFirst,
  ],
  ['api-path-removed-with-deprecation', breaksSource, 'the whole path, which was deprecated, is gone'],
  [
    'api-path-removed-before-sunset',
    breaks,
    'the whole path is gone before the sunset, {sunset}',
    keepSunset,
  ],
  ['api-path-sunset-parse', breaks, 'the path is gone; its sunset, {sunset}, is no date', validSunset],

  ['endpoint-deprecated', harmless, 'the operation is deprecated'],
  ['endpoint-deprecated-with-sunset', harmless, 'the operation is deprecated, until {sunset}'],
  ['endpoint-reactivated', harmless, 'the operation is no longer deprecated'],
  ['api-deprecated-sunset-missing', breaksWire, 'the operation is deprecated without a sunset', laterSunset],
  ['api-deprecated-sunset-parse', breaksWire, 'the sunset, {sunset}, is no date', validSunset],
  [
    'api-sunset-date-too-small',
    breaksWire,
    'the sunset, {sunset}, is less than {days} days away',
    laterSunset,
  ],
  ['sunset-deleted', breaksWire, 'it stays deprecated, but its sunset {before} is gone', keepSunset],
  [
    'api-sunset-date-changed-too-small',
    breaksWire,
    'the sunset went from {before} to {after}, which is too early',
    keepSunset,
  ],

  ['api-invalid-stability-level', breaksWire, 'the stability {after} is none: draft, alpha, beta or stable'],
  ['api-stability-decreased', breaksWire, 'the stability went down from {before} to {after}'],
  ['api-stability-increased', harmless, 'the stability went up from {before} to {after}'],

  [
    'api-operation-id-removed',
    breaksSource,
    'the operation id {before} is gone',
    'Keep the id: methods of clients bear it.',
  ],
  ['api-operation-id-added', harmless, 'the operation has an id now: {after}'],
  [
    'api-operation-id-renamed',
    breaksSource,
    'the operation id {before} is {after} now',
    'Keep the id: methods of clients bear it.',
  ],
  ['api-tag-removed', harmless, 'the tag {before} is gone'],
  ['api-tag-added', harmless, 'the tag {after} is new'],

  [
    'api-rate-limit-tightened',
    andMeaning(mayBreakWire),
    'fewer calls are allowed: {before} became {after}',
    'Tell those who come near the new limit before it holds.',
  ],
  ['api-rate-limit-relaxed', harmless, 'more calls are allowed: {before} became {after}'],
  [
    'api-latency-budget-tightened',
    andMeaning(mayBreakWire),
    'an answer has less time: {before} ms became {after} ms',
    'Measure first that answers come in that time.',
  ],
  ['api-latency-budget-relaxed', changesMeaning, 'an answer may take longer: {before} ms became {after} ms'],
  ['api-annotation-removed', changesMeaning, 'the annotation {name} is gone'],
  ['api-annotation-changed', changesMeaning, 'the annotation {name} changed from {before} to {after}'],
  ['api-annotation-added', harmless, 'the annotation {name} is new'],
])

/** Of the contract as a whole. */
export const contractRules = rulesOf(null, [
  ['api-version-not-bumped', harmless, 'something breaks, and the version is still {before}'],
  ['api-version-decreased', harmless, 'something breaks, and the version went down from {before} to {after}'],
  [
    'api-major-version-not-bumped',
    harmless,
    'something breaks, and the major version is the same: {before}, {after}',
  ],
  ['api-schema-removed', breaksSource, 'the schema {before} is gone'],
  ['webhook-added', harmless, 'the webhook is new'],
  ['webhook-removed', breaks, 'the webhook is gone', 'Send it until nobody waits for it.'],
  ['callback-added', harmless, 'the callback {after} is new'],
  ['callback-removed', breaks, 'the callback {before} is gone', 'Send it until nobody waits for it.'],
  ['api-server-added', harmless, 'the server {after} is new'],
  [
    'api-server-removed',
    breaksWire,
    'the server {before} is gone',
    'Let it answer, or redirect, as long as it is called.',
  ],
  [
    'api-server-changed',
    breaksWire,
    'the server {before} is {after} now',
    'Let the old one answer, or redirect, as long as it is called.',
  ],
])
