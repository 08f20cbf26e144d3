/** Deeper than this only what is required is made. */
export const softDepth = 4
/** Deeper than this nothing is made. */
export const deepest = 60

const mostOptional = 12_000

/** Counts the work on one sample: values that are made or validated, and texts that are tried. */
export class Budget {
  private readonly most: number
  private taken = 0

  constructor(most: number) {
    this.most = most
  }

  /** False: there has been too much. */
  take(cost = 1): boolean {
    this.taken += cost
    return !this.isSpent
  }

  get spent(): number {
    return this.taken
  }

  get isSpent(): boolean {
    return this.taken > this.most
  }

  /** What is not required is left out from here on. */
  get isLow(): boolean {
    return this.taken > mostOptional
  }
}
