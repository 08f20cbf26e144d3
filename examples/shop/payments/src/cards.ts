import type { Identity, Transaction } from '@rockpool/sdk'

export interface Card {
  token: string
  /** Null: the company's own card, which the bank gave it without a number. */
  last4: string | null
}

/**
 * The card that a token may charge for an actor. The company's own card is for its bots, and a bot has no other; what
 * is not allowed is `card_refused`.
 */
export async function cardFor(
  database: Transaction,
  { organization, actor }: Pick<Identity, 'organization' | 'actor'>,
  token: string,
  botCard: string | null,
): Promise<Card | 'card_unknown' | 'card_refused'> {
  const isCompanys = botCard !== null && token === botCard
  if (isCompanys !== (actor === 'bot')) return 'card_refused'
  if (isCompanys) return { token, last4: null }
  return (await findCard(database, organization, token)) ?? 'card_unknown'
}

export async function insertCard(
  tx: Transaction,
  organization: string,
  { token, last4 }: Card,
): Promise<void> {
  await tx.query('insert into cards (organization, token, last4) values ($1, $2, $3)', [
    organization,
    token,
    last4,
  ])
}

async function findCard(
  database: Transaction,
  organization: string,
  token: string,
): Promise<Card | undefined> {
  const { rows } = await database.query<Card>(
    'select token, last4 from cards where organization = $1 and token = $2',
    [organization, token],
  )
  return rows[0]
}
