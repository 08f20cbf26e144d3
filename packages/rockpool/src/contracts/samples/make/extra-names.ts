import type { JsonObject } from '../../types.ts'
import { textsOf } from '../pattern/text.ts'
import type { Place } from '../place.ts'
import { words } from '../plausible/words.ts'
import { isValid } from '../run.ts'
import type { Run } from '../run.ts'
import type { Generate } from './generate.ts'
import type { ObjectRules } from './members.ts'

const mostNames = 2_000

/** Names that an object does not have yet, such as it allows: those it declares first, then made ones. */
export function* extraNames(
  run: Run,
  rules: ObjectRules,
  place: Place,
  object: JsonObject,
  generate: Generate,
): Generator<string> {
  const isFree = (name: string) =>
    !Object.hasOwn(object, name) && (rules.name === null || isValid(run, rules.name, name))
  for (const name of rules.names) if (isFree(name)) yield name
  const dice = place.dice('names')
  const patterns = rules.patterns.map((pattern) => textsOf(pattern)).filter((texts) => texts !== null)
  for (let index = 0; index < mostNames && !run.budget.isSpent; index += 1) {
    const candidates: string[] = []
    for (const { least, most, text } of patterns)
      candidates.push(text(Math.min(most, least + 4 + (index % 20)), dice, index > 20))
    if (rules.name !== null) {
      const made = generate(run, rules.name, place.member(`~name ${index}`))
      if (typeof made === 'string') candidates.push(made)
    }
    candidates.push(index < words.length ? dice.pick(words) : `${dice.pick(words)}_${index}`)
    for (const name of candidates) if (isFree(name)) yield name
  }
}
