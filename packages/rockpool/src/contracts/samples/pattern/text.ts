import type { Dice } from '../dice.ts'
import { charactersOf } from './characters.ts'
import type { Characters } from './characters.ts'
import { parsePattern } from './parse.ts'
import type { Part } from './parse.ts'

const longest = 20_000
const mostSteps = 60_000

/** Makes texts of a regular expression. */
export interface PatternTexts {
  /** Lengths of what it matches, in characters; what stands before and after it, unless it is anchored, not counted. */
  readonly least: number
  readonly most: number
  /**
   * A text that is as long, or nearly so. Whether it matches has to be tried: what looks around is not heeded, but
   * with `isWide` characters are taken that it asks for.
   */
  text(length: number, dice: Dice, isWide: boolean): string
}

/** Null: it is no regular expression, or what it matches is too long. */
export function textsOf(source: string): PatternTexts | null {
  const parsed = parsePattern(source)
  if (parsed === null || parsed.part.least > longest) return null
  const { part, flags } = parsed
  const sets = new Map<string, Characters>()
  const characters = (set: string): Characters => {
    const known = sets.get(set)
    if (known !== undefined) return known
    const found = charactersOf(set, flags)
    sets.set(set, found)
    return found
  }
  const wanted = wantedBy(part, characters)
  const text = (length: number, dice: Dice, isWide: boolean) =>
    new Writing(dice, characters, isWide ? wanted : []).write(part, length)
  return { least: part.least, most: part.most, text }
}

class Writing {
  private readonly dice: Dice
  private readonly characters: (set: string) => Characters
  private readonly wanted: readonly string[][]
  private readonly groups = new Map<string, string>()
  private steps = 0

  constructor(dice: Dice, characters: (set: string) => Characters, wanted: readonly string[][]) {
    this.dice = dice
    this.characters = characters
    this.wanted = wanted
  }

  write(part: Part, length: number): string {
    // Repetitions of repetitions of nothing would never end.
    this.steps += 1
    if (this.steps > mostSteps) return ''
    switch (part.kind) {
      case 'text':
        return part.text
      case 'set':
        return this.character(part.source)
      case 'sequence':
        return this.row(part.parts, length)
      case 'either':
        return this.write(this.option(part.options, length), length)
      case 'repeat':
        return this.row(
          Array.from({ length: this.count(part, length) }, () => part.part),
          length,
        )
      case 'group': {
        const text = this.write(part.part, length)
        for (const name of part.names) this.groups.set(name, text)
        return text
      }
      case 'back':
        return this.groups.get(part.to) ?? ''
      case 'look':
        return ''
    }
  }

  /** Shares the length out: to each what it needs, and of the rest a random part. */
  private row(parts: readonly Part[], length: number): string {
    let rest = length
    let room = 0
    let endless = 0
    for (const { least, most } of parts) {
      rest -= least
      if (most === Infinity) endless += 1
      else room += most - least
    }
    let text = ''
    for (const part of parts) {
      const own = part.most - part.least
      if (own === Infinity) endless -= 1
      else room -= own
      const atLeast = endless > 0 ? 0 : Math.min(rest - room, own)
      const share = this.dice.whole(Math.max(0, atLeast), Math.max(0, Math.min(own, rest)))
      text += this.write(part, part.least + share)
      rest -= share
    }
    return text
  }

  private option(options: Part[], length: number): Part {
    const fitting = options.filter(({ least, most }) => least <= length && length <= most)
    return this.dice.pick(fitting.length > 0 ? fitting : options)
  }

  private count({ part, from, to }: { part: Part; from: number; to: number }, length: number): number {
    if (part.most === 0) return Math.min(from, longest)
    const fewest = Math.max(from, Math.ceil(length / part.most))
    const most = Math.min(to, part.least === 0 ? Math.max(from, length) : Math.floor(length / part.least))
    return Math.min(longest, fewest >= most ? Math.min(fewest, to) : this.dice.whole(fewest, most))
  }

  private character(source: string): string {
    const { plain, all } = this.characters(source)
    if (this.wanted.length > 0 && this.dice.fraction() < 0.7) {
      const asked = this.dice.pick(this.wanted).filter((character) => all.includes(character))
      if (asked.length > 0) return this.dice.pick(asked)
    }
    return plain.length === 0 ? '' : this.dice.pick(plain)
  }
}

/** Of each part that looks ahead or behind the characters it names, a dot aside. */
function wantedBy(part: Part, characters: (set: string) => Characters, isLooking = false): string[][] {
  switch (part.kind) {
    case 'text':
      return isLooking ? [[part.text]] : []
    case 'set':
      return isLooking && part.source !== '.' ? [[...characters(part.source).all]] : []
    case 'look':
      return part.part === null ? [] : wantedBy(part.part, characters, true)
    case 'repeat':
    case 'group':
      return wantedBy(part.part, characters, isLooking)
    case 'sequence':
      return part.parts.flatMap((inner) => wantedBy(inner, characters, isLooking))
    case 'either':
      return part.options.flatMap((inner) => wantedBy(inner, characters, isLooking))
    case 'back':
      return []
  }
}
