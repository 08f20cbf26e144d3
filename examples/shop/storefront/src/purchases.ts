import type { Transaction } from '@rockpool/sdk'

export interface PurchaseLine {
  item: string
  name: string
  quantity: number
  /** Null until orders has taken it. */
  order: string | null
  /** Why orders did not take it. */
  refusal: string | null
}

/**
 * Begins a purchase, or finds it begun: a form that is sent twice is one purchase, with the lines of the first time.
 * Undefined where the id is another visit's.
 */
export async function beginPurchase(
  tx: Transaction,
  organization: string,
  visit: string,
  id: string,
  lines: readonly Pick<PurchaseLine, 'item' | 'name' | 'quantity'>[],
): Promise<PurchaseLine[] | undefined> {
  const { rowCount } = await tx.query(
    `insert into purchases (organization, id, visit) values ($1, $2, $3) on conflict (organization, id) do nothing`,
    [organization, id, visit],
  )
  if (rowCount === 1)
    await tx.query(
      `insert into purchase_lines (organization, purchase, item_id, name, quantity)
       select $1, $2, item, name, quantity from jsonb_to_recordset($3) as line (item text, name text, quantity integer)`,
      [organization, id, JSON.stringify(lines)],
    )
  return findPurchase(tx, organization, visit, id)
}

/** The lines of a purchase; undefined where this visit has none of this id. */
export async function findPurchase(
  database: Transaction,
  organization: string,
  visit: string | undefined,
  id: string,
): Promise<PurchaseLine[] | undefined> {
  if (visit === undefined) return undefined
  const { rows } = await database.query<PurchaseLine>(
    `select line.item_id as item, name, quantity, order_id as "order", refusal
       from purchase_lines line join purchases purchase
         on purchase.organization = line.organization and purchase.id = line.purchase
      where line.organization = $1 and purchase.visit = $2 and purchase.id = $3
      order by name, line.item_id`,
    [organization, visit, id],
  )
  return rows.length > 0 ? rows : undefined
}

/** Notes what became of one line. */
export async function noteLine(
  tx: Transaction,
  organization: string,
  purchase: string,
  item: string,
  { order = null, refusal = null }: { order?: string | null; refusal?: string | null },
): Promise<void> {
  await tx.query(
    `update purchase_lines set order_id = $4, refusal = $5
     where organization = $1 and purchase = $2 and item_id = $3`,
    [organization, purchase, item, order, refusal],
  )
}

/** Forgets a purchase of which nothing was ordered. */
export async function dropPurchase(tx: Transaction, organization: string, id: string): Promise<void> {
  await tx.query(
    `delete from purchases where organization = $1 and id = $2 and not exists (
       select from purchase_lines where organization = $1 and purchase = $2 and order_id is not null)`,
    [organization, id],
  )
}
