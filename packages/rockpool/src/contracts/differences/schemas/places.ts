import { ruleOfFact } from '../rules/facts.ts'
import { directionOf } from '../rules/fact.ts'
import type { FactPlace } from '../rules/fact.ts'
import type { SchemaPlace, SchemaPlaceKind } from '../types.ts'
import { readOnly, writeOnly } from './types.ts'
import type { SchemaFact } from './types.ts'

/** How a pair of schemas is met: what its facts' rules hang on, aside from the facts. */
export interface Context {
  kind: SchemaPlaceKind
  isWhole: boolean
  /** It stands in what never travels in this direction. */
  isSilent: boolean
  isText: boolean
}

const ofPlaces: Record<SchemaPlaceKind, [whole: FactPlace, part: FactPlace, silent: FactPlace]> = {
  'request body': ['request body', 'request property', 'request read-only property'],
  parameter: ['parameter', 'parameter property', 'request read-only property'],
  'header parameter': ['parameter', 'header property', 'request read-only property'],
  'response body': ['response body', 'response property', 'response write-only property'],
  'response header': ['response header', 'response property', 'response write-only property'],
}

export function contextOf(place: SchemaPlace): Context {
  const { kind, mediaType } = place
  const isText =
    mediaType === null ? !kind.endsWith('body') : !/json|xml|yaml|cbor|msgpack|protobuf/i.test(mediaType)
  return { kind, isWhole: true, isSilent: false, isText }
}

/** The context of what stands below. */
export function below(context: Context, isWhole: boolean, access: number): Context {
  return {
    ...context,
    isWhole: context.isWhole && isWhole,
    isSilent: context.isSilent || (access & silentBit(context.kind)) !== 0,
  }
}

/** The rule that tells a fact there; null: it is told otherwise there. */
export function ruleIn(context: Context, fact: SchemaFact): string | null {
  const { kind, isWhole, isSilent, isText } = below(context, fact.isWhole, fact.access)
  if (fact.only !== undefined && (fact.only === 'whole') !== isWhole) return null
  const [whole, part, silent] = ofPlaces[kind]
  // What became silent is told by that.
  const place = isSilent && !isWhole ? silent : isWhole ? whole : part
  // Of the parts of a parameter nobody knows how they are written.
  const isWritten = isText && (isWhole || kind.endsWith('body'))
  if (isWritten && fact.inText !== undefined)
    // Whatever it was, it was text: no text is refused.
    return ruleOfFact(place === 'parameter' ? 'type-generalized' : fact.inText, place)
  return ruleOfFact(fact.fact, place)
}

export function isResponse({ kind }: Context): boolean {
  return directionOf[ofPlaces[kind][0]] === 'response'
}

function silentBit(kind: SchemaPlaceKind): number {
  return directionOf[ofPlaces[kind][0]] === 'request' ? readOnly : writeOnly
}
