import { problem, type Queryable, type Transaction } from '../kernel/index.ts'
import { checkNewOrganization } from './rules.ts'
import { findOrganization, insertOrganization, notify } from './store.ts'
import type { NewOrganization, Organization } from './types.ts'

/** Undefined when the slug was ever given. */
export async function insertNew(tx: Transaction, input: NewOrganization): Promise<Organization | undefined> {
  checkNewOrganization(input)
  const parent = input.parent ?? null
  if (parent !== null) {
    // Shared: it cannot begin to be deleted while a sandbox of it comes to be.
    const found = await known(tx, parent, 'for share')
    if (found.parent !== null)
      throw problem('conflict', `“${parent}” is a sandbox of “${found.parent}”, and has none of its own`)
    if (found.status !== 'active')
      throw problem('organization_deleted', `organization “${parent}” is ${found.status}`)
  }
  const created = await insertOrganization(tx, { ...input, name: input.name.trim(), parent })
  if (created) await notify(tx, [{ kind: 'organization', slug: created.slug }])
  return created
}

/** `organization_unknown` when there is none. */
export async function known(
  db: Queryable,
  slug: string,
  lock: '' | 'for share' | 'for update' = '',
): Promise<Organization> {
  const found = await findOrganization(db, slug, lock)
  if (!found) throw problem('organization_unknown', `there is no organization “${slug.slice(0, 80)}”`)
  return found
}
