import { messageOf } from '../../kernel/index.ts'
import type { Log } from '../../kernel/index.ts'

export interface UnknownKeysOptions {
  /** Tells control. */
  tell: (issuers: string[]) => Promise<void>
  log: Log
}

/** Anybody can make up a key id, so control hears of each issuer once in a while; how soon it looks is its own matter. */
const pauseMs = 5_000

/** What is called for each token whose key is not known: tells control, which may find that its issuer has a new one. */
export function createUnknownKeys({ tell, log }: UnknownKeysOptions): (issuer: string, now: number) => void {
  // As many as there are issuers in the configuration.
  const toldAt = new Map<string, number>()
  return (issuer, now) => {
    if (now - (toldAt.get(issuer) ?? -Infinity) < pauseMs) return
    toldAt.set(issuer, now)
    tell([issuer]).catch((error: unknown) =>
      log.debug({ error: messageOf(error) }, 'control did not hear of an unknown key'),
    )
  }
}
