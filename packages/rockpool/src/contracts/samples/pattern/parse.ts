/** A part of a regular expression, with the lengths of what it matches, in characters. */
export type Part = Lengths &
  (
    | { kind: 'text'; text: string }
    /** One character of a set; the set as it is written. */
    | { kind: 'set'; source: string }
    | { kind: 'sequence'; parts: Part[] }
    | { kind: 'either'; options: Part[] }
    | { kind: 'repeat'; part: Part; from: number; to: number }
    | { kind: 'group'; part: Part; names: string[] }
    | { kind: 'back'; to: string }
    /** `^`, `$`, `\b`, and what looks around: they match nothing themselves. */
    | { kind: 'look'; part: Part | null }
  )

interface Lengths {
  least: number
  most: number
}

const deepest = 200
const nothing: Part = { kind: 'sequence', parts: [], least: 0, most: 0 }

/**
 * Reads a regular expression (ECMA-262, 22.2.1, and Annex B.1.2 where it is written so). Null: it is none, or nested too
 * deep. `flags`: those that it compiles with.
 */
export function parsePattern(source: string): { part: Part; flags: string } | null {
  const flags = ['u', ''].find((candidate) => compiles(source, candidate))
  if (flags === undefined) return null
  try {
    return { part: new Parser(source).parse(), flags }
  } catch {
    return null
  }
}

function compiles(source: string, flags: string): boolean {
  try {
    return new RegExp(source, flags) instanceof RegExp
  } catch {
    return false
  }
}

class Parser {
  private readonly source: string
  private at = 0
  private groups = 0
  private depth = 0

  constructor(source: string) {
    this.source = source
  }

  parse(): Part {
    const part = this.either()
    if (this.at < this.source.length) throw new SyntaxError(`unexpected ${this.source[this.at]}`)
    return part
  }

  private either(): Part {
    this.depth += 1
    if (this.depth > deepest) throw new SyntaxError('too deep')
    const options = [this.sequence()]
    while (this.take('|')) options.push(this.sequence())
    this.depth -= 1
    if (options.length === 1) return options[0]!
    const least = Math.min(...options.map((option) => option.least))
    return { kind: 'either', options, least, most: Math.max(...options.map((option) => option.most)) }
  }

  private sequence(): Part {
    const parts: Part[] = []
    while (this.at < this.source.length && !'|)'.includes(this.source[this.at]!))
      parts.push(this.repeated(this.atom()))
    return parts.length === 1 ? parts[0]! : { kind: 'sequence', parts, ...sum(parts) }
  }

  private atom(): Part {
    const from = this.at
    if (this.take('(')) return this.group()
    if (this.take('[')) return this.set(from)
    if (this.take('\\')) return this.escape(from)
    if (this.take('^') || this.take('$')) return look(null)
    if (this.take('.')) return { kind: 'set', source: '.', least: 1, most: 1 }
    const text = String.fromCodePoint(this.source.codePointAt(this.at)!)
    this.at += text.length
    return { kind: 'text', text, least: 1, most: 1 }
  }

  private group(): Part {
    const opening = /^\?(?::|=|!|<=|<!|<([^>]+)>|[ims-]+:)/.exec(this.source.slice(this.at, this.at + 200))
    this.at += opening?.[0].length ?? 0
    const isGroup = opening === null || opening[1] !== undefined
    const number = isGroup ? (this.groups += 1) : 0
    const part = this.either()
    if (!this.take(')')) throw new SyntaxError('a group without an end')
    const { least, most } = part
    const names = opening?.[1] === undefined ? [String(number)] : [String(number), opening[1]]
    if (isGroup) return { kind: 'group', part, names, least, most }
    if (/^\?(?:=|!|<=|<!)$/.test(opening[0])) return look(opening[0].endsWith('!') ? null : part)
    return part
  }

  private set(from: number): Part {
    for (; this.source[this.at] !== ']'; this.at += 1) if (this.source[this.at] === '\\') this.at += 1
    this.at += 1
    return { kind: 'set', source: this.source.slice(from, this.at), least: 1, most: 1 }
  }

  private escape(from: number): Part {
    const rest = this.source.slice(this.at, this.at + 100)
    const back = /^(?:k<([^>]+)>|([1-9]\d*))/.exec(rest)
    if (back !== null) {
      this.at += back[0].length
      return { kind: 'back', to: (back[1] ?? back[2])!, least: 0, most: 0 }
    }
    if (/^[bB]/.test(rest)) {
      this.at += 1
      return look(null)
    }
    const escaped =
      /^(?:u\{[\da-fA-F]+\}|u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|c[a-zA-Z]|[pP]\{[^}]*\}|[^])/u
    this.at += escaped.exec(rest)?.[0].length ?? 1
    return { kind: 'set', source: this.source.slice(from, this.at), least: 1, most: 1 }
  }

  private repeated(part: Part): Part {
    const rest = this.source.slice(this.at, this.at + 50)
    const found = /^(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/.exec(rest)
    if (found === null) return part
    this.at += found[0].length
    const [from, to] = boundsOf(found)
    const least = times(part.least, from)
    return { kind: 'repeat', part, from, to, least, most: times(part.most, to) }
  }

  private take(character: string): boolean {
    if (this.source[this.at] !== character) return false
    this.at += 1
    return true
  }
}

function boundsOf([, sign, from, comma, to]: RegExpExecArray): [number, number] {
  if (sign !== undefined) return [sign === '+' ? 1 : 0, sign === '?' ? 1 : Infinity]
  if (comma === '') return [Number(from), Number(from)]
  return [Number(from), to === '' ? Infinity : Number(to)]
}

function look(part: Part | null): Part {
  return part === null ? { ...nothing, kind: 'look', part } : { kind: 'look', part, least: 0, most: 0 }
}

function sum(parts: Part[]): Lengths {
  return {
    least: parts.reduce((total, { least }) => total + least, 0),
    most: parts.reduce((total, { most }) => total + most, 0),
  }
}

/** Nothing, ever so often, is nothing. */
function times(length: number, count: number): number {
  return length === 0 || count === 0 ? 0 : length * count
}
