/*
 * The vocabulary of bots
 *
 * bot          a program that is a customer in production, written as a check is: its scenario is a lifecycle
 * lifecycle    it makes something, finds it, puts it back, and sees that everything is as before; complete when it passes
 * grant        the team's standing consent (configuration): organization, card, how many writes for a run and an hour, why
 * slice        the writes that one run is given of its grant; the gateway counts them. What it did not write is free again after its end
 * created      an entry of the ledger that made something, or perhaps did
 * debt         what ended runs of a bot created, and nobody put back: the next run does, before anything else
 * settled      a run that has no debt any more: its lifecycle was complete, or all that it created was put back
 *
 *   every minute ─► grant? budget? ─no─► it does not run, and says why
 *                        │ yes
 *                        ▼
 *   put back what is left ─► debt ≥ 5? the hour's last slice? ─yes─► stops here, and says so
 *                        │ no
 *                        ▼
 *                    lifecycle ──► complete: its own is settled      ──► failed, killed: its own is debt
 */
import type { GrantConfig } from '../kernel/index.ts'
import type { LedgerEntry } from '../sandboxes/index.ts'

/** What control hands to a run of a bot besides organization and credential. */
export interface BotOrder {
  name: string
  run: string
  domain: string
  organization: string
  card: string | null
  /** Debt that is to be put back now, at most 50 things. */
  leftovers: LedgerEntry[]
  /** How many things there are in all. */
  debt: number
  /** Why it may do nothing but put them back, for the hour's budget. Null: it may. */
  putsBackAlone: string | null
}

export type BotGrant = GrantConfig
