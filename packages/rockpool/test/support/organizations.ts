import {
  migrate,
  openDatabase,
  Problem,
  silentLog,
  systemClock,
  type Clock,
  type Database,
} from '../../src/kernel/index.ts'
import {
  createOrganizations,
  organizationsMigrations,
  type Organizations,
} from '../../src/organizations/index.ts'
import { freshDatabase } from './database.ts'

export interface TestOrganizations {
  organizations: Organizations
  database: Database
  url: string
  close(): Promise<void>
}

/** The organizations part on a database of its own, with `harbor` (production) and `harbor-box` (its sandbox). */
export async function startOrganizations(clock: Clock = systemClock): Promise<TestOrganizations> {
  const fresh = await freshDatabase()
  const database = openDatabase({ url: fresh.url, log: silentLog, applicationName: 'test organizations' })
  await migrate(database, [organizationsMigrations])
  const organizations = createOrganizations({ database, clock, log: silentLog })
  await organizations.ensure({ slug: 'harbor', name: 'Harbor Goods', environment: 'production' })
  await organizations.ensure({ slug: 'harbor-box', name: 'A box', environment: 'sandbox', parent: 'harbor' })
  return {
    organizations,
    database,
    url: fresh.url,
    async close() {
      await database.close()
      await fresh.drop()
    },
  }
}

/** The Problem that the promise rejects with; fails when it resolves. */
export async function refusal(
  promise: Promise<unknown>,
): Promise<{ code: string; detail: string; findings: string[] }> {
  try {
    await promise
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const findings = error.findings.map(({ path, message }) => `${path} ${message}`)
    return { code: error.code, detail: error.detail, findings }
  }
  throw new Error('it was not refused')
}
