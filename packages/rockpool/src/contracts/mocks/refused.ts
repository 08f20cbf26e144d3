/** Something is asked for that cannot be had; the reason names what there is. No value of a contract is one. */
export class Refused {
  readonly reason: string

  constructor(reason: string) {
    this.reason = reason
  }
}
