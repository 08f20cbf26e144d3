import type { Duration, Fixtures } from '../../checks/light.ts'
import type { LedgerEntry } from '../../sandboxes/index.ts'

/*
 * The vocabulary of a bot file
 *
 * bot        a customer that is a program: it uses the API in production, under an address of the bots' domain
 * lifecycle  the body: it makes something, finds it, puts it back and sees that all is as before, each a step
 * created    an entry of the ledger: something that an earlier run made and did not put back, because it failed or was killed
 */

export interface BotOptions {
  /** The runner runs it once in each such stretch of time. */
  every: Duration
  /** One run may take this long, what it puts back for earlier ones included; default 60s. */
  timeout?: Duration
  /**
   * Puts back one thing that an earlier run made, before the lifecycle begins. It has put it back when it returns, and
   * throws where it cannot; it may be asked for the same thing again. Where the answer of the call was lost, `resource`
   * and `location` are null, and there may be nothing: look for it by `created.idempotencyKey`, where the call had one, or by
   * `bot.emailOf(created.run)`.
   */
  putBack: (fixtures: BotFixtures, created: Created) => unknown
}

/** The body of a bot. Its lifecycle is complete when it returns, and failed when it throws. */
export type BotBody = (fixtures: BotFixtures) => unknown

/** Something that a run of this bot made, as the gateway wrote it down. */
export type Created = LedgerEntry & { run: string }

export interface BotFixtures extends Omit<Fixtures, 'sandbox' | 'faults'> {
  bot: Bot
  /** What this run wrote so far, by the gateway's word: it comes within a moment, so wait for it with `until`. */
  ledger(): Promise<LedgerEntry[]>
}

export interface Bot {
  readonly name: string
  /** Of this run: `<bot>+<run>@<domain>`. */
  readonly email: string
  /** What all bots' addresses end in. */
  readonly domain: string
  /** The token that its grant names, which the shop takes from this bot alone; null: it has none. */
  readonly card: string | null
  /** The production organization that it is a customer of; `api` fills it in as the first path parameter. */
  readonly organization: string
  readonly run: string
  /** The address that another run of this bot had. */
  emailOf(run: string): string
}

export type { LedgerEntry }
