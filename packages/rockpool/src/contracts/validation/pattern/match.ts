import type { Place } from './parse.ts'
import type { Step } from './program.ts'

/** Steps times places of a text; of each is known whether it was looked at, in one bit. */
const mostStates = 2 ** 28
const spentAtOnce = 1024

/** What bounds the effort. */
export interface Effort {
  /** Told how many states were looked at; throws to end it. */
  spendMatching(states: number): void
}

/**
 * Whether a program matches anywhere in a text. Looks at each step at each place at most once, so that it takes time
 * in proportion to both, whatever the expression; except for what stands in a look about, which may be looked at again
 * where it has matched: the effort bounds that.
 */
export function isMatch(program: readonly Step[], text: string, unicode: boolean, effort: Effort): boolean {
  const states = program.length * (text.length + 1)
  effort.spendMatching(states > mostStates ? Infinity : states >> 6)
  const matching = new Matching(program, text, unicode, effort)
  for (let at = 0; at <= text.length; at += unicode ? widthAt(text, at) : 1)
    if (matching.reaches(0, at)) return true
  return false
}

class Matching {
  private readonly program: readonly Step[]
  private readonly text: string
  private readonly unicode: boolean
  private readonly effort: Effort
  private readonly width: number
  /** States that were looked at: none of them leads to a match, or it would be over. */
  private readonly seen: Uint32Array
  /** Those of the look about that is under way. */
  private log: number[] | null = null
  private unspent = 0

  constructor(program: readonly Step[], text: string, unicode: boolean, effort: Effort) {
    this.program = program
    this.text = text
    this.unicode = unicode
    this.effort = effort
    this.width = text.length + 1
    this.seen = new Uint32Array(Math.ceil((program.length * this.width) / 32))
  }

  /** Whether a match is reached from a step at a place. */
  reaches(step: number, at: number): boolean {
    // Pairs of step and place, to be looked at yet.
    const left = [step, at]
    while (left.length > 0) {
      const place = left.pop()!
      if (this.follow(left.pop()!, place, left)) return true
    }
    return false
  }

  private follow(start: number, place: number, left: number[]): boolean {
    let at = place
    for (let index = start; this.isNew(index, at);) {
      const step = this.program[index]!
      switch (step.kind) {
        case 'match':
          return true
        case 'go':
          index = step.to
          continue
        case 'fork':
          left.push(step.to, at)
          break
        case 'place':
          if (!this.isPlace(step.place, at)) return false
          break
        case 'look':
          if (this.looks(index + 1, at) !== step.wanted) return false
          index = step.to
          continue
        case 'take': {
          const code = step.backward ? this.codeBefore(at) : this.codeAt(at)
          if (
            !(code < 128 ? step.characters.ascii[code] === 1 : code <= 0x10ffff && step.characters.has(code))
          )
            return false
          const width = code > 0xffff ? 2 : 1
          at += step.backward ? -width : width
        }
      }
      index += 1
    }
    return false
  }

  private looks(step: number, at: number): boolean {
    const outer = this.log
    const log: number[] = []
    this.log = log
    const found = this.reaches(step, at)
    this.log = outer
    // Some of these do lead to a match.
    if (found) for (const state of log) this.seen[state >>> 5]! &= ~(1 << (state & 31))
    return found
  }

  private isNew(index: number, at: number): boolean {
    const state = index * this.width + at
    const bit = 1 << (state & 31)
    if ((this.seen[state >>> 5]! & bit) !== 0) return false
    this.seen[state >>> 5]! |= bit
    this.log?.push(state)
    this.unspent += 1
    if (this.unspent === spentAtOnce) {
      this.effort.spendMatching(this.unspent)
      this.unspent = 0
    }
    return true
  }

  /** Infinity: there is none. */
  private codeAt(at: number): number {
    if (at >= this.text.length) return Infinity
    return this.unicode ? this.text.codePointAt(at)! : this.text.charCodeAt(at)
  }

  private codeBefore(at: number): number {
    if (at === 0) return Infinity
    const pair = this.unicode && at > 1 ? this.text.codePointAt(at - 2)! : 0
    return pair > 0xffff ? pair : this.text.charCodeAt(at - 1)
  }

  private isPlace(place: Place, at: number): boolean {
    if (place === 'start') return at === 0
    if (place === 'end') return at === this.text.length
    const isEdge = isWord(this.text, at - 1) !== isWord(this.text, at)
    return isEdge === (place === 'edge')
  }
}

function isWord(text: string, at: number): boolean {
  return /^\w$/.test(text[at] ?? '')
}

function widthAt(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
}
