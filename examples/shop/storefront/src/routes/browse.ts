import type { Rockpool } from '@rockpool/sdk'
import type { Hono } from 'hono'
import { findItem, listItems } from '../clients.ts'
import { Failure } from '../failure.ts'
import { browsePage, itemPage } from '../pages/browse.ts'
import type { Shopper } from '../shopper.ts'
import { style } from '../style.ts'

export function browseRoutes(app: Hono, rockpool: Rockpool, { home, show }: Shopper): void {
  app.get('/:organization/shop', async (context) => {
    const { items, next } = await listItems(rockpool, context.req.query('cursor'))
    return show(context, 'All items', browsePage(home(), items, next))
  })

  app.get('/:organization/shop/items/:id', async (context) => {
    const item = await findItem(rockpool, context.req.param('id'))
    if (!item) throw new Failure(404, 'No such item', 'It is not on sale here, or not any more.')
    return show(context, item.name, itemPage(home(), item))
  })

  app.get('/:organization/shop/style.css', ({ body }) =>
    body(style, 200, { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'max-age=300' }),
  )
}
