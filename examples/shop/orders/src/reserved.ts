import type { Identity } from '@rockpool/sdk'
import { isUnder } from './email.ts'
import type { Email } from './email.ts'
import { Problem } from './problem.ts'

/** What belongs to the bots alone. Where the shop has no bots, both are null. */
export interface Reserved {
  /** Bots order under this domain, and nobody else does: so what a bot ordered is found. */
  domain: string | null
  /** Payments charges this token to the company itself. */
  card: string | null
}

export function readReserved(environment: Record<string, string | undefined>): Reserved {
  const { BOTS_DOMAIN: domain, BOT_CARD: card } = environment
  return { domain: domain ? domain.toLowerCase() : null, card: card ? card : null }
}

/** Throws `email_reserved` where a customer would pass for a bot, `email_not_reserved` where a bot would for a customer. Pure. */
export function checkEmail({ domain }: Reserved, { actor }: Pick<Identity, 'actor'>, email?: Email): void {
  if (actor === 'bot') {
    if (domain && email?.domain === domain) return
    throw new Problem(
      422,
      'email_not_reserved',
      'A bot orders under an address of the bots’ domain, and no other.',
      [
        {
          path: '/body/email',
          message: domain ? `must be an address at ${domain}` : 'this shop has no bots',
        },
      ],
    )
  }
  if (domain && email && isUnder(email, domain))
    throw new Problem(422, 'email_reserved', 'Addresses of this domain are for the company’s own bots.', [
      { path: '/body/email', message: `must not be under ${domain}` },
    ])
}

/**
 * The company's card is for bots, each by the token that its own credential names; for a bot there is no other card.
 * Throws `card_refused`, which says nothing of what would be right. Pure.
 */
export function checkCard(
  { card }: Reserved,
  identity: Pick<Identity, 'actor' | 'card'>,
  given: string,
): void {
  const isBot = identity.actor === 'bot'
  const allowed = isBot ? given === card && given === identity.card : given !== card
  if (!allowed)
    throw new Problem(422, 'card_refused', 'This card is not for this order.', [
      { path: '/body/card', message: 'is not a card that may be used here' },
    ])
}
