import type { Pool, Rockpool } from '@rockpool/sdk'
import { removeLines } from './cart.ts'
import { getOrder, placeOrder, tokenizeCard } from './clients.ts'
import type { Item, Order } from './clients.ts'
import { Failure } from './failure.ts'
import type { Findings, Payment } from './form.ts'
import { beginPurchase, dropPurchase, findPurchase, noteLine } from './purchases.ts'
import type { PurchaseLine } from './purchases.ts'

/** A line of the cart with the item as the catalog shows it now; null where it no longer does. */
export interface FilledLine {
  item: string
  quantity: number
  shown: Item | null
}

const paysWithinMs = 4_000

/**
 * Pays for a cart: the card becomes a token, the purchase is noted, and each item is ordered under a key of the
 * purchase. So it may be sent again after anything: what was ordered is not ordered twice. Gives findings where nothing
 * was ordered and the visitor can mend it.
 */
export async function pay(
  rockpool: Rockpool,
  visit: string,
  { purchase, email, card: number }: Payment,
  lines: readonly FilledLine[],
): Promise<Findings | undefined> {
  const { organization } = rockpool.identity()
  const card = await tokenizeCard(rockpool, number)
  if ('code' in card) return { card: card.detail }

  const wanted = lines.map(({ item, quantity, shown }) => ({ item, name: shown?.name ?? item, quantity }))
  const begun = await rockpool.transaction((tx) => beginPurchase(tx, organization, visit, purchase, wanted))
  if (!begun)
    throw new Failure(404, 'No such purchase', 'Open the payment page from your cart and try again.')

  for (const line of begun.filter(({ order }) => order === null)) {
    const order = await placeOrder(rockpool, `${purchase}/${line.item}`, {
      item: line.item,
      quantity: line.quantity,
      card: card.token,
      email,
    })
    const fieldOf: Record<string, keyof Findings> = {
      email_reserved: 'email',
      invalid_input: 'email', // of all that is sent, it alone is as the visitor typed it
      card_refused: 'card',
      card_invalid: 'card',
    }
    const field = 'code' in order ? fieldOf[order.code] : undefined
    if ('code' in order && field) {
      // It is about the form, not about this item: the first order already was refused.
      await rockpool.transaction((tx) => dropPurchase(tx, organization, purchase))
      return {
        [field]: field === 'email' ? `This address cannot be used here. ${order.detail}` : order.detail,
      }
    }
    const outcome = 'code' in order ? { refusal: order.detail } : { order: order.id }
    await rockpool.transaction(async (tx) => {
      await noteLine(tx, organization, purchase, line.item, outcome)
      if ('order' in outcome) await removeLines(tx, organization, visit, [line.item])
    })
  }
  return undefined
}

export interface LineStatus extends PurchaseLine {
  /** Null where nothing was ordered. */
  status: Order | null
}

/** A purchase with its orders as they are now; waits a little for those that are being paid. Undefined: no such one. */
export async function statusOf(
  rockpool: Rockpool,
  database: Pool,
  visit: string | undefined,
  id: string,
): Promise<LineStatus[] | undefined> {
  const { organization } = rockpool.identity()
  const lines = await findPurchase(database, organization, visit, id)
  if (!lines) return undefined
  const until = performance.now() + paysWithinMs
  for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 2, 800)) {
    const found = await Promise.all(
      lines.map(async (line) => ({ ...line, status: line.order && (await getOrder(rockpool, line.order)) })),
    )
    const settled = found.every(({ status }) => !status || status.status !== 'placed')
    if (settled || performance.now() + pauseMs > until)
      return found.map((line) => ({ ...line, status: line.status || null }))
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}
