import pg from 'pg'
import { problem } from '../kernel/index.ts'
import type { Queryable } from '../kernel/index.ts'
import { scramVerifier } from './scram.ts'
import type { Exposure } from './types.ts'

export const quote = pg.escapeIdentifier

export interface RoleWish {
  name: string
  password: string
  connections: number
  /** Settings that every session of the role starts with, such as statement_timeout. */
  settings?: Record<string, string>
}

/**
 * Makes a role that can log in and nothing more, or brings an existing one to that. The password is set every time: a
 * restored server or a new installation secret is put right by a start.
 * @throws Problem `conflict` when a role of that name holds powers that it must not have
 */
export async function ensureRole(admin: Queryable, wish: RoleWish): Promise<void> {
  const role = quote(wish.name)
  const [existing] = await admin.query<{ powers: boolean; memberships: string[] }>(
    `select rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls as powers,
            array(select roleid::regrole::text from pg_auth_members where member = r.oid) as memberships
       from pg_roles r where rolname = $1`,
    [wish.name],
  )
  if (existing?.powers || (existing?.memberships.length ?? 0) > 0) {
    const held = [...(existing?.powers ? ['special powers'] : []), ...(existing?.memberships ?? [])].join(
      ', ',
    )
    throw problem(
      'conflict',
      `the database role ${wish.name} already exists and holds ${held}: take that from it, or rename it`,
    )
  }
  if (!existing) await admin.query(`create role ${role} login`)
  const verifier = pg.escapeLiteral(scramVerifier(wish.password))
  await admin.query(`alter role ${role} login password ${verifier} connection limit ${wish.connections}`)
  for (const [name, value] of Object.entries(wish.settings ?? {})) {
    await admin.query(`alter role ${role} set ${quote(name)} to ${pg.escapeLiteral(value)}`)
  }
}

export interface AdminPowers {
  role: string
  superuser: boolean
  /** `server_version_num`, such as 180004. */
  version: number
}

/** Who the admin is. @throws Problem `not_possible_here` when the role lacks what Rockpool needs, with the statement that gives it */
export async function adminPowers(admin: Queryable): Promise<AdminPowers> {
  const found = await admin.one<AdminPowers & { creates: boolean }>(
    `select current_user as role, rolsuper as superuser, rolsuper or (rolcreatedb and rolcreaterole) as creates,
            current_setting('server_version_num')::int as version
       from pg_roles where rolname = current_user`,
  )
  if (!found.creates) {
    throw problem(
      'not_possible_here',
      `the role ${found.role} of the Postgres URL may not make databases and roles: run “ALTER ROLE ${quote(found.role)} CREATEDB CREATEROLE” as a superuser`,
    )
  }
  if (found.version < 150_000) {
    throw problem(
      'not_possible_here',
      `PostgreSQL 15 or later is needed; this is ${Math.floor(found.version / 10_000)}`,
    )
  }
  return found
}

/**
 * Creates a database that belongs to `owner`. An admin who is no superuser must be able to become the owner for that
 * moment, and afterwards must not: it would read every service's rows.
 */
export async function createOwnedDatabase(
  admin: Queryable,
  powers: AdminPowers,
  database: string,
  owner: string,
): Promise<void> {
  const [exists] = await admin.query('select from pg_database where datname = $1', [database])
  if (exists) return
  const create = `create database ${quote(database)} owner ${quote(owner)} template template0 encoding 'UTF8'`
  if (powers.superuser) return void (await admin.query(create))
  await asMemberOf(admin, powers, owner, () => admin.query(create))
}

/** Makes `owner` the owner of a database that another role made. */
export async function giveDatabase(
  admin: Queryable,
  powers: AdminPowers,
  database: string,
  owner: string,
): Promise<void> {
  const [other] = await admin.query('select from pg_database where datname = $1 and datdba <> $2::regrole', [
    database,
    quote(owner),
  ])
  if (!other) return
  await asMemberOf(admin, powers, owner, () =>
    admin.query(`alter database ${quote(database)} owner to ${quote(owner)}`),
  )
}

async function asMemberOf(
  admin: Queryable,
  powers: AdminPowers,
  role: string,
  work: () => Promise<unknown>,
): Promise<void> {
  if (powers.superuser) return void (await work())
  const self = quote(powers.role)
  const since16 = powers.version >= 160_000
  await admin.query(`grant ${quote(role)} to ${self}${since16 ? ' with set true, inherit false' : ''}`)
  try {
    await work()
  } finally {
    await admin.query(`revoke ${quote(role)} from ${self}${since16 ? ` granted by ${self}` : ''}`)
  }
}

/** Every service's role that PostgreSQL would let into a database which is not its own. */
export function readExposures(admin: Queryable, prefix: string): Promise<Exposure[]> {
  return admin.query<Exposure>(
    `select r.rolname as role, d.datname as database
       from pg_roles r cross join pg_database d
      where r.rolname ~ ('^' || $1 || 'svc_[a-z0-9_]+_(owner|runtime)$')
        and d.datallowconn
        and d.datname <> regexp_replace(r.rolname, '_(owner|runtime)$', '')
        and has_database_privilege(r.oid, d.oid, 'connect')
      order by 1, 2`,
    [prefix],
  )
}

/** Services that have a database here; one is known by its name and its owner. */
export async function readServices(db: Queryable, prefix: string): Promise<string[]> {
  const rows = await db.query<{ name: string }>(
    `select substr(d.datname, length($1) + 5) as name
       from pg_database d join pg_roles r on r.oid = d.datdba
      where d.datname ~ ('^' || $1 || 'svc_[a-z][a-z0-9_]*$') and r.rolname = d.datname || '_owner'
      order by 1`,
    [prefix],
  )
  return rows.map(({ name }) => name.replaceAll('_', '-'))
}
