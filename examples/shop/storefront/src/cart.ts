import type { Transaction } from '@rockpool/sdk'

export interface CartLine {
  item: string
  quantity: number
}

/** More different items than this fit into no cart: each one is asked for when the cart is shown. */
export const mostLines = 20
export const mostOfOne = 100

/** In the order in which they were put in. */
export async function cartLines(
  database: Transaction,
  organization: string,
  visit: string | undefined,
): Promise<CartLine[]> {
  if (visit === undefined) return []
  const { rows } = await database.query<CartLine>(
    `select item_id as item, quantity from cart_lines
     where organization = $1 and visit = $2 order by added_at, item_id`,
    [organization, visit],
  )
  return rows
}

/** Puts so many more of an item into the cart, up to the most of one; false where the cart is full. */
export async function addLine(
  tx: Transaction,
  organization: string,
  visit: string,
  { item, quantity }: CartLine,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into cart_lines as line (organization, visit, item_id, quantity)
     select $1, $2, $3, $4
      where (select count(*) from cart_lines where organization = $1 and visit = $2 and item_id <> $3) < $5
     on conflict (organization, visit, item_id)
       do update set quantity = least(line.quantity + excluded.quantity, $6)`,
    [organization, visit, item, quantity, mostLines, mostOfOne],
  )
  return rowCount === 1
}

/** Sets how many of an item are in the cart; none takes it out. */
export async function setLine(
  tx: Transaction,
  organization: string,
  visit: string,
  { item, quantity }: CartLine,
): Promise<void> {
  if (quantity > 0)
    await tx.query(
      'update cart_lines set quantity = $4 where organization = $1 and visit = $2 and item_id = $3',
      [organization, visit, item, quantity],
    )
  else await removeLines(tx, organization, visit, [item])
}

export async function removeLines(
  tx: Transaction,
  organization: string,
  visit: string,
  items: string[],
): Promise<void> {
  await tx.query(
    'delete from cart_lines where organization = $1 and visit = $2 and item_id = any($3::text[])',
    [organization, visit, items],
  )
}
