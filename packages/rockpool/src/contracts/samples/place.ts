import { escapeToken } from '../source/origins.ts'
import { Dice, emptyHash, hashOn } from './dice.ts'
import type { Hash } from './dice.ts'

/** A place in a value that is being made. What is random about it hangs on seed, key and JSON pointer alone. */
export class Place {
  readonly parent: Place | null
  readonly token: string
  /** What the value is called: its member's name, of an item that of its list. */
  readonly name: string
  readonly isItem: boolean
  readonly depth: number
  readonly hash: Hash
  /** How often it has been tried before. */
  readonly roll: number
  /** Names of the schemas that lead to what stands here. */
  through: readonly string[] = []

  private constructor(
    parent: Place | null,
    token: string,
    name: string,
    isItem: boolean,
    hash: Hash,
    roll = 0,
  ) {
    this.parent = parent
    this.token = token
    this.name = name
    this.isItem = isItem
    this.depth = parent === null ? 0 : parent.depth + 1
    this.hash = hash
    this.roll = roll
  }

  static root(seed: string, key: string): Place {
    return new Place(null, '', '', false, hashOn(hashOn(emptyHash, seed), key))
  }

  member(name: string): Place {
    return new Place(this, name, name, false, hashOn(this.hash, name))
  }

  item(index: number): Place {
    const token = String(index)
    return new Place(this, token, this.name, true, hashOn(this.hash, token))
  }

  /** The same place, tried again. The first try is 0. */
  again(roll: number): Place {
    if (roll === 0) return this
    return new Place(
      this.parent,
      this.token,
      this.name,
      this.isItem,
      hashOn(this.hash, `~roll ${roll}`),
      this.roll + roll,
    )
  }

  dice(purpose: string): Dice {
    return new Dice(hashOn(this.hash, `~${purpose}`))
  }

  /** JSON pointer (RFC 6901). */
  get pointer(): string {
    return this.parent === null ? '' : `${this.parent.pointer}/${escapeToken(this.token)}`
  }

  /** A schema of this name is being sampled here, or further out. */
  isWithin(name: string): boolean {
    return this.through.includes(name) || (this.parent?.isWithin(name) ?? false)
  }
}
