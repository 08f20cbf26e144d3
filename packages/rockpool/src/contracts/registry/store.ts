import type { Queryable, Transaction } from '../../kernel/index.ts'
import type { Format } from '../types.ts'
import type { Facts } from './judge.ts'
import type { NameKind, PushName, Version } from './types.ts'

interface VersionRow {
  id: number
  service: string
  address: string
  name: string | null
  kind: NameKind | null
  branch: string | null
  branch_ends_at: Date | null
  pushed_by: string
  pushed_at: Date
  note: string | null
  title: string
  info_version: string
  format: Format
  operations: number
  schemas: number
  running: { release: string | null; since: string }[]
}

const versions = `select p.id, p.service, p.address, p.name, p.kind, p.branch, p.branch_ends_at, p.pushed_by, p.pushed_at, p.note,
    c.title, c.version as info_version, c.format, c.operations, c.schemas,
    coalesce((select json_agg(json_build_object('release', r.release, 'since', r.since) order by r.since, r.id)
       from contracts.running r where r.service = p.service and r.address = p.address and r.until is null), '[]') as running
  from contracts.push p join contracts.contract c on c.address = p.address`

function toVersion(row: VersionRow): Version {
  const { branch_ends_at, pushed_by, pushed_at, info_version, running, ...rest } = row
  return {
    ...rest,
    branchEndsAt: branch_ends_at?.toISOString() ?? null,
    pushedBy: pushed_by,
    pushedAt: pushed_at.toISOString(),
    infoVersion: info_version,
    running: running.map(({ release, since }) => ({ release, since: new Date(since).toISOString() })),
  }
}

/** One at a time for each service: whoever pushes has compared with what is there. */
export async function lockService(tx: Transaction, service: string): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('rockpool.contracts ' || $1, 0))`, [service])
}

export async function selectVersions(
  db: Queryable,
  where: string,
  values: readonly unknown[],
): Promise<Version[]> {
  return (await db.query<VersionRow>(`${versions} ${where}`, values)).map(toVersion)
}

/** The push with this name; undefined: the name is free. Branches have none. */
export async function findNamed(db: Queryable, service: string, name: string): Promise<Version | undefined> {
  const [found] = await selectVersions(db, 'where p.service = $1 and p.name = $2 and p.branch is null', [
    service,
    name,
  ])
  return found
}

/** What was pushed last on a branch, whether the branch has ended or not. */
export async function findBranch(
  db: Queryable,
  service: string,
  branch: string,
): Promise<Version | undefined> {
  const [found] = await selectVersions(
    db,
    'where p.service = $1 and p.branch = $2 order by p.id desc limit 1',
    [service, branch],
  )
  return found
}

/** Of all pushes of an address the newest, those on no branch first. */
export async function findAddress(
  db: Queryable,
  service: string,
  address: string,
): Promise<Version | undefined> {
  const [found] = await selectVersions(
    db,
    'where p.service = $1 and p.address = $2 order by p.branch is not null, p.id desc limit 1',
    [service, address],
  )
  return found
}

export interface NamedPush {
  id: number
  address: string
  name: string | null
  kind: NameKind | null
  infoVersion: string
}

/** All on no branch, the newest first. */
export async function selectNamed(db: Queryable, service: string): Promise<NamedPush[]> {
  return db.query<NamedPush>(
    `select p.id, p.address, p.name, p.kind, c.version as "infoVersion"
       from contracts.push p join contracts.contract c on c.address = p.address
      where p.service = $1 and p.branch is null order by p.id desc`,
    [service],
  )
}

export async function selectBundle(db: Queryable, address: string): Promise<string> {
  const { bundle } = await db.one<{ bundle: string }>(
    'select bundle from contracts.contract where address = $1',
    [address],
  )
  return bundle
}

export interface NewPush {
  service: string
  address: string
  bundle: string
  facts: Facts
  name: PushName | null
  branch: { name: string; endsAt: Date } | null
  note: string | null
  by: string
  at: Date
}

export async function insertPush(tx: Transaction, push: NewPush): Promise<Version> {
  const { service, address, bundle, facts, name, branch, note, by, at } = push
  await tx.query(
    `insert into contracts.contract (address, bundle, title, version, format, operations, schemas)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict (address) do nothing`,
    [address, bundle, facts.title, facts.infoVersion, facts.format, facts.operations, facts.schemas],
  )
  const { id } = await tx.one<{ id: number }>(
    `insert into contracts.push (service, address, name, kind, branch, branch_ends_at, pushed_by, pushed_at, note)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id`,
    [
      service,
      address,
      name?.name ?? null,
      name?.kind ?? null,
      branch?.name ?? null,
      branch?.endsAt ?? null,
      by,
      at,
      note,
    ],
  )
  const [made] = await selectVersions(tx, 'where p.id = $1', [id])
  return made!
}

export async function updateBranchEnd(tx: Transaction, id: number, endsAt: Date): Promise<Version> {
  await tx.query('update contracts.push set branch_ends_at = $2 where id = $1', [id, endsAt])
  const [changed] = await selectVersions(tx, 'where p.id = $1', [id])
  return changed!
}
