import type { Rockpool, Transaction } from '@rockpool/sdk'
import type { Email } from './email.ts'
import { Problem } from './problem.ts'
import { checkEmail } from './reserved.ts'
import type { Reserved } from './reserved.ts'

export interface Customer {
  email: string
  name: string
  registeredAt: string
}

export interface NewCustomer {
  email: Email
  name: string
}

/** Registers a customer. Throws `email_taken`, and what checkEmail throws. */
export async function registerCustomer(
  rockpool: Rockpool,
  reserved: Reserved,
  { email, name }: NewCustomer,
): Promise<Customer> {
  const identity = rockpool.identity()
  checkEmail(reserved, identity, email)
  const customer = await rockpool.transaction((tx) => insert(tx, identity.organization, email.text, name))
  if (!customer)
    throw new Problem(409, 'email_taken', `There is a customer with the address ${email.text} already.`)
  return customer
}

/** Undefined if the address has a customer already. */
async function insert(
  tx: Transaction,
  organization: string,
  email: string,
  name: string,
): Promise<Customer | undefined> {
  const { rows } = await tx.query<{ registered_at: Date }>(
    `insert into customers (organization, email, name) values ($1, $2, $3)
     on conflict (organization, email) do nothing returning registered_at`,
    [organization, email, name],
  )
  return rows[0] && { email, name, registeredAt: rows[0].registered_at.toISOString() }
}
