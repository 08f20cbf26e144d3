import type { Json } from '../../types.ts'
import type { Dice } from '../dice.ts'
import { Impossible } from '../impossible.ts'
import { textsOf } from '../pattern/text.ts'
import type { PatternTexts } from '../pattern/text.ts'
import type { Place } from '../place.ts'
import { formatOf } from '../plausible/formats.ts'
import { guessFor, sentence } from '../plausible/names.ts'
import { words } from '../plausible/words.ts'
import type { Run } from '../run.ts'
import type { Generate } from './generate.ts'
import { rulesFor } from '../shape/shape.ts'
import type { Shape } from '../shape/types.ts'

const longest = 100_000
const mostTries = 80

interface StringRules {
  least: number
  most: number
  patterns: { source: string; texts: PatternTexts | null }[]
  format: string | undefined
}

/** A text that its format, its pattern or its name suggests, of an allowed length. */
export function makeString(run: Run, shape: Shape, place: Place, generate: Generate): Json | Impossible {
  const rules = rulesFor(shape, 'string', () => rulesOf(shape))
  if (rules.least > rules.most) return new Impossible('no length is allowed', place, true)
  if (rules.least > longest)
    return new Impossible(`a text of ${rules.least} characters is too long`, place, true)
  const dice = place.dice('text')
  const suits = (text: string) =>
    fits(text, rules) && rules.patterns.every(({ source }) => run.matches(source, text))
  const within = jsonWithin(run, shape, place, generate)
  if (within !== undefined && suits(within)) return within
  for (const text of suggestions(shape, rules, place, dice)) if (suits(text)) return text
  return rules.patterns.length === 0
    ? new Impossible(`no text of the format ${rules.format} has an allowed length`, place)
    : fromPatterns(run, rules, dice, suits, place)
}

/** JSON in a text, of the schema that it says it has (JSON Schema 2020-12 validation, 8.5). */
function jsonWithin(run: Run, { conjuncts }: Shape, place: Place, generate: Generate): string | undefined {
  for (const { schema } of conjuncts) {
    const { contentSchema, contentMediaType = '', contentEncoding } = schema
    if (contentSchema === undefined || contentEncoding !== undefined) continue
    if (!/^application\/(?:[^;]*\+)?json\s*(?:;|$)/i.test(contentMediaType)) continue
    const made = generate(run, run.node(contentSchema), place.member('~content'))
    if (!(made instanceof Impossible) && run.validator.isValid(contentSchema, made))
      return JSON.stringify(made)
  }
  return undefined
}

function rulesOf({ conjuncts }: Shape): StringRules {
  const rules: StringRules = { least: 0, most: Infinity, patterns: [], format: undefined }
  for (const { schema } of conjuncts) {
    rules.least = Math.max(rules.least, schema.minLength ?? 0)
    rules.most = Math.min(rules.most, schema.maxLength ?? Infinity)
    const encoding = schema.contentEncoding === 'base64' ? 'base64' : undefined
    const format = [schema.format, encoding].find(
      (name) => name !== undefined && formatOf(name) !== undefined,
    )
    rules.format ??= format
    const { pattern: source } = schema
    if (source !== undefined && rules.patterns.every((other) => other.source !== source))
      rules.patterns.push({ source, texts: textsOf(source) })
  }
  return rules
}

function* suggestions(shape: Shape, rules: StringRules, place: Place, dice: Dice): Generator<string> {
  const format = rules.format === undefined ? undefined : formatOf(rules.format)
  const texts = format === undefined ? guessed(shape, place, dice) : format.texts(place, dice)
  yield* texts
  for (const text of texts) {
    const missing = rules.least - lengthOf(text)
    if (format === undefined) yield fitted(text, rules, dice)
    else if (missing > 0 && format.stretch !== undefined) yield format.stretch(text, missing)
  }
  if (rules.patterns.length > 0 && format !== undefined)
    for (let attempt = 0; attempt < 10; attempt += 1) yield* format.texts(place, dice)
}

function guessed(shape: Shape, place: Place, dice: Dice): string[] {
  const { name, isItem } = place
  return rulesFor(shape, `text ${isItem ? 'item' : 'member'} ${name}`, () => guessFor(name, isItem))(
    place,
    dice,
  )
}

/** Cut off, or with more words. */
function fitted(text: string, { least, most }: StringRules, dice: Dice): string {
  if (lengthOf(text) > most) {
    const cut = [...text].slice(0, most).join('')
    return cut.endsWith(' ') ? `${cut.slice(0, -1)}s` : cut
  }
  let longer = text
  while (longer.length < least - 60) longer += ` ${sentence(dice)}`
  while (longer.length < least) longer += ` ${dice.pick(words)}`
  return longer.length > most ? `${longer.slice(0, most - 1)}s` : longer
}

function fromPatterns(
  run: Run,
  rules: StringRules,
  dice: Dice,
  suits: (text: string) => boolean,
  place: Place,
): string | Impossible {
  for (let attempt = 0; attempt < mostTries && run.budget.take(1 + (attempt >> 2)); attempt += 1) {
    const isWide = attempt >= mostTries / 4
    const written = rules.patterns.map(({ texts }) => textOf(texts, rules, dice, attempt, isWide))
    const candidates = [written[attempt % written.length]!, written.join(''), written.toReversed().join('')]
    for (const text of candidates)
      for (const candidate of [text, ...padded(text, rules.least, dice)])
        if (suits(candidate)) return candidate
  }
  const { source } = rules.patterns[0]!
  return new Impossible(`no text was found that matches ${source.slice(0, 100)}`, place)
}

/** Of a likely length; the more attempts there were, the longer it may be. */
function textOf(
  texts: PatternTexts | null,
  rules: StringRules,
  dice: Dice,
  attempt: number,
  isWide: boolean,
): string {
  if (texts === null) return ''
  const least = Math.max(texts.least, Math.min(rules.least, texts.most))
  const most = Math.max(least, Math.min(rules.most, texts.most, least + 10 + attempt))
  return texts.text(dice.whole(least, most), dice, isWide)
}

/** Where a pattern is not anchored, anything may stand around what it matches. */
function padded(text: string, least: number, dice: Dice): string[] {
  const missing = least - lengthOf(text)
  if (missing <= 0) return []
  const padding = dice.text(missing, 'abcdefghijklmnopqrstuvwxyz')
  return [text + padding, padding + text]
}

function fits(text: string, { least, most }: StringRules): boolean {
  const length = lengthOf(text)
  return length >= least && length <= most
}

/** In characters, not in the units of UTF-16 (JSON Schema 2020-12 validation, 6.3). */
function lengthOf(text: string): number {
  let length = 0
  for (const _ of text) length += 1
  return length
}
