import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startProgram } from '../testing/program.ts'

const folder = new URL('./', import.meta.url)
const start = (env = {}) => startProgram([process.execPath, 'server.mjs'], { folder, env })

async function post(url: string, body: unknown, key?: string) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: key ? { 'idempotency-key': key } : {},
    body: JSON.stringify(body),
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, string> }
}

async function statistics(url: string) {
  return (await (await fetch(`${url}/statistics`)).json()) as Record<string, unknown>
}

describe('the bank', () => {
  let bank: Awaited<ReturnType<typeof start>>
  beforeAll(async () => {
    bank = await start()
  })
  afterAll(() => bank.stop())

  test('a charge repeated with the same key moves money once', async () => {
    const { body: card } = await post(`${bank.url}/cards`, { number: '4242424242424242' })
    const charge = { card: card.token, amount: 4900, currency: 'EUR', reference: 'payment_1' }
    const first = await post(`${bank.url}/charges`, charge, 'payment_1')
    const second = await post(`${bank.url}/charges`, charge, 'payment_1')
    expect(first.status).toBe(201)
    expect(second).toEqual(first)
    expect(await statistics(bank.url)).toMatchObject({
      charges: 1,
      repeated: 1,
      calls: { charges: 2 },
      byReference: { payment_1: { charges: 1, charged: 4900, refunds: 0 } },
    })
  })

  test('a key that stands for another charge is refused', async () => {
    const { body: card } = await post(`${bank.url}/cards`, { number: '4242424242424242' })
    const charge = { card: card.token, amount: 100, currency: 'EUR', reference: 'payment_2' }
    await post(`${bank.url}/charges`, charge, 'payment_2')
    const other = await post(`${bank.url}/charges`, { ...charge, amount: 200 }, 'payment_2')
    expect(other).toMatchObject({ status: 422, body: { error: 'idempotency_key_reused' } })
  })

  test('a charge is refunded up to its amount and no further', async () => {
    const { body: card } = await post(`${bank.url}/cards`, { number: '4242424242424242' })
    const { body: charge } = await post(`${bank.url}/charges`, {
      card: card.token,
      amount: 500,
      currency: 'EUR',
    })
    expect((await post(`${bank.url}/refunds`, { charge: charge.id, amount: 501 })).status).toBe(422)
    expect((await post(`${bank.url}/refunds`, { charge: charge.id, amount: 500 })).status).toBe(201)
    expect((await post(`${bank.url}/refunds`, { charge: charge.id, amount: 1 })).status).toBe(422)
  })

  test('the card that is always declined is declined, and an unknown one unknown', async () => {
    const { body: card } = await post(`${bank.url}/cards`, { number: '4000000000000002' })
    const money = { amount: 500, currency: 'EUR' }
    expect((await post(`${bank.url}/charges`, { card: card.token, ...money })).status).toBe(402)
    expect((await post(`${bank.url}/charges`, { card: 'card_of_nobody', ...money })).status).toBe(404)
  })

  test('a card that it gave to a company is charged by its token alone', async () => {
    const issuing = await start({ BANK_CARDS: 'card_bot_harbor' })
    const charge = { card: 'card_bot_harbor', amount: 500, currency: 'EUR' }
    expect((await post(`${issuing.url}/charges`, charge)).status).toBe(201)
    expect((await post(`${bank.url}/charges`, charge)).status).toBe(404)
    await issuing.stop()
  })

  test('a body that is no JSON object is refused, and the bank goes on', async () => {
    const answer = await fetch(`${bank.url}/charges`, { method: 'POST', body: '[1' })
    expect(answer.status).toBe(400)
    expect((await fetch(`${bank.url}/health`)).status).toBe(200)
  })
})

test('with a data folder the books survive a restart, and so do the answers to keys', async () => {
  const data = await mkdtemp(join(tmpdir(), 'bank-'))
  const before = await start({ BANK_DATA: data })
  const { body: card } = await post(`${before.url}/cards`, { number: '4242424242424242' })
  const charge = { card: card.token, amount: 4900, currency: 'EUR', reference: 'payment_1' }
  const first = await post(`${before.url}/charges`, charge, 'payment_1')
  expect(await before.stop()).toBe(0)

  const after = await start({ BANK_DATA: data })
  expect(await post(`${after.url}/charges`, charge, 'payment_1')).toEqual(first)
  expect(await statistics(after.url)).toMatchObject({
    cards: 1,
    charges: 1,
    byReference: { payment_1: { charges: 1 } },
  })
  await after.stop()
  await rm(data, { recursive: true })
})
