import { builtPages, createApi } from '../api/index.ts'
import { statusLines } from '../api/light.ts'
import { loadConfig, migrate, openDatabase, secretFrom, systemClock, version } from '../kernel/index.ts'
import type { Log } from '../kernel/index.ts'
import { migrationSets } from '../parts.ts'
import { composeParts } from './control-parts.ts'
import { readMocksUrl, takeRoleEnvironment } from './environment.ts'
import type { Role } from './process.ts'

/** The role control: the API, and the keepers of what must come to its end. It holds no state: any number may run. */
export async function startControl(log: Log): Promise<Role> {
  const environment = takeRoleEnvironment([
    'config',
    'installation',
    'data',
    'gatewayUrl',
    'databaseUrl',
    'secret',
    'host',
    'port',
  ])
  const clock = systemClock
  const config = await loadConfig(environment.config)
  const secret = secretFrom(Buffer.from(environment.secret, 'base64url'))
  const database = openDatabase({
    url: environment.databaseUrl,
    log,
    applicationName: 'rockpool control',
    max: 16,
  })
  await migrate(database, migrationSets)

  const { gateway, control } = config.installations[environment.installation]!
  const hosts = [gateway, control].map((origin) => new URL(origin).hostname)
  const parts = await composeParts({
    environment,
    mocksUrl: readMocksUrl(),
    config,
    secret,
    database,
    clock,
    log,
    hosts,
  })
  const api = createApi({
    operations: parts.operations,
    organizations: parts.organizations,
    database,
    clock,
    log,
    version,
    hosts,
    origins: [control],
    internal: parts.internal,
    roleTokens: Object.fromEntries(
      ['gateway', 'mocks', 'runner'].map((role) => [role, secret.derive(`role:${role}`)]),
    ),
    pagesFolder: builtPages,
    open(routes) {
      routes.get('/', async (c) => c.text(`${statusLines(await parts.answers()).join('\n')}\n`))
      routes.get('/health', (c) => c.json({ ready: true }))
    },
  })
  await parts.publish()
  const server = await api.listen(environment)
  parts.keep()
  log.info({ url: server.url }, 'control listens')

  return {
    async close() {
      await parts.stop()
      await server.close()
      await parts.close()
      await database.close()
    },
  }
}
