import { Problem } from './problem.ts'
import type { Finding } from './problem.ts'

export interface NewOrder {
  item: string
  quantity: number
  /** A card number, or a token of payments. */
  card: string
}

const cardNumber = /^[0-9]{12,19}$/
const cardToken = /^card_[A-Za-z0-9_-]{1,100}$/

export function isCardToken(card: string): boolean {
  return cardToken.test(card)
}

/** Reads the body of placeOrder. Throws `invalid_input` with all findings; none of them repeats the card number. */
export function readNewOrder(body: unknown): NewOrder {
  const findings: Finding[] = []
  if (body === null || typeof body !== 'object' || Array.isArray(body)) {
    throw new Problem(422, 'invalid_input', 'The input is not valid.', [
      { path: '/body', message: 'must be an object' },
    ])
  }
  const { item, quantity = 1, card, ...others } = body as Record<string, unknown>
  if (typeof item !== 'string' || item.length < 1 || item.length > 100) {
    findings.push({ path: '/body/item', message: 'must be the id of an item' })
  }
  if (!isWhole(quantity, 1, 100)) {
    findings.push({ path: '/body/quantity', message: 'must be a whole number from 1 to 100' })
  }
  if (typeof card !== 'string' || !(cardNumber.test(card) || cardToken.test(card))) {
    findings.push({ path: '/body/card', message: 'must be 12 to 19 digits, or a token from tokenizeCard' })
  }
  for (const name of Object.keys(others)) {
    findings.push({ path: '/body', message: `has an unknown property ${name}` })
  }
  if (findings.length > 0) throw new Problem(422, 'invalid_input', 'The input is not valid.', findings)
  return { item, quantity, card } as NewOrder
}

/** Reads `limit` and `cursor` of a list. Throws `invalid_input`. */
export function readPage(query: { limit?: string; cursor?: string }): {
  limit: number
  cursor?: string | undefined
} {
  const limit = /^[0-9]{1,3}$/.test(query.limit ?? '20') ? Number(query.limit ?? 20) : Number.NaN
  const findings: Finding[] = []
  if (!isWhole(limit, 1, 100)) {
    findings.push({ path: '/querystring/limit', message: 'must be a whole number from 1 to 100' })
  }
  if ((query.cursor ?? '').length > 100) {
    findings.push({ path: '/querystring/cursor', message: 'must not be longer than 100 characters' })
  }
  if (findings.length > 0) throw new Problem(422, 'invalid_input', 'The input is not valid.', findings)
  return { limit, cursor: query.cursor }
}

/** Reads the header `Idempotency-Key`. */
export function readIdempotencyKey(value: string | undefined): string | undefined {
  if (value === undefined || /^[\x20-\x7e]{1,200}$/.test(value)) return value
  throw new Problem(422, 'invalid_input', 'The input is not valid.', [
    { path: '/headers/idempotency-key', message: 'must be 1 to 200 printable characters' },
  ])
}

function isWhole(value: unknown, from: number, to: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to
}
