import type { Environment } from '@rockpool/sdk/wire'
import type { Queryable } from '../kernel/index.ts'
import type { Change, Organization, OrganizationFilter, OrganizationStatus } from './types.ts'

export const channel = 'rockpool_organizations'

/** Tells all listeners, when (and only if) the transaction commits. */
export async function notify(tx: Queryable, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return
  await tx.query('select pg_notify($1, payload) from unnest($2::text[]) as payload', [
    channel,
    changes.map((change) => JSON.stringify(change)),
  ])
}

interface OrganizationRow {
  slug: string
  name: string
  environment: Environment
  parent: string | null
  status: OrganizationStatus
  created_at: Date
}

function toOrganization(row: OrganizationRow): Organization {
  const { slug, name, environment, parent, status } = row
  return { slug, name, environment, parent, status, createdAt: row.created_at.toISOString() }
}

const columns = 'slug, name, environment, parent, status, created_at'

/** The organization as it is now; with `lock` no one else changes it until the transaction ends. */
export async function findOrganization(
  db: Queryable,
  slug: string,
  lock: '' | 'for share' | 'for update' = '',
): Promise<Organization | undefined> {
  const [row] = await db.query<OrganizationRow>(
    `select ${columns} from organizations.organization where slug = $1 ${lock}`,
    [slug],
  )
  return row && toOrganization(row)
}

/** Undefined when there is one with this slug. */
export async function insertOrganization(
  tx: Queryable,
  input: { slug: string; name: string; environment: Environment; parent: string | null },
): Promise<Organization | undefined> {
  const [row] = await tx.query<OrganizationRow>(
    `insert into organizations.organization (slug, name, environment, parent) values ($1, $2, $3, $4)
     on conflict do nothing returning ${columns}`,
    [input.slug, input.name, input.environment, input.parent],
  )
  return row && toOrganization(row)
}

export async function updateOrganization(
  tx: Queryable,
  slug: string,
  set: { name: string; status: OrganizationStatus },
): Promise<Organization> {
  return toOrganization(
    await tx.one<OrganizationRow>(
      `update organizations.organization set name = $2, status = $3 where slug = $1 returning ${columns}`,
      [slug, set.name, set.status],
    ),
  )
}

/** In the order of the slugs; one more than the limit, when there are more. */
export async function selectOrganizations(
  db: Queryable,
  filter: OrganizationFilter & { limit: number },
): Promise<Organization[]> {
  const rows = await db.query<OrganizationRow>(
    `select ${columns} from organizations.organization
     where ($1::text is null or parent = $1) and ($2::text is null or environment = $2)
       and ($3::text is null or status = $3) and ($4::text is null or slug = $4 or parent = $4)
       and ($5::text is null or slug > $5)
     order by slug limit $6`,
    [
      filter.parent ?? null,
      filter.environment ?? null,
      filter.status ?? null,
      filter.within ?? null,
      filter.cursor ?? null,
      filter.limit + 1,
    ],
  )
  return rows.map(toOrganization)
}

/** Of these, the active ones. */
export async function selectLiving(db: Queryable, slugs: readonly string[]): Promise<Set<string>> {
  const rows = await db.query<{ slug: string }>(
    `select slug from organizations.organization where slug = any($1) and status = 'active'`,
    [slugs],
  )
  return new Set(rows.map(({ slug }) => slug))
}

export async function selectLiveOrganizations(db: Queryable): Promise<Organization[]> {
  const rows = await db.query<OrganizationRow>(
    `select ${columns} from organizations.organization where status <> 'deleted' order by slug`,
  )
  return rows.map(toOrganization)
}

/**
 * Of rows with `changed_in`: those whose last writer the read at the moment $1 did not see. The bounds are for the index; the
 * upper one also leaves out what a restored backup says of another server's transactions.
 */
export const changedSince = `changed_in >= pg_snapshot_xmin($1::pg_snapshot)
  and changed_in < pg_snapshot_xmax(pg_current_snapshot()) and not pg_visible_in_snapshot(changed_in, $1::pg_snapshot)`

/** In whatever status they are now. */
export async function selectChangedOrganizations(
  db: Queryable,
  since: string,
  slugs: readonly string[],
): Promise<Organization[]> {
  const rows = await db.query<OrganizationRow>(
    `select ${columns} from organizations.organization where ${changedSince}
     union all select ${columns} from organizations.organization where slug = any($2)`,
    [since, slugs],
  )
  return rows.map(toOrganization)
}
