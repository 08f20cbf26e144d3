import { breaks, breaksSource, breaksWire, harmless, mayBreak, mayBreakWire, rulesOf } from './rule.ts'

const bothTypes = 'Keep the old media type beside the new one; clients choose.'

/** Of request bodies, aside from their schemas (facts.ts). */
export const bodyRules = rulesOf('request', [
  ['request-body-added-required', breaks, 'a body is needed now', 'Make it optional.'],
  ['request-body-added-optional', harmless, 'a body may be sent now'],
  ['request-body-removed', breaks, 'no body is taken any more', 'Take it, and ignore it.'],
  ['request-body-became-required', breaks, 'the body became required', 'Leave it optional, with a default.'],
  ['request-body-became-optional', harmless, 'the body became optional'],
  ['request-body-media-type-added', harmless, 'the media type {after} is new'],
  ['request-body-media-type-removed', breaks, 'the media type {before} is gone', bothTypes],
  [
    'request-body-media-type-schema-added',
    breaks,
    'a schema says now what was free before',
    'Let it allow whatever is sent today.',
  ],
  ['request-body-media-type-schema-removed', harmless, 'no schema says any more what may be sent'],
  [
    'request-body-encoding-changed',
    mayBreakWire,
    'the field {name} is written otherwise: {after}, and was {before}',
    'Understand both forms.',
  ],
])

/** Of responses and their headers, aside from their schemas (facts.ts). */
export const responseRules = rulesOf('response', [
  ['response-success-status-added', harmless, 'the status {after} is new'],
  [
    'response-success-status-removed',
    breaks,
    'the status {before} is gone',
    'Answer with the old status as well.',
  ],
  ['response-non-success-status-added', harmless, 'the status {after} is new'],
  ['response-non-success-status-removed', breaksSource, 'the status {before} is gone'],
  ['response-media-type-added', harmless, 'the media type {after} is new'],
  ['response-media-type-removed', breaks, 'the media type {before} is gone', bothTypes],
  ['response-media-type-name-changed', breaksSource, 'the media type {before} is {after} now'],
  [
    'response-media-type-name-generalized',
    breaks,
    'the media type {before} became the wider {after}',
    bothTypes,
  ],
  [
    'response-media-type-name-specialized',
    breaksSource,
    'the media type {before} became the narrower {after}',
  ],
  ['response-body-media-type-schema-added', breaksSource, 'a schema says now what was free before'],
  [
    'response-body-media-type-schema-removed',
    mayBreak,
    'no schema says any more what is answered',
    'Keep the schema.',
  ],
  ['response-header-added', harmless, 'the header {after} is new'],
  [
    'required-response-header-removed',
    breaks,
    'the header {before}, which always came, is gone',
    'Go on sending it.',
  ],
  ['optional-response-header-removed', mayBreak, 'the header {before} is gone', 'Go on sending it.'],
  ['response-header-became-optional', breaks, 'the header no longer always comes', 'Go on sending it.'],
  ['response-header-became-required', harmless, 'the header always comes'],
  [
    'response-header-media-type-changed',
    breaks,
    'its media type changed from {before} to {after}',
    'Send another header for the new form.',
  ],
  ['response-link-added', harmless, 'the link {after} is new'],
  ['response-link-removed', mayBreakWire, 'the link {before} is gone'],
  ['response-link-changed', breaksWire, 'the link {name} changed from {before} to {after}'],
])
