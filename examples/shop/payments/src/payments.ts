import type { Transaction } from '@rockpool/sdk'

export type Status = 'captured' | 'failed' | 'refunded'

/** `amount` in minor units of `currency`. */
export interface Payment {
  id: string
  order: string
  amount: number
  currency: string
  card: { last4: string | null }
  status: Status
  reason: string | null
  createdAt: string
}

/** With the bank's id of the charge, which only this service may know; null where nothing was charged. */
export interface StoredPayment {
  payment: Payment
  bankCharge: string | null
}

const columns = 'id, order_id, amount, currency, card_last4, status, reason, bank_charge, created_at'

/** An order has one payment, so the payment's id follows from the order's: every attempt to charge finds the same. */
export function paymentIdOf(order: string): string {
  return order.replace(/^order_/, 'payment_')
}

export async function insertPayment(
  tx: Transaction,
  organization: string,
  payment: Omit<Payment, 'createdAt'>,
  bankCharge: string | null,
): Promise<void> {
  const { id, order, amount, currency, card, status, reason } = payment
  await tx.query(
    `insert into payments
       (organization, id, order_id, amount, currency, card_last4, status, reason, bank_charge)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [organization, id, order, amount, currency, card.last4, status, reason, bankCharge],
  )
}

export async function findPayment(
  database: Transaction,
  organization: string,
  id: string,
): Promise<StoredPayment | undefined> {
  const { rows } = await database.query<Row>(
    `select ${columns} from payments where organization = $1 and id = $2`,
    [organization, id],
  )
  return rows[0] && { payment: toPayment(rows[0]), bankCharge: rows[0].bank_charge }
}

/** The newest first (ids are ordered by time). `next` is the cursor of the page after, null on the last one. */
export async function listPayments(
  database: Transaction,
  organization: string,
  { order, limit, cursor }: { order: string | null; limit: number; cursor: string | null },
): Promise<{ payments: Payment[]; next: string | null }> {
  const { rows } = await database.query<Row>(
    `select ${columns} from payments
     where organization = $1 and ($2::text is null or order_id = $2) and ($3::text is null or id < $3)
     order by id desc limit $4`,
    [organization, order, cursor, limit + 1],
  )
  const payments = rows.slice(0, limit).map(toPayment)
  return { payments, next: rows.length > limit ? (payments.at(-1)?.id ?? null) : null }
}

export async function markRefunded(tx: Transaction, organization: string, id: string): Promise<void> {
  await tx.query(`update payments set status = 'refunded' where organization = $1 and id = $2`, [
    organization,
    id,
  ])
}

interface Row {
  id: string
  order_id: string
  amount: number
  currency: string
  card_last4: string | null
  status: Status
  reason: string | null
  bank_charge: string | null
  created_at: Date
}

function toPayment(row: Row): Payment {
  return {
    id: row.id,
    order: row.order_id,
    amount: row.amount,
    currency: row.currency,
    card: { last4: row.card_last4 },
    status: row.status,
    reason: row.reason,
    createdAt: row.created_at.toISOString(),
  }
}
