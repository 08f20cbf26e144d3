import { breaks, breaksSource, breaksWire, harmless, mayBreak, rulesOf } from './rule.ts'

const optionalFirst = 'Make it optional, with a default that does what was done before.'
const deprecateFirst = 'Deprecate it first, say a sunset, and remove it after that.'
const keepSunset = 'Keep the sunset that was promised, or a later one.'
const validSunset = 'Write it as a date of RFC 3339, such as 2027-01-31.'
const newName = 'Add another parameter for the new form, and understand both.'

/** Of parameters. What is said of their schemas and of themselves alike stands in facts.ts: `deprecated`, annotations. */
export const parameterRules = rulesOf('request', [
  ['new-required-request-parameter', breaks, 'the parameter is new, and required', optionalFirst],
  ['new-optional-request-parameter', harmless, 'the parameter is new, and optional'],
  ['new-request-path-parameter', breaks, 'the path parameter is new', 'Serve the old path as well.'],
  [
    'new-required-request-default-parameter-to-existing-path',
    breaks,
    'the parameter is new for all operations of the path, and required',
    optionalFirst,
  ],
  [
    'new-optional-request-default-parameter-to-existing-path',
    harmless,
    'the parameter is new for all operations of the path, and optional',
  ],
  ['request-parameter-removed', mayBreak, 'the parameter is gone', deprecateFirst],
  [
    'request-parameter-removed-with-deprecation',
    breaksSource,
    'the parameter, which was deprecated, is gone',
  ],
  [
    'request-parameter-removed-before-sunset',
    breaks,
    'the parameter is gone before its sunset, {sunset}',
    keepSunset,
  ],
  ['request-parameter-sunset-parse', breaksWire, 'the sunset, {sunset}, is no date', validSunset],
  ['request-parameter-became-required', breaks, 'the parameter became required', optionalFirst],
  ['request-parameter-became-optional', harmless, 'the parameter became optional'],

  ['request-path-parameter-renamed', breaksSource, 'the path parameter {before} is called {after} now'],
  ['request-parameter-style-changed', breaksWire, 'its style changed from {before} to {after}', newName],
  ['request-parameter-explode-changed', breaksWire, 'explode changed from {before} to {after}', newName],
  [
    'request-parameter-media-type-changed',
    breaks,
    'its media type changed from {before} to {after}',
    newName,
  ],
  ['request-parameter-empty-value-forbidden', breaksWire, 'it may no longer be empty'],
  ['request-parameter-empty-value-allowed', harmless, 'it may be empty'],
  ['request-parameter-reserved-characters-forbidden', breaksWire, 'reserved characters must be encoded now'],
  ['request-parameter-reserved-characters-allowed', harmless, 'reserved characters may stand as they are'],
])
