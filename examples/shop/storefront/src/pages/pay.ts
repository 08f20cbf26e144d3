import { html } from 'hono/html'
import type { FilledLine } from '../checkout.ts'
import type { Findings } from '../form.ts'
import { formatMoney } from '../money.ts'
import { totalOf } from './cart.ts'
import type { Html } from './layout.ts'

export interface PayPage {
  home: string
  lines: readonly FilledLine[]
  /** Of the form: sent twice, it is one purchase. */
  purchase: string
  email: string
  findings: Findings
}

export function payPage({ home, lines, purchase, email, findings }: PayPage): Html {
  const total = totalOf(lines)
  const wrong = Object.entries(findings)
  return html`<h1>Payment</h1>
    ${
      wrong.length === 0
        ? ''
        : html`<div class="notice bad" role="alert">
            <h2>${findings.form ? 'Not everything got through' : 'Nothing was ordered'}</h2>
            <ul>
              ${wrong.map(([field, text]) =>
                field === 'form' ? html`<li>${text}</li>` : html`<li><a href="#${field}">${text}</a></li>`,
              )}
            </ul>
          </div>`
    }
    <ul class="lines short">
      ${lines.map(
        ({ item, quantity, shown }) =>
          html`<li>
            <p class="what">${quantity} × ${shown?.name ?? item}</p>
            <p class="sum">${shown ? formatMoney(shown.price * quantity, shown.currency) : ''}</p>
          </li>`,
      )}
    </ul>
    <p class="total"><span>Together</span> <strong>${total?.text ?? ''}</strong></p>
    <form method="post" action="${home}/pay" class="stack">
      <input type="hidden" name="purchase" value="${purchase}" />
      <input type="hidden" name="total" value="${total?.minor ?? 0}" />
      ${field(findings, {
        name: 'email',
        label: 'E-mail address',
        attributes: html`type="email" autocomplete="email" value="${email}"`,
      })}
      ${field(findings, {
        name: 'card',
        label: 'Card number',
        attributes: html`inputmode="numeric" autocomplete="cc-number" maxlength="30"`,
      })}
      <p>
        <button class="main">Pay ${total?.text ?? ''}</button> <a href="${home}/cart">Back to the cart</a>
      </p>
    </form>`
}

function field(
  findings: Findings,
  { name, label, attributes }: { name: 'email' | 'card'; label: string; attributes: Html },
): Html {
  const wrong = findings[name]
  return html`<div class="field">
    <label for="${name}">${label}</label>
    <input
      id="${name}"
      name="${name}"
      ${attributes}
      required
      ${wrong ? html`aria-invalid="true" aria-describedby="${name}-wrong"` : ''}
    />
    ${wrong ? html`<p class="obstacle" id="${name}-wrong">${wrong}</p>` : ''}
  </div>`
}
