import type { Shown } from './authorization.ts'
import type { Passed } from './forwarding.ts'

/**
 * What was read of the headers of requests that repeat them. Most clients send the same ones with every request of a
 * connection: an engine that sees that gives the same list and the same memo, and nothing of it is read again. It holds what
 * was read, never what was decided.
 */
export class HeaderMemo {
  readonly headers: readonly string[]
  /** What of them shows a credential. */
  shown: Shown | undefined
  /** What of them goes on to a service, by what may. */
  readonly passed: (Passed | undefined)[] = []
  private readonly values = new Map<string, readonly string[]>()

  constructor(headers: readonly string[]) {
    this.headers = headers
  }

  /** `read` is asked once for each name. The names are those that the gateway knows, and no client's. */
  valuesOf(name: string, read: () => readonly string[]): readonly string[] {
    const known = this.values.get(name)
    if (known !== undefined) return known
    const values = read()
    this.values.set(name, values)
    return values
  }
}
