import { html } from 'hono/html'
import type { LineStatus } from '../checkout.ts'
import { formatMoney } from '../money.ts'
import type { Html } from './layout.ts'

export function purchasePage(home: string, id: string, lines: readonly LineStatus[]): Html {
  const title = titleOf(lines)
  const undecided = lines.some(({ status }) => status?.status === 'placed')
  const refused = lines.some(({ status }) => status === null)
  return html`<h1>${title}</h1>
    <ul class="lines short">
      ${lines.map(
        (line) =>
          html`<li>
            <div class="what">
              <h2>${line.quantity} × ${line.name}</h2>
              <p class="${isBad(line) ? 'obstacle' : 'muted'}">${sentenceOf(line)}</p>
            </div>
            <p class="sum">${line.status ? formatMoney(line.status.amount, line.status.currency) : ''}</p>
          </li>`,
      )}
    </ul>
    ${undecided ? html`<p class="more"><a class="button main" href="${home}/purchases/${id}">Look again</a></p>` : ''}
    ${refused ? html`<p class="more"><a href="${home}/cart">To your cart</a></p>` : ''}
    <p class="more"><a href="${home}">See all items</a></p>`
}

/** The page's one sentence about all of it. Pure. */
export function titleOf(lines: readonly LineStatus[]): string {
  const statuses = lines.map(({ status }) => status?.status ?? 'refused')
  if (statuses.every((status) => status === 'paid')) return 'Thank you, it is paid'
  if (statuses.includes('placed')) return 'Your payment is under way'
  if (statuses.includes('paid')) return 'A part of it is paid'
  if (statuses.includes('payment_failed')) return 'The payment failed'
  return 'Nothing was bought'
}

function isBad({ status }: LineStatus): boolean {
  return status === null || status.status === 'payment_failed' || status.status === 'cancelled'
}

/** What became of one line, with the reason. Pure. */
export function sentenceOf({ status, refusal }: LineStatus): string {
  if (!status) return `Not ordered: ${refusal ?? 'the order did not get through; try again from your cart.'}`
  const reason = status.reason ?? ''
  switch (status.status) {
    case 'paid':
      return `Paid. Order ${status.id}`
    case 'placed':
      return `Being paid. Order ${status.id}`
    case 'payment_failed':
      return failures[reason] ?? 'The payment failed. Nothing was charged.'
    case 'refunded':
      return reason === 'sold_out'
        ? 'Sold out in the meantime: your money is on its way back.'
        : 'Cancelled and refunded.'
    case 'cancelled':
      return reason === 'sold_out'
        ? 'Sold out in the meantime. You get back whatever was charged.'
        : 'Cancelled.'
  }
}

const failures: Record<string, string> = {
  card_declined: 'The bank declined the card. Nothing was charged.',
  card_unknown: 'The bank does not know the card. Nothing was charged.',
  card_refused: 'This card cannot be used here. Nothing was charged.',
}
