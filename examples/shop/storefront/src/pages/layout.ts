import { html } from 'hono/html'
import type { Identity } from '@rockpool/sdk'

/** What hono/html makes: text with everything that was put into it escaped. */
export type Html = ReturnType<typeof html>

/** What every page knows. */
export interface Frame {
  identity: Pick<Identity, 'organization' | 'environment'>
  /** How many things are in the cart; null where nobody could look. */
  inCart: number | null
}

/** The frame of every page: it works without a script, and brings none. */
export function page({ identity, inCart }: Frame, title: string, main: Html): Html {
  const { organization, environment } = identity
  const home = `/${organization}/shop`
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · ${organization}</title>
        <link rel="stylesheet" href="${home}/style.css" />
        <link rel="icon" href="data:," />
      </head>
      <body>
        <a class="skip" href="#main">To the content</a>
        ${
          environment === 'sandbox'
            ? html`<p class="sandbox">This is a sandbox: no card is charged and nothing is sent.</p>`
            : ''
        }
        <header>
          <a class="brand" href="${home}">${organization}</a>
          <nav aria-label="Shop">
            <a href="${home}">All items</a>
            <a href="${home}/cart">Cart${inCart ? html` <span class="count">${inCart}</span>` : ''}</a>
          </nav>
        </header>
        <main id="main" tabindex="-1">${main}</main>
        <footer>An example shop. Card 4242 4242 4242 4242 pays, 4000 0000 0000 0002 is declined.</footer>
      </body>
    </html>`
}
