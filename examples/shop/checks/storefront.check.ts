import { check } from 'rockpool'
import { goodCard, putOnSale } from './steps.ts'

// A person's way: pages, links and forms of a real browser. What it did is asked of the API, not of the page.
check('a customer can buy in the browser', { every: '5m' }, async ({ page, ...fixtures }) => {
  const { sandbox, api, step, expect, until } = fixtures
  const item = await putOnSale(fixtures, { name: 'Tide clock', price: 4_900, stock: 3 })

  await step('find the item in the shop', async () => {
    await page.goto(`/${sandbox.organization}/shop`)
    await page.getByRole('link', { name: 'Tide clock' }).click()
    await page.getByRole('heading', { name: 'Tide clock' }).waitFor()
  })
  await step('put two into the cart', async () => {
    await page.getByLabel('Quantity').fill('2')
    await page.getByRole('button', { name: 'Add to cart' }).click()
    await page.getByRole('heading', { name: 'Your cart' }).waitFor()
    expect(await page.getByRole('main').innerText()).toContain('€98.00')
  })
  await step('pay by card', async () => {
    await page.getByRole('link', { name: 'Go to payment' }).click()
    await page.getByLabel('E-mail address').fill('mia@harbor.example')
    await page.getByLabel('Card number').fill(goodCard)
    await page.getByRole('button', { name: 'Pay €98.00' }).click()
    await page.getByRole('heading', { name: 'Thank you, it is paid' }).waitFor({ timeout: 10_000 })
  })
  const order = await step('it is one order, and it is paid', async () => {
    const { body } = await api.orders.listOrders({ query: { email: 'mia@harbor.example' } })
    expect(body.orders).toHaveLength(1)
    expect(body.orders[0]).toMatchObject({ item: item.id, quantity: 2, amount: 9_800, status: 'paid' })
    return body.orders[0]!
  })
  await step('to the browser’s session, too, another service tells of it within 10 s', () =>
    until(async () => {
      // Nothing but the session's cookie speaks for it here.
      const answer = await page.request.get(`/${sandbox.organization}/reservations/${order.id}`)
      return answer.status() === 200
    }, '10s'),
  )
  await step('the card would have been charged once', async () => {
    const charges = await sandbox.effects('bank.charge')
    expect(charges).toHaveLength(1)
    expect(charges[0]).toMatchObject({ outcome: 'stood in', arguments: { amount: 9_800 } })
  })
})
