import { breaksBoth, breaksBothWires, breaksNothing, fact, narrowsType, widensType } from './fact.ts'
import type { Fact } from './fact.ts'
import { andMeaning, breaks, breaksSource, breaksWire, changesMeaning, harmless, mayBreak } from './rule.ts'

const otherDefault = { request: changesMeaning, response: changesMeaning }
const exceptParameters = { except: { parameter: andMeaning(breaksWire) } }
const sunset = 'Choose a sunset that leaves as many days as the policy asks for.'
const sunsetAdvice = { advice: { request: sunset, response: sunset } }

/** Which values there are, what they say, and for how long. */
export const valueFacts: Fact[] = [
  fact('became-enum', narrowsType, 'only these are allowed: {after}', {
    ids: { 'header property': 'request-header-property-became-enum' },
  }),
  fact(
    'became-not-enum',
    { request: harmless, response: mayBreak },
    'others than these are allowed: {before}',
  ),
  fact('enum-value-added', { request: harmless, response: mayBreak }, 'the value {after} is new', {
    advice: {
      response:
        'Tell callers from the start that values will be added (x-extensible-enum), or answer it only to who asks.',
    },
  }),
  fact('enum-value-removed', { request: breaks, response: breaksSource }, 'the value {before} is gone', {
    ids: { 'response body': 'response-mediatype-enum-value-removed' },
  }),
  fact('x-extensible-enum-value-added', breaksNothing, 'the value {after} is new, as was announced'),
  fact(
    'x-extensible-enum-value-removed',
    { request: breaksWire, response: harmless },
    'the value {before} is gone',
  ),
  fact('const-added', narrowsType, 'it is always {after}'),
  fact('const-removed', widensType, 'it is no longer always {before}'),
  fact('const-changed', breaksBoth, 'it is always {after}, and was {before}'),

  fact('default-value-added', otherDefault, 'left out, it is {after}', exceptParameters),
  fact('default-value-removed', otherDefault, 'left out, it is no longer {before}', exceptParameters),
  fact('default-value-changed', otherDefault, 'left out, it is {after}, and was {before}', exceptParameters),
  fact('annotation-added', breaksNothing, 'the annotation {name} is new'),
  fact('annotation-removed', otherDefault, 'the annotation {name} is gone: {before}'),
  fact('annotation-changed', otherDefault, 'the annotation {name} changed from {before} to {after}'),

  fact('deprecated', breaksNothing, 'it is deprecated'),
  fact('deprecated-with-sunset', breaksNothing, 'it is deprecated, until {sunset}'),
  fact('deprecated-sunset-missing', breaksBothWires, 'it is deprecated without a sunset', sunsetAdvice),
  fact(
    'deprecated-sunset-invalid',
    breaksBothWires,
    'it is deprecated, and its sunset {sunset} is no date',
    sunsetAdvice,
  ),
  fact(
    'sunset-date-too-small',
    breaksBothWires,
    'its sunset, {sunset}, is less than {days} days away',
    sunsetAdvice,
  ),
  fact(
    'sunset-deleted',
    breaksBothWires,
    'it stays deprecated, but its sunset {before} is gone',
    sunsetAdvice,
  ),
  fact(
    'sunset-date-changed-too-small',
    breaksBothWires,
    'its sunset went from {before} to {after}, which is too early',
    sunsetAdvice,
  ),
  fact('reactivated', breaksNothing, 'it is no longer deprecated'),
  fact('stability-invalid', breaksBothWires, 'its stability {after} is none: draft, alpha, beta or stable'),
  fact('stability-decreased', breaksBothWires, 'its stability went down from {before} to {after}'),
  fact('stability-increased', breaksNothing, 'its stability went up from {before} to {after}'),
]
