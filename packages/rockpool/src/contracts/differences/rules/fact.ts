import type { Answers, Direction } from '../types.ts'
import { breaks, breaksWire, harmless, mayBreakWire } from './rule.ts'

/** Where in a call a fact about a schema stands: what its rules are told apart by. */
export type FactPlace =
  | 'request body'
  | 'request property'
  /** Nobody needs to send it. */
  | 'request read-only property'
  | 'parameter'
  | 'parameter property'
  /** Of a header that a request bears. */
  | 'header property'
  | 'response body'
  | 'response property'
  /** It is never answered. */
  | 'response write-only property'
  | 'response header'

export const directionOf: Record<FactPlace, Direction> = {
  'request body': 'request',
  'request property': 'request',
  'request read-only property': 'request',
  parameter: 'request',
  'parameter property': 'request',
  'header property': 'request',
  'response body': 'response',
  'response property': 'response',
  'response write-only property': 'response',
  'response header': 'response',
}

/** What can be different between two schemas, free of direction, and what that is in either. */
export interface Fact {
  name: string
  answers: Record<Direction, Answers>
  /** As in `Rule`. */
  sentence: string
  more: FactMore
}

export interface FactMore {
  /** Instead of the usual one of the direction. */
  advice?: Partial<Record<Direction, string>>
  /** Where it is answered otherwise than the direction says. */
  except?: Partial<Record<FactPlace, Answers>>
  /** Where the rule bears another name than place and fact give. */
  ids?: Partial<Record<FactPlace, string>>
  /** It is about a member of an object: no body, parameter or header as a whole. */
  ofProperties?: true
}

type Effect = Record<Direction, Answers>

/** Less is allowed than before: what is sent may be refused. Code is none the wiser. */
export const narrows: Effect = { request: breaksWire, response: harmless }
/** More is allowed than before: what is answered may be unheard of. */
export const widens: Effect = { request: harmless, response: breaksWire }
/** As `narrows`, and the types of clients tell. */
export const narrowsType: Effect = { request: breaks, response: harmless }
export const widensType: Effect = { request: harmless, response: breaks }
/** Nobody can tell whether more or less is allowed. */
export const shifts: Effect = { request: mayBreakWire, response: mayBreakWire }
export const breaksBoth: Effect = { request: breaks, response: breaks }
export const breaksBothWires: Effect = { request: breaksWire, response: breaksWire }
export const breaksNothing: Effect = { request: harmless, response: harmless }

export function fact(name: string, answers: Effect, sentence: string, more: FactMore = {}): Fact {
  return { name, answers, sentence, more }
}
