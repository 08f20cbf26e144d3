import { html } from 'hono/html'
import type { FilledLine } from '../checkout.ts'
import { formatMoney } from '../money.ts'
import { mostOfOne } from '../cart.ts'
import type { Html } from './layout.ts'

/** What a cart costs now: only what can be had counts. Undefined where nothing of it can. */
export function totalOf(lines: readonly FilledLine[]): { text: string; minor: number } | undefined {
  const shown = lines.flatMap(({ shown: item, quantity }) => (item ? [{ ...item, quantity }] : []))
  const [first] = shown
  if (!first) return undefined
  const minor = shown.reduce((sum, { price, quantity }) => sum + price * quantity, 0)
  return { minor, text: formatMoney(minor, first.currency) }
}

/** Why a line cannot be bought as it is; undefined where it can. */
export function obstacleOf({ shown, quantity }: FilledLine): string | undefined {
  if (!shown) return 'It is no longer on sale.'
  if (shown.stock === 0) return 'It is sold out.'
  return shown.stock < quantity ? `Only ${shown.stock} are left.` : undefined
}

export function cartPage(home: string, lines: readonly FilledLine[]): Html {
  const total = totalOf(lines)
  if (lines.length === 0)
    return html`<h1>Your cart</h1>
      <p class="lead">It is empty. <a href="${home}">See all items</a></p>`
  const blocked = lines.some((line) => obstacleOf(line) !== undefined)
  return html`<h1>Your cart</h1>
    <ul class="lines">
      ${lines.map((line) => cartLine(home, line))}
    </ul>
    ${total ? html`<p class="total"><span>Together</span> <strong>${total.text}</strong></p>` : ''}
    ${
      blocked
        ? html`<p class="notice">Change or remove what cannot be had, then you can pay.</p>`
        : html`<p><a class="button main" href="${home}/pay">Go to payment</a></p>`
    }`
}

function cartLine(home: string, line: FilledLine): Html {
  const { item, quantity, shown } = line
  const name = shown?.name ?? item
  const obstacle = obstacleOf(line)
  const id = `quantity-${item}`
  return html`<li>
    <div class="what">
      <h2>${shown ? html`<a href="${home}/items/${item}">${name}</a>` : name}</h2>
      ${shown ? html`<p class="muted">${formatMoney(shown.price, shown.currency)} each</p>` : ''}
      ${obstacle ? html`<p class="obstacle" id="${id}-why">${obstacle}</p>` : ''}
    </div>
    <form method="post" action="${home}/cart" class="row">
      <input type="hidden" name="item" value="${item}" />
      <label class="sr" for="${id}">Quantity of ${name}</label>
      <input
        id="${id}"
        name="quantity"
        type="number"
        inputmode="numeric"
        min="1"
        max="${mostOfOne}"
        value="${quantity}"
        ${obstacle ? html`aria-describedby="${id}-why"` : ''}
        required
      />
      <button name="do" value="set">Update<span class="sr"> ${name}</span></button>
      <button name="do" value="remove" formnovalidate>Remove<span class="sr"> ${name}</span></button>
    </form>
    <p class="sum">${shown ? formatMoney(shown.price * quantity, shown.currency) : ''}</p>
  </li>`
}
