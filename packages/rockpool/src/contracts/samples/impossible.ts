import type { Place } from './place.ts'

/** Why there is no value for a place. */
export class Impossible {
  readonly reason: string
  readonly place: Place | null
  /** Other dice would not change it. */
  readonly isFinal: boolean

  constructor(reason: string, place: Place | null = null, isFinal = false) {
    this.reason = reason
    this.place = place
    this.isFinal = isFinal
  }

  toString(): string {
    const pointer = this.place?.pointer ?? ''
    return pointer === '' ? this.reason : `${pointer}: ${this.reason}`
  }
}
