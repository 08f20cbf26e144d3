import type { Answers, Direction, Rule } from '../types.ts'
import { boundFacts } from './bounds.ts'
import { directionOf } from './fact.ts'
import type { Fact, FactPlace } from './fact.ts'
import { propertyFacts } from './properties.ts'
import { harmless } from './rule.ts'
import { shapeFacts } from './shapes.ts'
import { valueFacts } from './values.ts'

const facts: Fact[] = [...boundFacts, ...shapeFacts, ...valueFacts, ...propertyFacts]

/** What a rule's id begins with; the fact follows. */
const prefixes: Record<FactPlace, string> = {
  'request body': 'request-body',
  'request property': 'request-property',
  'request read-only property': 'request-read-only-property',
  parameter: 'request-parameter',
  'parameter property': 'request-parameter-property',
  'header property': 'request-parameter-property',
  'response body': 'response-body',
  'response property': 'response-property',
  'response write-only property': 'response-write-only-property',
  'response header': 'response-header',
}

const places = Object.keys(prefixes) as FactPlace[]
const wholes: ReadonlySet<FactPlace> = new Set([
  'request body',
  'parameter',
  'response body',
  'response header',
])
/** What never travels breaks nobody. */
const silent: ReadonlySet<FactPlace> = new Set(['request read-only property', 'response write-only property'])

const usualAdvice: Record<Direction, string> = {
  request: 'Go on accepting what was accepted; what is new may be accepted beside it.',
  response: 'Go on answering as was promised; what is new may be answered to who asks for it.',
}

const ids = new Map<FactPlace, Map<string, string>>()
const rules = new Map<string, Rule>()
for (const place of places) {
  const ofPlace = new Map<string, string>()
  ids.set(place, ofPlace)
  for (const fact of facts) {
    if (fact.more.ofProperties === true && wholes.has(place)) continue
    const rule = ruleFor(fact, place)
    ofPlace.set(fact.name, rule.id)
    // Of several facts that one rule tells, the first one names it.
    if (!rules.has(rule.id)) rules.set(rule.id, rule)
  }
}

function ruleFor({ name, answers, sentence, more }: Fact, place: FactPlace): Rule {
  const direction = directionOf[place]
  const own: Answers = more.except?.[place] ?? (silent.has(place) ? harmless : answers[direction])
  const isSafe = own.wire === 'keeps' && own.source === 'keeps'
  return {
    id: more.ids?.[place] ?? `${prefixes[place]}-${name}`,
    direction,
    ...own,
    sentence,
    advice: isSafe ? null : (more.advice?.[direction] ?? usualAdvice[direction]),
  }
}

/** Of schemas: a rule for each fact at each place where it can be. */
export const schemaRules: Rule[] = [...rules.values()]

/** The rule that tells a fact at a place. */
export function ruleOfFact(fact: string, place: FactPlace): string {
  const id = ids.get(place)?.get(fact)
  if (id === undefined) throw new Error(`no rule tells ${fact} of a ${place}`)
  return id
}
