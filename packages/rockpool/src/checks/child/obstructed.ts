/** A dependency of the check itself is down: nothing can be said about the system. */
export class Obstructed extends Error {
  readonly retry: boolean
  readonly optional: boolean

  constructor(message: string, options: { retry: boolean; optional?: boolean }) {
    super(message)
    this.name = 'Obstructed'
    this.retry = options.retry
    this.optional = options.optional ?? false
  }
}
