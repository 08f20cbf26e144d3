import type { Actor, Environment } from '@rockpool/sdk/wire'
import { newId, type CredentialKind, type Queryable } from '../kernel/index.ts'
import { changedSince } from './store.ts'
import type { Allows, Credential, CredentialFilter, NewCredentialInput, RevokeFilter } from './types.ts'

interface CredentialRow {
  id: string
  sha256: string
  hint: string
  kind: CredentialKind
  name: string | null
  organization: string | null
  allows_organization: string | null
  allows_sandboxes_of: string | null
  environment: Environment | null
  actor: Actor
  run: string | null
  service: string | null
  member: string | null
  scopes: string[]
  grant_name: string | null
  grant_writes: number | null
  grant_card: string | null
  created_at: Date
  ends_at: Date | null
  revoked_at: Date | null
  last_used_at: Date | null
}

function toCredential(row: CredentialRow): Credential {
  const { id, sha256, hint, kind, name, organization, environment, actor, run, service, member, scopes } = row
  const allows: Allows = row.allows_organization
    ? { organization: row.allows_organization }
    : row.allows_sandboxes_of
      ? { sandboxesOf: row.allows_sandboxes_of }
      : { none: true }
  return {
    id,
    sha256,
    hint,
    kind,
    name,
    organization,
    allows,
    environment,
    actor,
    run,
    service,
    member,
    scopes,
    grant:
      row.grant_name === null
        ? null
        : { name: row.grant_name, writes: row.grant_writes!, card: row.grant_card },
    createdAt: row.created_at.toISOString(),
    endsAt: row.ends_at?.toISOString() ?? null,
    revokedAt: row.revoked_at?.toISOString() ?? null,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
  }
}

export async function insertCredential(
  tx: Queryable,
  input: NewCredentialInput,
  stored: { sha256: string; hint: string; now: Date },
): Promise<Credential> {
  const { allows, grant } = input
  return toCredential(
    await tx.one<CredentialRow>(
      `insert into organizations.credential (id, sha256, hint, kind, name, organization, allows_organization,
         allows_sandboxes_of, environment, actor, run, service, member, scopes, ends_at, created_at,
         grant_name, grant_writes, grant_card)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) returning *`,
      [
        newId('key'),
        stored.sha256,
        stored.hint,
        input.kind,
        input.name ?? null,
        input.organization ?? null,
        'organization' in allows ? allows.organization : null,
        'sandboxesOf' in allows ? allows.sandboxesOf : null,
        input.environment ?? null,
        input.actor,
        input.run ?? null,
        input.service ?? null,
        input.member ?? null,
        input.scopes ?? [],
        input.endsAt ?? null,
        stored.now,
        grant?.name ?? null,
        grant?.writes ?? null,
        grant?.card ?? null,
      ],
    ),
  )
}

export async function findBySha256(db: Queryable, sha256: string): Promise<Credential | undefined> {
  const [row] = await db.query<CredentialRow>('select * from organizations.credential where sha256 = $1', [
    sha256,
  ])
  return row && toCredential(row)
}

export async function findById(db: Queryable, id: string): Promise<Credential | undefined> {
  const [row] = await db.query<CredentialRow>('select * from organizations.credential where id = $1', [id])
  return row && toCredential(row)
}

/** In the order they were made; one more than the limit, when there are more. */
export async function selectCredentials(
  db: Queryable,
  filter: CredentialFilter & { limit: number; now: Date },
): Promise<Credential[]> {
  const rows = await db.query<CredentialRow>(
    `select * from organizations.credential
     where ($1::text is null or organization = $1) and ($2::text is null or kind = $2)
       and ($3::text is null or run = $3) and ($4::text is null or service = $4)
       and ($5 or (revoked_at is null and (ends_at is null or ends_at > $6)))
       and ($7::text is null or id > $7)
     order by id limit $8`,
    [
      filter.organization ?? null,
      filter.kind ?? null,
      filter.run ?? null,
      filter.service ?? null,
      filter.all ?? false,
      filter.now,
      filter.cursor ?? null,
      filter.limit + 1,
    ],
  )
  return rows.map(toCredential)
}

/** Those of the data plane that count at this time, in the order they were made; of a page, one more than the limit. */
export async function selectUsableCredentials(
  db: Queryable,
  now: Date,
  page: { cursor?: string | undefined; limit: number | null } = { limit: null },
): Promise<Credential[]> {
  const rows = await db.query<CredentialRow>(
    `select * from organizations.credential
     where revoked_at is null and kind <> 'control' and (ends_at is null or ends_at > $1) and id > $2
     order by id limit $3`,
    [now, page.cursor ?? '', page.limit === null ? null : page.limit + 1],
  )
  return rows.map(toCredential)
}

/** Those that were written since a moment, and those named, in whatever state and of whatever kind they are now. */
export async function selectChangedCredentials(
  db: Queryable,
  since: string,
  sha256s: readonly string[],
): Promise<Credential[]> {
  const rows = await db.query<CredentialRow>(
    `select * from organizations.credential where ${changedSince}
     union all select * from organizations.credential where sha256 = any($2)`,
    [since, sha256s],
  )
  return rows.map(toCredential)
}

/** Hex SHA-256 of credentials whose rows went since a moment, and of those named that have none. */
export async function selectGoneCredentials(
  db: Queryable,
  since: string,
  sha256s: readonly string[],
): Promise<string[]> {
  const rows = await db.query<{ sha256: string }>(
    `select sha256 from (
       select sha256 from organizations.credential_gone where ${changedSince} union select unnest($2::text[])
     ) as named where not exists (select from organizations.credential as there where there.sha256 = named.sha256)`,
    [since, sha256s],
  )
  return rows.map(({ sha256 }) => sha256)
}

/** Ids of those that were not revoked before. */
export async function revoke(
  tx: Queryable,
  filter: { id: string } | RevokeFilter,
  now: Date,
): Promise<string[]> {
  const [[field, value]] = Object.entries(filter) as [[string, string]]
  if (!('id' in filter)) await discardTickets(tx, filter)
  const where = {
    id: 'id = $1',
    run: 'run = $1',
    service: `service = $1 and kind = 'service'`,
    member: 'member = $1',
    organization: '(organization = $1 or allows_organization = $1 or allows_sandboxes_of = $1)',
  }[field]
  const rows = await tx.query<{ id: string }>(
    `update organizations.credential set revoked_at = $2 where ${where} and revoked_at is null returning id`,
    [value, now],
  )
  return rows.map(({ id }) => id)
}

/**
 * Takes away the tickets whose credentials the filter would revoke. To be done before those are revoked: an exchange
 * that was faster has then made its credential, and it is seen.
 */
async function discardTickets(tx: Queryable, filter: RevokeFilter): Promise<void> {
  const [[field, value]] = Object.entries(filter) as [[string, string]]
  await tx.query(
    `delete from organizations.ticket
     where credential ->> $1 = $2
       or ($1 = 'organization' and $2 in (credential -> 'allows' ->> 'organization', credential -> 'allows' ->> 'sandboxesOf'))`,
    [field, value],
  )
}

/** Keeps the latest use of each; many gateways report the same credential. */
export async function updateLastUsed(db: Queryable, lastUsed: ReadonlyMap<string, Date>): Promise<void> {
  await db.query(
    `update organizations.credential set last_used_at = used.at
     from unnest($1::text[], $2::timestamptz[]) as used (id, at)
     where credential.id = used.id and (credential.last_used_at is null or credential.last_used_at < used.at)`,
    [[...lastUsed.keys()], [...lastUsed.values()]],
  )
}
