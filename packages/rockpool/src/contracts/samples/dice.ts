/** 64 bits, as two numbers of 32. */
export interface Hash {
  readonly a: number
  readonly b: number
}

export const emptyHash: Hash = { a: 0x243f6a88, b: 0x13198a2e }

/** The hash of what was hashed before, followed by this text: `ab`, `c` and `a`, `bc` differ. */
export function hashOn(hash: Hash, text: string): Hash {
  let { a, b } = hash
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index) + 1
    a = Math.imul(a ^ unit, 0x01000193)
    b = Math.imul((b ^ unit) + (b >>> 13), 0x5bd1e995)
  }
  a = scramble(a ^ Math.imul(text.length, 0x9e3779b1))
  return { a, b: scramble(b ^ a) }
}

/** Numbers that look random, the same ones each time for the same hash. */
export class Dice {
  private a: number
  private b: number

  constructor(hash: Hash) {
    this.a = hash.a
    this.b = hash.b
  }

  /** From 0 to below 1. */
  fraction(): number {
    return this.bits() / 0x1_0000_0000
  }

  /** A whole number from `least` to `most`, both included. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.fraction() * (most - least + 1))
  }

  pick<T>(list: ArrayLike<T>): T {
    return list[Math.floor(this.fraction() * list.length)]!
  }

  /** So many characters of an alphabet. */
  text(length: number, alphabet: string): string {
    let text = ''
    while (text.length < length) text += this.pick(alphabet)
    return text
  }

  private bits(): number {
    this.a = (this.a + 0x9e3779b9) | 0
    this.b = (this.b + 0x85157af5) | 0
    return scramble(this.a ^ scramble(this.b)) >>> 0
  }
}

/** Each bit of what goes in changes half of what comes out. */
function scramble(value: number): number {
  let mixed = value
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}
