import { html } from 'hono/html'
import type { Html } from './layout.ts'

export function failurePage(home: string, title: string, detail: string): Html {
  return html`<h1>${title}</h1>
    <p class="notice bad" role="alert">${detail}</p>
    <p><a href="${home}">See all items</a></p>`
}
