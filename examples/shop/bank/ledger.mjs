// The bank's books. Every entry is one line: { kind, id, … }; the state is what the lines add up to.
import { randomUUID } from 'node:crypto'
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The number of the card that the bank always declines. */
const declinedNumber = '4000000000000002'

/**
 * Opens the books in `folder`, or in memory without one. `issued`: tokens of cards that the bank gave to companies.
 * Methods answer `[status, body]`.
 */
export function createLedger(folder, issued = []) {
  const file = folder ? join(folder, 'ledger.ndjson') : undefined
  const cards = new Map(issued.map((token) => [token, { declines: false }])) // token → { declines }
  const charges = new Map() // id → { amount, currency, refunded }
  const answers = new Map() // idempotency key → { request, answer }
  const calls = { cards: 0, charges: 0, refunds: 0 }
  const totals = { cards: 0, charges: 0, refunds: 0, declined: 0, repeated: 0 }
  const byReference = new Map() // reference → { charges, refunds, charged, refunded }

  if (folder) mkdirSync(folder, { recursive: true })
  if (file && existsSync(file)) {
    for (const line of readFileSync(file, 'utf8').split('\n')) if (line) apply(JSON.parse(line))
  }

  function apply(entry) {
    if (entry.key) answers.set(entry.key, { request: entry.request, answer: entry.answer })
    if (entry.kind === 'card') {
      totals.cards += 1
      cards.set(entry.id, { declines: entry.declines })
    } else if (entry.kind === 'declined') {
      totals.declined += 1
    } else if (entry.kind === 'charge') {
      totals.charges += 1
      charges.set(entry.id, { amount: entry.amount, currency: entry.currency, refunded: 0 })
      const books = reference(entry.reference)
      books.charges += 1
      books.charged += entry.amount
    } else {
      totals.refunds += 1
      charges.get(entry.charge).refunded += entry.amount
      const books = reference(entry.reference)
      books.refunds += 1
      books.refunded += entry.amount
    }
  }

  function write(entry) {
    if (file) appendFileSync(file, `${JSON.stringify(entry)}\n`)
    apply(entry)
    return entry.answer
  }

  function reference(name = '') {
    if (!byReference.has(name)) byReference.set(name, { charges: 0, refunds: 0, charged: 0, refunded: 0 })
    return byReference.get(name)
  }

  /** The first answer to `key`, or what `act` answers. A key used for another request is refused. */
  function once(key, body, act) {
    const request = JSON.stringify(body)
    const known = key === undefined ? undefined : answers.get(key)
    if (!known) return act(request)
    totals.repeated += 1
    return known.request === request ? known.answer : [422, { error: 'idempotency_key_reused' }]
  }

  return {
    saveCard({ number }) {
      calls.cards += 1
      if (typeof number !== 'string' || !/^\d{12,19}$/.test(number)) return [422, { error: 'card_invalid' }]
      const token = `card_${randomUUID()}`
      return write({ kind: 'card', id: token, declines: number === declinedNumber, answer: [201, { token }] })
    },

    charge(body, key) {
      calls.charges += 1
      return once(key, body, (request) => {
        const { card, amount, currency, reference } = body
        if (!Number.isInteger(amount) || amount <= 0) return [422, { error: 'amount_invalid' }]
        if (!cards.has(card)) return [404, { error: 'card_unknown' }]
        if (cards.get(card).declines) {
          return write({ kind: 'declined', key, request, answer: [402, { error: 'card_declined' }] })
        }
        const id = `charge_${randomUUID()}`
        return write({ kind: 'charge', id, amount, currency, reference, key, request, answer: [201, { id }] })
      })
    },

    refund(body, key) {
      calls.refunds += 1
      return once(key, body, (request) => {
        const { charge, amount, reference } = body
        const made = charges.get(charge)
        if (!made) return [404, { error: 'charge_unknown' }]
        if (!Number.isInteger(amount) || amount <= 0 || amount > made.amount - made.refunded) {
          return [422, { error: 'amount_invalid' }]
        }
        const id = `refund_${randomUUID()}`
        return write({ kind: 'refund', id, charge, amount, reference, key, request, answer: [201, { id }] })
      })
    },

    /** `charges` and `refunds` moved money; `calls` counts every request, repeated and refused ones too. */
    statistics() {
      return { ...totals, calls: { ...calls }, byReference: Object.fromEntries(byReference) }
    },
  }
}
