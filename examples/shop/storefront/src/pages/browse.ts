import { html } from 'hono/html'
import type { Item } from '../clients.ts'
import { formatMoney } from '../money.ts'
import type { Html } from './layout.ts'

export function browsePage(home: string, items: readonly Item[], next: string | null): Html {
  if (items.length === 0)
    return html`<h1>All items</h1>
      <p class="lead">Nothing is on sale yet.</p>`
  return html`<h1>All items</h1>
    <ul class="items">
      ${items.map(
        (item) =>
          html`<li>
            <h2><a href="${home}/items/${item.id}">${item.name}</a></h2>
            <p class="price">${formatMoney(item.price, item.currency)}</p>
            <p class="muted">${inStock(item.stock)}</p>
          </li>`,
      )}
    </ul>
    ${
      next === null
        ? ''
        : html`<p class="more"><a href="${home}?cursor=${encodeURIComponent(next)}">More items</a></p>`
    }`
}

export function itemPage(home: string, item: Item): Html {
  return html`<h1>${item.name}</h1>
    <p class="price big">${formatMoney(item.price, item.currency)}</p>
    <p class="muted">${inStock(item.stock)}</p>
    ${
      item.stock === 0
        ? html`<p class="notice">
            It is sold out. <a href="${home}">Look for something else</a>, or come back later.
          </p>`
        : html`<form method="post" action="${home}/cart" class="row">
            <input type="hidden" name="item" value="${item.id}" />
            <label for="quantity">Quantity</label>
            <input
              id="quantity"
              name="quantity"
              type="number"
              inputmode="numeric"
              min="1"
              max="${Math.min(item.stock, 100)}"
              value="1"
              required
            />
            <button class="main" name="do" value="add">Add to cart</button>
          </form>`
    }`
}

function inStock(stock: number): string {
  if (stock === 0) return 'Sold out'
  return stock < 10 ? `Only ${stock} left` : 'In stock'
}
