import type { Pool, Rockpool } from '@rockpool/sdk'
import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import { cartLines } from './cart.ts'
import { findItem } from './clients.ts'
import type { FilledLine } from './checkout.ts'
import type { Failure } from './failure.ts'
import { page } from './pages/layout.ts'
import type { Html } from './pages/layout.ts'
import { cookieName, isKnown, visitOf } from './visit.ts'

/** Whoever is looking at the pages. */
export interface Shopper {
  /** The path of the shop of this request's organization. */
  home(): string
  /** The visit of the cookie, where this organization knows it. */
  visit(context: Context): Promise<string | undefined>
  /** The cart, each item as the catalog shows it now. Throws Failure while the catalog cannot be reached. */
  cart(context: Context): Promise<FilledLine[]>
  /** Answers with a page. */
  show(context: Context, title: string, main: Html, status?: Failure['status'] | 200): Promise<Response>
}

export function createShopper(rockpool: Rockpool, database: Pool): Shopper {
  const organization = () => rockpool.identity().organization

  async function visit(context: Context): Promise<string | undefined> {
    const id = visitOf(getCookie(context, cookieName))
    return id !== undefined && (await isKnown(database, organization(), id)) ? id : undefined
  }

  async function lines(context: Context) {
    return cartLines(database, organization(), await visit(context))
  }

  return {
    home: () => `/${organization()}/shop`,
    visit,
    async cart(context) {
      const found = await lines(context)
      return Promise.all(
        found.map(async (line) => ({ ...line, shown: (await findItem(rockpool, line.item)) ?? null })),
      )
    },
    async show(context, title, main, status = 200) {
      // The page of a database that is down knows nothing of the cart.
      const inCart = await lines(context).then(
        (found) => found.reduce((sum, { quantity }) => sum + quantity, 0),
        () => null,
      )
      return context.html(page({ identity: rockpool.identity(), inCart }, title, main), status)
    },
  }
}
