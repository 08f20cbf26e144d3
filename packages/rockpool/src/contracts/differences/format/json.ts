import { ruleOf } from '../rules.ts'
import type { Difference, Told } from '../types.ts'
import { sentenceOf, weightOf, weights } from './sentence.ts'

/** Of a schema that everything meets, nobody reads who does; how many do is said. */
const mostUses = 100

/**
 * For programs: how many of which weight, and all differences with what they say to people.
 * @param traffic whom they meet, where it is known: member `traffic` of each
 */
export function formatJson(differences: Difference[], { traffic }: Pick<Told, 'traffic'> = {}): string {
  const counts = weights.map((weight) => [
    weight,
    differences.filter((each) => weightOf(each) === weight).length,
  ])
  const all = differences.map((difference) => {
    const { uses, ...rest } = difference
    return {
      ...rest,
      weight: weightOf(difference),
      sentence: sentenceOf(difference, (value) => value),
      advice: ruleOf(difference.rule).advice,
      uses: uses.slice(0, mostUses),
      usesInAll: uses.length,
      ...(traffic !== undefined && { traffic: traffic.get(difference.fingerprint) ?? 'unknown' }),
    }
  })
  return JSON.stringify({ counts: Object.fromEntries(counts), differences: all }, null, 2) + '\n'
}
