import { check } from 'rockpool'

check('a delivery can be quoted', { every: '1m' }, async ({ api, step, expect }) => {
  const quotes = api['delivery-quotes']
  await step('a parcel at home', async () => {
    const quote = await quotes.getDeliveryQuote({ query: { country: 'DE', weight: 1200 } })
    expect(quote.status).toBe(200)
    expect(quote.body).toEqual({ country: 'DE', weight: 1200, price: 550, currency: 'EUR', days: 2 })
  })
  await step('the same parcel abroad costs more', async () => {
    const quote = await quotes.getDeliveryQuote({ query: { country: 'NZ', weight: 1200 } })
    expect(quote.body.price).toBeGreaterThan(550)
  })
  await step('nonsense is refused with all findings', async () => {
    const refused = await quotes.getDeliveryQuote({ query: { country: 'Mars', weight: -1 } })
    expect(refused.status).toBe(422)
    expect(refused.body.findings).toHaveLength(2)
  })
})
