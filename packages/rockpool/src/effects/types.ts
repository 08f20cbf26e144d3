import type { Actor, Environment } from '@rockpool/sdk/wire'

/*
 * effect      something that leaves the company: a charge, a mail, a call to a partner
 * stand-in    what a sandbox gets instead of it
 * record      one call of an effect: who, with what (sensitive values replaced), and how it ended
 * outcome     started    it began, and its end is not known (yet): the service may have died in the middle
 *             done       it was carried out, in production
 *             stood in   the stand-in answered
 *             denied     it has no stand-in, so nothing happened and the caller got an error
 *             failed     the effect or its stand-in threw
 */

export type EffectOutcome = 'started' | 'done' | 'stood in' | 'denied' | 'failed'

export interface EffectRecord {
  /** UUID, made by the service at the call. */
  id: string
  /** `bank.charge` */
  name: string
  organization: string
  environment: Environment
  actor: Actor
  run: string | null
  /** The service that called it. */
  service: string
  outcome: EffectOutcome
  arguments: unknown
  error: string | null
  /** ISO 8601: when it began. */
  at: string
  /** ISO 8601; null while it is `started`. */
  endedAt: string | null
}

/** A page of records, the oldest first; `next` is null on the last. */
export interface EffectPage {
  items: EffectRecord[]
  next: string | null
}
