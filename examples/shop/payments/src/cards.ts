import type { Transaction } from '@rockpool/sdk'

export interface Card {
  token: string
  last4: string
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

export async function findCard(
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
