import type { HonoRequest } from 'hono'
import { Failure } from './failure.ts'
import { mostOfOne } from './cart.ts'

/** The fields of a form, each at most once, as texts. Throws Failure where it is no form. */
export async function readForm(request: HonoRequest): Promise<Map<string, string>> {
  const type = request.header('content-type') ?? ''
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type))
    throw new Failure(400, 'Not a form', 'This address takes the forms of these pages, and nothing else.')
  return new Map(new URLSearchParams(await request.text()))
}

export function readItemId(form: Map<string, string>): string {
  const id = form.get('item') ?? ''
  if (/^[A-Za-z0-9_-]{1,100}$/.test(id)) return id
  throw new Failure(422, 'No such item', 'The form names no item.')
}

/** A whole number from 1 to the most of one item that fits into a cart. */
export function readQuantity(form: Map<string, string>): number {
  const text = (form.get('quantity') ?? '1').trim()
  const quantity = /^[0-9]{1,3}$/.test(text) ? Number(text) : Number.NaN
  if (quantity >= 1 && quantity <= mostOfOne) return quantity
  throw new Failure(422, 'Not a quantity', `Choose a whole number from 1 to ${mostOfOne}.`)
}

/** What somebody typed to pay. Kept to fill in the form again; the card never is. */
export interface Payment {
  /** Made with the page: the same form sent twice is one purchase. */
  purchase: string
  email: string
  card: string
  /** What the page said it would cost, as text. */
  total: string
}

/** A finding by the field that it is about; `form` is about none. */
export type Findings = Partial<Record<'email' | 'card' | 'form', string>>

export function readPayment(form: Map<string, string>): { payment: Payment; findings: Findings } {
  const field = (name: string) => (form.get(name) ?? '').trim().slice(0, 300)
  const purchase = field('purchase')
  if (!/^purchase_[0-9a-f-]{36}$/.test(purchase))
    throw new Failure(422, 'Not a purchase', 'Open the payment page from your cart and try again.')
  const payment = {
    purchase,
    email: field('email'),
    card: field('card').replaceAll(/[ -]/g, ''),
    total: field('total'),
  }
  const findings: Findings = {}
  if (!/^[^\s@]+@[^\s@]+$/.test(payment.email))
    findings.email = 'Enter an e-mail address, such as mia@harbor.example.'
  if (!/^[0-9]{12,19}$/.test(payment.card)) findings.card = 'Enter the 12 to 19 digits of the card.'
  return { payment, findings }
}
