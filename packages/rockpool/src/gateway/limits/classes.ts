import type { Actor, Identity } from '@rockpool/sdk/wire'

/**
 * Whose calls go first when a service has too much to do. By the identity, whichever service it comes through.
 *
 *   customer    production's own: people and programs of organizations, and services on their behalf
 *   anonymous   production without a credential
 *   sandbox     all that is called in sandboxes: customers there, checks
 *   bot         programs of ours that only measure or practise: bots, load, drills; in any environment
 */
export type TrafficClass = 'customer' | 'anonymous' | 'sandbox' | 'bot'

/**
 * The part of a service's concurrency up to which a class is still let in. All calls under way count, whosever they are:
 * a service that is 70 % full of customers takes no sandbox's call any more, and sandboxes alone fill no more than 70 %.
 * So of what sheds load the least wanted goes first, and customers always have the last tenth for themselves.
 */
export const shares: Readonly<Record<TrafficClass, number>> = {
  customer: 1,
  anonymous: 0.9,
  sandbox: 0.7,
  bot: 0.5,
}

/** Calls that a service may have under way, unless its configuration says otherwise. */
export const defaultConcurrency = 256

const classesInProduction: Readonly<Partial<Record<Actor, TrafficClass>>> = {
  anonymous: 'anonymous',
  bot: 'bot',
  load: 'bot',
  drill: 'bot',
  // One that calls in production by mistake is not let in before its betters.
  check: 'sandbox',
  example: 'sandbox',
}

/** `identity` is null on routes that know no organization. Pure. */
export function classOf(identity: Pick<Identity, 'actor' | 'environment'> | null): TrafficClass {
  if (identity === null) return 'anonymous'
  const of = classesInProduction[identity.actor] ?? 'customer'
  return identity.environment === 'sandbox' && of !== 'bot' ? 'sandbox' : of
}

/** Calls under way at which a class is refused: of the smallest cap each class has one. Pure. */
export function roomOf(concurrency: number, of: TrafficClass): number {
  return Math.max(1, Math.floor(concurrency * shares[of]))
}
