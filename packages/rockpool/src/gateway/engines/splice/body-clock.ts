import { timeFor } from '../body-time.ts'

/** Until when the body of a request has to be whole, as body-time.ts counts it. */
export class BodyClock {
  /** In milliseconds of `performance.now()`. */
  due = Infinity
  private heldSince = 0

  begin(bodyMs: number): void {
    this.due = performance.now() + bodyMs
    this.heldSince = 0
  }

  came(bytes: number): void {
    this.due += timeFor(bytes)
  }

  /** The service takes no more of it for now. */
  hold(): void {
    if (this.heldSince === 0) this.heldSince = performance.now()
  }

  release(): void {
    if (this.heldSince > 0) this.due += performance.now() - this.heldSince
    this.heldSince = 0
  }
}
