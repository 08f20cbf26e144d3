import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Pool, Rockpool } from '@rockpool/sdk'
import type { Bank } from './bank.ts'
import { readCardNumber } from './card.ts'
import { insertCard } from './cards.ts'
import { readJson, readPage, sendJson } from './http.ts'
import { findPayment, listPayments } from './payments.ts'
import { Problem } from './problem.ts'

/** Answers one request of an organization. Throws what `sendProblem` answers. */
export function createRoutes(rockpool: Rockpool, database: Pool, bank: Bank) {
  return async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://payments')
    const [, , resource, id, ...rest] = pathname.split('/').map(decodeURIComponent)
    if (request.method === 'GET' && pathname === '/health') return sendJson(response, 200, { status: 'ok' })
    if (rest.length > 0) throw notFound()

    if (request.method === 'POST' && resource === 'cards' && id === undefined) {
      return sendJson(response, 201, await tokenizeCard(await readJson(request)))
    }
    if (request.method === 'GET' && resource === 'payments') {
      return sendJson(response, 200, id === undefined ? await list(searchParams) : await get(id))
    }
    throw notFound()
  }

  async function tokenizeCard(body: unknown): Promise<{ token: string; last4: string }> {
    const { organization, actor } = rockpool.identity()
    if (actor === 'bot')
      throw new Problem(422, 'card_refused', 'A bot pays with the card that its credential names.')
    const number = readCardNumber(body)
    const { token } = await bank.saveCard({ number })
    const card = { token, last4: number.slice(-4) }
    await rockpool.transaction((tx) => insertCard(tx, organization, card))
    return card
  }

  async function list(query: URLSearchParams) {
    const { organization } = rockpool.identity()
    return listPayments(database, organization, { ...readPage(query), order: query.get('order') })
  }

  async function get(id: string) {
    const { organization } = rockpool.identity()
    const found = await findPayment(database, organization, id)
    if (!found) throw new Problem(404, 'payment_unknown', `There is no payment ${id} in this shop.`)
    return found.payment
  }
}

function notFound(): Problem {
  return new Problem(404, 'not_found', 'There is nothing at this path.')
}
