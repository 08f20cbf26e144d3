/** A regular expression as ECMA 262 (22.2.1) writes it, as far as it says which texts match: captures say nothing of that. */
export type Expression =
  /** One character: of the text itself, or by an expression that stands for one, such as `.`, `\d`, `[a-z]`. */
  | { kind: 'character'; literal: string | null; source: string }
  | { kind: 'sequence'; parts: Expression[] }
  | { kind: 'choice'; parts: Expression[] }
  | { kind: 'repeat'; part: Expression; least: number; most: number }
  | { kind: 'look'; part: Expression; ahead: boolean; wanted: boolean }
  | { kind: 'place'; place: Place }

export type Place = 'start' | 'end' | 'edge' | 'noEdge'

/** What is not understood: back references and modifiers. */
export class Unsupported extends Error {}

const maxNesting = 100

/**
 * Reads an expression that RegExp takes with these flags, so that what it does not take need not be found here.
 * @param unicode it is read with the flag `u`
 * @throws Unsupported
 */
export function parseExpression(source: string, unicode: boolean): Expression {
  return new Parser(source, unicode).read()
}

const places: Readonly<Record<string, Place>> = { '^': 'start', $: 'end' }
const escapedPlaces: Readonly<Record<string, Place>> = { b: 'edge', B: 'noEdge' }
const simpleQuantifiers: Readonly<Record<string, [number, number]>> = {
  '*': [0, Infinity],
  '+': [1, Infinity],
  '?': [0, 1],
}
const looks: readonly [string, boolean, boolean][] = [
  ['(?=', true, true],
  ['(?!', true, false],
  ['(?<=', false, true],
  ['(?<!', false, false],
]
/** Of one escape, without its backslash: 22.2.1 CharacterEscape, CharacterClassEscape. */
const unicodeEscape =
  /u\{[0-9a-fA-F]+\}|u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|[pP]\{[^}]*\}/y
const escape = /u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|c[a-zA-Z]|[^]/y

class Parser {
  private readonly source: string
  private readonly unicode: boolean
  private at = 0
  private nesting = 0

  constructor(source: string, unicode: boolean) {
    this.source = source
    this.unicode = unicode
  }

  read(): Expression {
    const expression = this.choice()
    if (this.at < this.source.length) throw new Unsupported('it ends before its end')
    return expression
  }

  private choice(): Expression {
    const parts = [this.sequence()]
    while (this.take('|')) parts.push(this.sequence())
    return parts.length === 1 ? parts[0]! : { kind: 'choice', parts }
  }

  private sequence(): Expression {
    const parts: Expression[] = []
    while (this.at < this.source.length && !this.isNext('|') && !this.isNext(')'))
      parts.push(this.quantified(this.atom()))
    return { kind: 'sequence', parts }
  }

  private quantified(part: Expression): Expression {
    const bounds = this.quantifier()
    if (bounds === null) return part
    this.take('?')
    return { kind: 'repeat', part, least: bounds[0], most: bounds[1] }
  }

  private quantifier(): [number, number] | null {
    const simple = simpleQuantifiers[this.source[this.at] ?? '']
    if (simple !== undefined) this.at += 1
    if (simple !== undefined || !this.isNext('{')) return simple ?? null
    // Without the flag `u`, braces that are no quantifier are themselves.
    const match = this.match(/\{(\d+)(?:(,)(\d*))?\}/y)
    if (match === null) return null
    const least = Number(match[1])
    if (match[2] === undefined) return [least, least]
    return [least, match[3] === '' ? Infinity : Number(match[3])]
  }

  private atom(): Expression {
    const place = places[this.source[this.at]!]
    if (place !== undefined) {
      this.at += 1
      return { kind: 'place', place }
    }
    if (this.isNext('(')) return this.group()
    if (this.isNext('[')) return this.set()
    if (this.take('.')) return { kind: 'character', literal: null, source: '.' }
    if (this.take('\\')) return this.escaped()
    const literal = this.unicode
      ? String.fromCodePoint(this.source.codePointAt(this.at)!)
      : this.source[this.at]!
    this.at += literal.length
    return { kind: 'character', literal, source: literal }
  }

  private group(): Expression {
    this.nesting += 1
    if (this.nesting > maxNesting) throw new Unsupported('its groups are nested too deep')
    const look = looks.find(([start]) => this.take(start))
    if (look === undefined) this.open()
    const part = this.choice()
    this.take(')')
    this.nesting -= 1
    return look === undefined ? part : { kind: 'look', part, ahead: look[1], wanted: look[2] }
  }

  private open(): void {
    if (this.take('(?:') || this.match(/\(\?<[^>]*>/y) !== null) return
    if (this.isNext('(?')) throw new Unsupported('it changes its own flags')
    this.at += 1
  }

  private set(): Expression {
    const start = this.at
    this.at += 1
    while (this.at < this.source.length && !this.isNext(']')) this.at += this.isNext('\\') ? 2 : 1
    this.at += 1
    return { kind: 'character', literal: null, source: this.source.slice(start, this.at) }
  }

  private escaped(): Expression {
    const place = escapedPlaces[this.source[this.at] ?? '']
    if (place !== undefined) {
      this.at += 1
      return { kind: 'place', place }
    }
    if (/[1-9k]/.test(this.source[this.at] ?? ''))
      throw new Unsupported('it refers back to what it has matched')
    const match = (this.unicode && this.match(unicodeEscape)) || this.match(escape)
    if (match === null || match[0] === 'c' || (match[0] === '0' && /\d/.test(this.source[this.at] ?? '')))
      throw new Unsupported('it has an escape without a meaning')
    return { kind: 'character', literal: null, source: `\\${match[0]}` }
  }

  private isNext(text: string): boolean {
    return this.source.startsWith(text, this.at)
  }

  private take(text: string): boolean {
    if (!this.isNext(text)) return false
    this.at += text.length
    return true
  }

  private match(form: RegExp): RegExpExecArray | null {
    form.lastIndex = this.at
    const match = form.exec(this.source)
    if (match !== null) this.at += match[0].length
    return match
  }
}
