import { createHash, randomBytes } from 'node:crypto'
import type { Transaction } from '@rockpool/sdk'

/** The cookie of a cart. Without `Domain` it is this host's alone; its path keeps organizations apart in one browser. */
export const cookieName = 'shop_cart'
const keptForDays = 30

/** What a cookie's secret stands for in the database; undefined where there is none of ours. Pure. */
export function visitOf(cookie: string | undefined): string | undefined {
  if (cookie === undefined || !/^[A-Za-z0-9_-]{43}$/.test(cookie)) return undefined
  return createHash('sha256').update(cookie).digest('hex')
}

export interface NewVisit {
  id: string
  /** The value of `Set-Cookie`. */
  cookie: string
}

/** A visit with a secret of its own, and nothing in the database yet. */
export function newVisit(organization: string, secure: boolean): NewVisit {
  const secret = randomBytes(32).toString('base64url')
  const attributes = [
    `Path=/${organization}/shop`,
    `Max-Age=${keptForDays * 86_400}`,
    'HttpOnly',
    'SameSite=Lax',
    ...(secure ? ['Secure'] : []),
  ]
  return { id: visitOf(secret)!, cookie: [`${cookieName}=${secret}`, ...attributes].join('; ') }
}

/** Notes the visit, and forgets those that nobody came back to (a hundred at most, so that no request waits for it). */
export async function keepVisit(tx: Transaction, organization: string, id: string): Promise<void> {
  await tx.query(
    `insert into visits (organization, id) values ($1, $2)
     on conflict (organization, id) do update set seen_at = now()`,
    [organization, id],
  )
  await tx.query(
    `delete from visits where organization = $1 and id in (
       select id from visits where organization = $1 and seen_at < now() - make_interval(days => $2) limit 100)`,
    [organization, keptForDays],
  )
}

/** Whether the database knows the visit, in this organization. A cookie that it does not know is worth nothing. */
export async function isKnown(database: Transaction, organization: string, id: string): Promise<boolean> {
  const { rowCount } = await database.query('select 1 from visits where organization = $1 and id = $2', [
    organization,
    id,
  ])
  return rowCount === 1
}
