import { migrate, openDatabase } from '../kernel/index.ts'
import type { Log, Secret } from '../kernel/index.ts'
import { createCounters } from './counters.ts'
import { namesOf, ownNames, sharedNames, urlFor } from './names.ts'
import { afterMigrations, beforeMigrations, closeOwn, closeToPublic } from './privileges.ts'
import {
  adminPowers,
  createOwnedDatabase,
  ensureRole,
  giveDatabase,
  readExposures,
  readServices,
} from './roles.ts'
import type { AdminPowers } from './roles.ts'
import type { Databases, ProvisionOptions } from './types.ts'

/*
 *   admin ── makes ──► roles, databases              rockpool (Rockpool's own), postgres, template1: closed
 *
 *   svc_orders   owner    tables of the service, tables and functions of schema rockpool
 *                runtime  rows, no DDL                ◄── the service
 *                relay    rockpool.outbox, prune      ◄── the relay
 *                counter  rockpool.count_rows         ◄── receipts
 */

export interface DatabasesOptions {
  /** A superuser, or a role with CREATEDB and CREATEROLE; names Rockpool's own database. */
  adminUrl: string
  /** The roles' passwords are derived from it. */
  secret: Secret
  log: Log
  /** Before all names of databases and roles, where several installations share a server; at most 8 characters. */
  prefix?: string
}

const sdkMigrations = new URL('.', import.meta.resolve('@rockpool/sdk/migrations/0001-service.sql'))

export function createDatabases(options: DatabasesOptions): Databases {
  const { adminUrl, secret, log, prefix = '' } = options
  const admin = openDatabase({ url: adminUrl, log, applicationName: 'rockpool databases', max: 4 })
  // Connections of their own: whoever holds a lock needs another connection to go on, CREATE DATABASE in no transaction.
  const locks = openDatabase({ url: adminUrl, log, applicationName: 'rockpool databases lock', max: 4 })
  const shared = sharedNames(prefix)
  let preparing: Promise<AdminPowers> | undefined

  const passwordOf = (role: string) => secret.derive(`database/${role}`)
  const urlOf = (role: string, database: string) =>
    urlFor(adminUrl, { role, database, password: passwordOf(role) })

  const counters = createCounters((service) => urlOf(shared.counter, namesOf(service, prefix).database), log)

  /** One at a time on this server's admin database, whatever process asks. */
  const exclusively = <T>(name: string, work: () => Promise<T>) =>
    locks.transaction(async (lock) => {
      await lock.query(`select pg_advisory_xact_lock(hashtextextended($1, 0))`, [
        `rockpool.databases/${prefix}${name}`,
      ])
      return work()
    })

  const prepareOnce = async () => {
    const powers = await adminPowers(admin)
    await exclusively('shared', async () => {
      await ensureRole(admin, {
        name: shared.relay,
        password: passwordOf(shared.relay),
        connections: -1,
        settings: { statement_timeout: '30s', idle_in_transaction_session_timeout: '15s' },
      })
      await ensureRole(admin, {
        name: shared.counter,
        password: passwordOf(shared.counter),
        connections: -1,
        settings: { statement_timeout: '60s', idle_in_transaction_session_timeout: '15s' },
      })
      const own = decodeURIComponent(new URL(adminUrl).pathname.slice(1))
      for (const database of new Set([own, 'postgres', 'template1']))
        await closeToPublic(admin, database, log)
    })
    return powers
  }

  const prepared = () => {
    preparing ??= prepareOnce().catch((error: unknown) => {
      preparing = undefined
      throw error
    })
    return preparing
  }

  async function prepareOwn() {
    const powers = await prepared()
    const { database, state } = ownNames(prefix)
    const url = urlOf(state, database)
    await exclusively('own', async () => {
      await ensureRole(admin, { name: state, password: passwordOf(state), connections: -1 })
      await createOwnedDatabase(admin, powers, database, state)
      await giveDatabase(admin, powers, database, state)
      await closeOwn(url, database, log)
    })
    return url
  }

  async function provision(service: string, { migrations, limits = {} }: ProvisionOptions = {}) {
    const names = namesOf(service, prefix)
    const powers = await prepared()
    await exclusively(`service/${service}`, async () => {
      await ensureRole(admin, { name: names.owner, password: passwordOf(names.owner), connections: 5 })
      await ensureRole(admin, {
        name: names.runtime,
        password: passwordOf(names.runtime),
        connections: limits.connections ?? 20,
        settings: {
          statement_timeout: `${limits.statementTimeout ?? 30_000}ms`,
          idle_in_transaction_session_timeout: `${limits.idleInTransactionTimeout ?? 15_000}ms`,
        },
      })
      await createOwnedDatabase(admin, powers, names.database, names.owner)
    })
    const owner = openDatabase({
      url: urlOf(names.owner, names.database),
      log,
      applicationName: `rockpool migrations ${service}`,
      max: 1,
      statementTimeout: 600_000,
    })
    try {
      await beforeMigrations(owner, names, shared)
      await migrate(owner, [{ schema: 'rockpool', folder: sdkMigrations }])
      if (migrations !== undefined) await migrate(owner, [{ schema: 'public', folder: migrations }])
      await afterMigrations(owner, names, shared)
    } finally {
      await owner.close()
    }
    return { runtimeUrl: urlOf(names.runtime, names.database) }
  }

  return {
    prepare: async () => void (await prepared()),
    prepareOwn,
    provision,
    runtimeUrl: (service) => urlOf(namesOf(service, prefix).runtime, namesOf(service, prefix).database),
    relayUrl: (service) => urlOf(shared.relay, namesOf(service, prefix).database),
    services: () => readServices(admin, prefix),
    counts: counters.counts,
    exposures: () => readExposures(admin, prefix),
    async close() {
      await Promise.all([admin.close(), locks.close(), counters.close()])
    },
  }
}
