import { readDomain, readEmail } from './email.ts'
import type { Email } from './email.ts'
import type { NewCustomer } from './customers.ts'
import { Problem } from './problem.ts'
import type { Finding } from './problem.ts'

export interface NewOrder {
  item: string
  quantity: number
  /** A card number, or a token of payments. */
  card: string
  /** Whom it is for, where the customer says so. */
  email?: Email | undefined
}

export interface OrderFilter {
  limit: number
  cursor?: string | undefined
  /** Only orders under exactly this address. */
  email?: string | undefined
  /** Only orders under addresses of exactly this domain. */
  domain?: string | undefined
  /** Only the order that was placed with this key. */
  idempotencyKey?: string | undefined
}

const cardNumber = /^[0-9]{12,19}$/
const cardToken = /^card_[A-Za-z0-9_-]{1,100}$/

export function isCardToken(card: string): boolean {
  return cardToken.test(card)
}

/** Reads the body of placeOrder. Throws `invalid_input` with all findings; none of them repeats the card number. */
export function readNewOrder(body: unknown): NewOrder {
  const { item, quantity = 1, card, email: given, ...others } = readObject(body)
  const findings = unknownProperties(others)
  const email = readEmail(given)
  if (typeof item !== 'string' || item.length < 1 || item.length > 100) {
    findings.push({ path: '/body/item', message: 'must be the id of an item' })
  }
  if (!isWhole(quantity, 1, 100)) {
    findings.push({ path: '/body/quantity', message: 'must be a whole number from 1 to 100' })
  }
  if (typeof card !== 'string' || !(cardNumber.test(card) || cardToken.test(card))) {
    findings.push({ path: '/body/card', message: 'must be 12 to 19 digits, or a token from tokenizeCard' })
  }
  if (given !== undefined && !email) findings.push(notAnAddress('/body/email'))
  if (findings.length > 0) throw new Problem(422, 'invalid_input', 'The input is not valid.', findings)
  return { item, quantity, card, email } as NewOrder
}

/** Reads the body of registerCustomer. Throws `invalid_input` with all findings. */
export function readNewCustomer(body: unknown): NewCustomer {
  const { email: given, name, ...others } = readObject(body)
  const findings = unknownProperties(others)
  const email = readEmail(given)
  if (!email) findings.push(notAnAddress('/body/email'))
  if (typeof name !== 'string' || !/^[^\p{C}]{1,200}$/u.test(name)) {
    findings.push({ path: '/body/name', message: 'must be 1 to 200 characters' })
  }
  if (findings.length > 0) throw new Problem(422, 'invalid_input', 'The input is not valid.', findings)
  return { email, name } as NewCustomer
}

/** Reads what listOrders is asked for. Throws `invalid_input` with all findings. */
export function readFilter(query: Record<string, string | undefined>): OrderFilter {
  const limit = /^[0-9]{1,3}$/.test(query['limit'] ?? '20') ? Number(query['limit'] ?? 20) : Number.NaN
  const findings: Finding[] = []
  const email = readEmail(query['email'])?.text
  const domain = query['domain'] === undefined ? undefined : readDomain(query['domain'])
  if (!isWhole(limit, 1, 100)) {
    findings.push({ path: '/querystring/limit', message: 'must be a whole number from 1 to 100' })
  }
  if ((query['cursor'] ?? '').length > 100) {
    findings.push({ path: '/querystring/cursor', message: 'must not be longer than 100 characters' })
  }
  if (query['email'] !== undefined && !email) findings.push(notAnAddress('/querystring/email'))
  if (query['domain'] !== undefined && !domain) {
    findings.push({ path: '/querystring/domain', message: 'must be a domain, such as harbor.example' })
  }
  const { idempotencyKey } = query
  if (idempotencyKey !== undefined && !isIdempotencyKey(idempotencyKey)) {
    findings.push(noIdempotencyKey('/querystring/idempotencyKey'))
  }
  if (findings.length > 0) throw new Problem(422, 'invalid_input', 'The input is not valid.', findings)
  return { limit, cursor: query['cursor'], email, domain, idempotencyKey }
}

/** Reads the header `Idempotency-Key`. */
export function readIdempotencyKey(value: string | undefined): string | undefined {
  if (value === undefined || isIdempotencyKey(value)) return value
  throw new Problem(422, 'invalid_input', 'The input is not valid.', [
    noIdempotencyKey('/headers/idempotency-key'),
  ])
}

const isIdempotencyKey = (text: string): boolean => /^[\x20-\x7e]{1,200}$/.test(text)

function noIdempotencyKey(path: string): Finding {
  return { path, message: 'must be 1 to 200 printable characters' }
}

function readObject(body: unknown): Record<string, unknown> {
  if (body !== null && typeof body === 'object' && !Array.isArray(body))
    return body as Record<string, unknown>
  throw new Problem(422, 'invalid_input', 'The input is not valid.', [
    { path: '/body', message: 'must be an object' },
  ])
}

function unknownProperties(others: object): Finding[] {
  return Object.keys(others)
    .slice(0, 20)
    .map((name) => ({ path: '/body', message: `has an unknown property ${name.slice(0, 100)}` }))
}

function notAnAddress(path: string): Finding {
  return { path, message: 'must be an e-mail address, such as mia@harbor.example' }
}

function isWhole(value: unknown, from: number, to: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to
}
