import { randomUUIDv7 } from 'node:crypto'
import type { Pool, Rockpool } from '@rockpool/sdk'
import type { Context, Hono } from 'hono'
import { pay, statusOf } from '../checkout.ts'
import type { FilledLine } from '../checkout.ts'
import { Failure } from '../failure.ts'
import { readForm, readPayment } from '../form.ts'
import type { Findings } from '../form.ts'
import { obstacleOf, totalOf } from '../pages/cart.ts'
import { payPage } from '../pages/pay.ts'
import { purchasePage, titleOf } from '../pages/purchase.ts'
import type { Shopper } from '../shopper.ts'

export function payRoutes(app: Hono, rockpool: Rockpool, database: Pool, shopper: Shopper): void {
  const { home, show } = shopper

  app.get('/:organization/shop/pay', async (context) => {
    const lines = await shopper.cart(context)
    if (!payable(lines)) return context.redirect(`${home()}/cart`, 303)
    return showForm(context, lines, { purchase: `purchase_${randomUUIDv7()}`, email: '' }, {}, 200)
  })

  app.post('/:organization/shop/pay', async (context) => {
    const { payment, findings } = readPayment(await readForm(context.req))
    const done = () => context.redirect(`${home()}/purchases/${payment.purchase}`, 303)
    const visit = await shopper.visit(context)
    const lines = await shopper.cart(context)
    // Sent twice: the first time emptied the cart.
    if (!visit || lines.length === 0) return done()
    if (!payable(lines)) return context.redirect(`${home()}/cart`, 303)
    if (payment.total !== String(totalOf(lines)?.minor))
      findings.form = 'The price has changed meanwhile. Please look at it again.'
    if (Object.keys(findings).length > 0) return showForm(context, lines, payment, findings, 422)
    try {
      const wrong = await pay(rockpool, visit, payment, lines)
      return wrong ? await showForm(context, lines, payment, wrong, 422) : done()
    } catch (error) {
      if (!(error instanceof Failure) || error.status !== 503) throw error
      const form = `${error.message} To send this form again orders nothing twice.`
      return showForm(context, await shopper.cart(context), payment, { form }, 503)
    }
  })

  app.get('/:organization/shop/purchases/:id', async (context) => {
    const id = context.req.param('id')
    const lines = await statusOf(rockpool, database, await shopper.visit(context), id)
    if (!lines) throw new Failure(404, 'No such purchase', 'This browser has made no such purchase.')
    return show(context, titleOf(lines), purchasePage(home(), id, lines))
  })

  function showForm(
    context: Context,
    lines: readonly FilledLine[],
    { purchase, email }: { purchase: string; email: string },
    findings: Findings,
    status: 200 | 422 | 503,
  ): Promise<Response> {
    const title = status === 200 ? 'Payment' : 'Payment: not yet'
    return show(context, title, payPage({ home: home(), lines, purchase, email, findings }), status)
  }
}

function payable(lines: readonly FilledLine[]): boolean {
  return lines.length > 0 && lines.every((line) => obstacleOf(line) === undefined)
}
