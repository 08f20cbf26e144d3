import { newId, problem } from '../../kernel/index.ts'
import type { Queryable, Transaction } from '../../kernel/index.ts'
import type { Approval } from './types.ts'

interface ApprovalRow extends Omit<Approval, 'approvedAt' | 'endsAt' | 'revokedAt'> {
  approvedAt: Date
  endsAt: Date | null
  revokedAt: Date | null
}

const columns = `id, service, fingerprint, base, reason, approved_by as "approvedBy", approved_at as "approvedAt",
  ends_at as "endsAt", revoked_by as "revokedBy", revoked_at as "revokedAt"`

function toApproval(row: ApprovalRow): Approval {
  const { approvedAt, endsAt, revokedAt } = row
  return {
    ...row,
    approvedAt: approvedAt.toISOString(),
    endsAt: endsAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
  }
}

/** Those that count at a moment. */
export async function selectStanding(db: Queryable, service: string, at: Date): Promise<Approval[]> {
  const rows = await db.query<ApprovalRow>(
    `select ${columns} from contracts.approval
      where service = $1 and revoked_at is null and (ends_at is null or ends_at > $2) order by id`,
    [service, at],
  )
  return rows.map(toApproval)
}

/** Ended and revoked ones too, the newest first. */
export async function selectApprovals(
  db: Queryable,
  service: string,
  { before, limit }: { before: string | undefined; limit: number },
): Promise<Approval[]> {
  const rows = await db.query<ApprovalRow>(
    `select ${columns} from contracts.approval where service = $1 and ($2::text is null or id < $2)
      order by id desc limit $3`,
    [service, before ?? null, limit],
  )
  return rows.map(toApproval)
}

export async function insertApprovals(
  tx: Transaction,
  given: Pick<Approval, 'service' | 'base' | 'reason'> & {
    fingerprints: readonly string[]
    by: string
    at: Date
    endsAt: Date | null
  },
): Promise<Approval[]> {
  const { service, fingerprints, base, reason, by, at, endsAt } = given
  const rows = await tx.query<ApprovalRow>(
    `insert into contracts.approval (id, service, fingerprint, base, reason, approved_by, approved_at, ends_at)
     select given.id, $3, given.fingerprint, $4, $5, $6, $7, $8 from unnest($1::text[], $2::text[]) as given (id, fingerprint)
     returning ${columns}`,
    [fingerprints.map(() => newId('apr')), fingerprints, service, base, reason, by, at, endsAt],
  )
  return rows.map(toApproval)
}

/** Of one that is revoked it changes nothing. `not_found`. */
export async function revoke(
  tx: Transaction,
  service: string,
  id: string,
  { by, at }: { by: string; at: Date },
): Promise<Approval> {
  const [row] = await tx.query<ApprovalRow>(
    `update contracts.approval set revoked_by = coalesce(revoked_by, $3), revoked_at = coalesce(revoked_at, $4)
      where service = $1 and id = $2 returning ${columns}`,
    [service, id, by, at],
  )
  if (row === undefined) throw problem('not_found', `${service} has no approval “${id}”`)
  return toApproval(row)
}
