import { randomBytes } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Databases } from '../databases/index.ts'
import { createDeploys } from '../deploys/index.ts'
import { migrate, openDatabase, startedServices, systemClock } from '../kernel/index.ts'
import type { Config, Log } from '../kernel/index.ts'
import { createOrganizations } from '../organizations/index.ts'
import type { Organizations } from '../organizations/index.ts'
import { migrationSets } from '../parts.ts'

/** What the processes of Rockpool and of the services stand on. */
export interface PreparedState {
  /** Rockpool's own database, for its roles. */
  url: string
  /** Service → URL of its runtime role; only those with a database. */
  services: Map<string, string>
  /** Service → its credential for this start. */
  credentials: Map<string, string>
  ownerCredential: string
}

/**
 * Brings Rockpool's own database and those of the services up to date, forgets where services were in an earlier life,
 * makes the organizations of the configuration, and gives each service a credential for this start (the one of the start before is revoked).
 */
export async function prepareState(options: {
  config: Config
  databases: Databases
  folder: string
  log: Log
}): Promise<PreparedState> {
  const { config, databases, folder, log } = options
  const url = await databases.prepareOwn()
  const database = openDatabase({ url, log, applicationName: 'rockpool up', max: 4 })
  try {
    await migrate(database, migrationSets)
    // Before control tells gateways and the relay where services are.
    await createDeploys({ database, clock: systemClock }).forget()
    const organizations = createOrganizations({ database, clock: systemClock, log })
    const withDatabase = Object.entries(startedServices(config)).filter(([, service]) => service.database)
    const [services, credentials, ownerCredential] = await Promise.all([
      Promise.all(
        withDatabase.map(async ([name, { migrations }]) => {
          const { runtimeUrl } = await databases.provision(name, migrations ? { migrations } : {})
          return [name, runtimeUrl] as const
        }),
      ),
      Promise.all(
        Object.keys(startedServices(config)).map(
          async (name) => [name, await serviceCredential(organizations, name)] as const,
        ),
      ),
      ownerCredentialIn(folder, organizations),
      ...config.organizations.map((organization) => organizations.ensure(organization)),
    ])
    return { url, services: new Map(services), credentials: new Map(credentials), ownerCredential }
  } finally {
    await database.close()
  }
}

async function serviceCredential(organizations: Organizations, service: string): Promise<string> {
  await organizations.revokeWhere(null, { service })
  const { text } = await organizations.createCredential(null, {
    kind: 'service',
    allows: { none: true },
    actor: 'service',
    service,
  })
  return text
}

/** Whoever can read `owner.credential` (mode 0600) owns this installation; `rockpool login` gets people their own. */
async function ownerCredentialIn(folder: string, organizations: Organizations): Promise<string> {
  const file = join(folder, 'owner.credential')
  const kept = (await readFile(file, 'utf8').catch(() => '')).trim()
  if (kept && (await organizations.findCredential(kept))) return kept
  const { text } = await organizations.createCredential(null, {
    kind: 'control',
    allows: { none: true },
    actor: 'member',
    scopes: ['read', 'write', 'admin'],
    name: 'owner of the data folder',
  })
  const draft = `${file}.${randomBytes(4).toString('hex')}`
  await writeFile(draft, `${text}\n`, { mode: 0o600 })
  await rename(draft, file)
  return text
}
