import type { Rockpool } from '@rockpool/sdk'
import { Problem } from './problem.ts'

// The other services, asked as any client asks them: through the gateway. `rockpool.fetch` adds for whom.

export interface CatalogItem {
  id: string
  price: number
  currency: string
  stock: number
}

/** The item as the catalog shows it now. Throws `item_unknown`. */
export async function getItem(rockpool: Rockpool, id: string): Promise<CatalogItem> {
  const { organization } = rockpool.identity()
  const answer = await call(rockpool, 'catalog', `/${organization}/items/${encodeURIComponent(id)}`)
  if (answer.status === 404) throw new Problem(422, 'item_unknown', `There is no item ${id} in this shop.`)
  if (!answer.ok) throw unavailable('catalog')
  return (await answer.json()) as CatalogItem
}

/** Exchanges a card number for a token, so that the number goes no further than here. Throws `card_invalid`. */
export async function tokenizeCard(rockpool: Rockpool, number: string): Promise<string> {
  const { organization } = rockpool.identity()
  const answer = await call(rockpool, 'payments', `/${organization}/cards`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ number }),
  })
  if (answer.status === 422) {
    throw new Problem(422, 'card_invalid', 'The card number is not one.', [
      { path: '/body/card', message: 'is not the number of a card' },
    ])
  }
  if (!answer.ok) throw unavailable('payments')
  const { token } = (await answer.json()) as { token: string }
  return token
}

async function call(
  rockpool: Rockpool,
  service: string,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  try {
    return await rockpool.fetch(path, { ...init, signal: AbortSignal.timeout(5_000) })
  } catch (cause) {
    throw unavailable(service, cause)
  }
}

function unavailable(service: string, cause?: unknown): Problem {
  const problem = new Problem(503, 'unavailable', `The service ${service} cannot be reached just now.`)
  problem.cause = cause
  return problem
}
