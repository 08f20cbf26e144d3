import { breaksNothing, fact } from './fact.ts'
import type { Fact, FactPlace } from './fact.ts'
import { breaks, harmless, mayBreak, mayBreakWire } from './rule.ts'
import type { Answers } from '../types.ts'

const ofProperties = true
const optionalFirst = { request: 'Make it optional, with a default that does what was done before.' }
const goOn = {
  request: 'Take it, and ignore it.',
  response: 'Go on answering it; deprecate it, and see who reads it.',
}

/** Whether an object has a member, and must. What is required is so where the member is there. */
export const propertyFacts: Fact[] = [
  added('required', 'it is new, and required', { request: breaks, response: harmless }),
  fact(
    'property-added-required-with-default',
    { request: breaks, response: harmless },
    'it is new, and required, though it has a default',
    {
      ofProperties,
      advice: optionalFirst,
      ids: { ...addedIds('required'), ...requestIds('new-required-request-', '-with-default') },
    },
  ),
  added('optional', 'it is new', breaksNothing),
  removed('required', 'it, which was required, is gone', { request: mayBreak, response: breaks }),
  removed('optional', 'it is gone', { request: mayBreak, response: mayBreak }),

  fact('became-required', { request: breaks, response: harmless }, 'it became required', {
    ofProperties,
    advice: optionalFirst,
    ids: { 'header property': 'request-header-property-became-required' },
  }),
  fact(
    'became-required-with-default',
    { request: breaks, response: harmless },
    'it became required, though it has a default',
    {
      ofProperties,
      advice: optionalFirst,
      ids: {
        'header property': 'request-header-property-became-required',
        'response property': 'response-property-became-required',
        'response write-only property': 'response-write-only-property-became-required',
      },
    },
  ),
  fact('became-optional', { request: harmless, response: breaks }, 'it became optional', { ofProperties }),

  // OpenAPI 3.1, 4.8.24: what is read-only is not sent, what is write-only is not answered.
  ...access('became-read-only', 'it is read-only', { request: mayBreakWire, response: harmless }),
  ...access('became-not-read-only', 'it is no longer read-only', breaksNothing, {
    required: { request: breaks, response: harmless },
  }),
  ...access('became-write-only', 'it is write-only', { request: harmless, response: mayBreak }),
  ...access('became-not-write-only', 'it is no longer write-only', breaksNothing, {
    required: { request: harmless, response: mayBreakWire },
  }),
]

type Effect = Fact['answers']
type Need = 'required' | 'optional'

function added(need: Need, sentence: string, answers: Effect): Fact {
  return fact(`property-added-${need}`, answers, sentence, {
    ofProperties,
    advice: optionalFirst,
    ids: addedIds(need),
  })
}

function addedIds(need: Need): Partial<Record<FactPlace, string>> {
  return {
    ...requestIds(`new-${need}-request-`, ''),
    'request read-only property': 'new-read-only-request-property',
    'response property': `response-${need}-property-added`,
    'response write-only property': `response-${need}-write-only-property-added`,
  }
}

function requestIds(prefix: string, suffix: string): Partial<Record<FactPlace, string>> {
  return {
    'request property': `${prefix}property${suffix}`,
    'parameter property': `${prefix}parameter-property${suffix}`,
    'header property': prefix.includes('required')
      ? `${prefix}header-property`
      : `${prefix}parameter-property`,
  }
}

function removed(need: Need, sentence: string, answers: Effect): Fact {
  return fact(`property-removed-${need}`, answers, sentence, {
    ofProperties,
    advice: goOn,
    ids: {
      'request property': 'request-property-removed',
      'request read-only property': 'request-read-only-property-removed',
      'parameter property': 'request-parameter-property-removed',
      'header property': 'request-parameter-property-removed',
      'response property': `response-${need}-property-removed`,
      'response write-only property': `response-${need}-write-only-property-removed`,
    },
  })
}

/** The same rule wherever it stands: that it is read-only is what changes. */
function access(
  name: string,
  sentence: string,
  answers: Effect,
  other: Partial<Record<Need, Effect>> = {},
): Fact[] {
  return (['required', 'optional'] as const).map((need) => {
    const inRequest = `request-${need}-property-${name}`
    const inResponse = `response-${need}-property-${name}`
    const effect = other[need] ?? answers
    const except: Partial<Record<FactPlace, Answers>> = {
      'request read-only property': effect.request,
      'response write-only property': effect.response,
    }
    return fact(`${name}-${need}`, effect, sentence, {
      ofProperties,
      except,
      ids: {
        'request property': inRequest,
        'request read-only property': inRequest,
        'parameter property': inRequest,
        'header property': inRequest,
        'response property': inResponse,
        'response write-only property': inResponse,
      },
    })
  })
}
