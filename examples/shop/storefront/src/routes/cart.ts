import type { Pool, Rockpool } from '@rockpool/sdk'
import type { Hono } from 'hono'
import { addLine, mostLines, setLine } from '../cart.ts'
import { findItem } from '../clients.ts'
import { Failure } from '../failure.ts'
import { readForm, readItemId, readQuantity } from '../form.ts'
import { originOf } from '../origin.ts'
import { cartPage } from '../pages/cart.ts'
import type { Shopper } from '../shopper.ts'
import { keepVisit, newVisit } from '../visit.ts'

export function cartRoutes(app: Hono, rockpool: Rockpool, database: Pool, shopper: Shopper): void {
  const { home, show } = shopper

  app.get('/:organization/shop/cart', async (context) =>
    show(context, 'Your cart', cartPage(home(), await shopper.cart(context))),
  )

  app.post('/:organization/shop/cart', async (context) => {
    const { organization } = rockpool.identity()
    const form = await readForm(context.req)
    const item = readItemId(form)
    const adds = form.get('do') === 'add'
    const quantity = form.get('do') === 'remove' ? 0 : readQuantity(form)
    const done = () => context.redirect(`${home()}/cart`, 303)
    const known = await shopper.visit(context)
    if (!adds) {
      if (known) await setLine(database, organization, known, { item, quantity })
      return done()
    }
    if (!(await findItem(rockpool, item)))
      throw new Failure(404, 'No such item', 'It is not on sale here, or not any more.')
    const made = known ? undefined : newVisit(organization, originOf(context.req).protocol === 'https')
    const visit = known ?? made!.id
    const fits = await rockpool.transaction(async (tx) => {
      await keepVisit(tx, organization, visit)
      return addLine(tx, organization, visit, { item, quantity })
    })
    if (!fits) throw new Failure(409, 'Your cart is full', `It holds ${mostLines} different items.`)
    if (made) context.header('set-cookie', made.cookie)
    return done()
  })
}
