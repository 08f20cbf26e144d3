import { createDatabases } from '../databases/index.ts'
import { createDeploys } from '../deploys/index.ts'
import { createEffectsConsumer } from '../effects/index.ts'
import { createEventSigner, createHttpConsumer, createRelay, goneOrganizations } from '../events/index.ts'
import { loadConfig, openDatabase, secretFrom, startedServices, systemClock } from '../kernel/index.ts'
import type { Log } from '../kernel/index.ts'
import { createOrganizations } from '../organizations/index.ts'
import { takeRoleEnvironment } from './environment.ts'
import { serveHealth } from './health.ts'
import type { Role } from './process.ts'
import { followServiceUrls } from './service-urls.ts'

/** The role relay: from the services' outboxes to the log, and from the log to the consumers. Any number may run. */
export async function startRelay(log: Log): Promise<Role> {
  const environment = takeRoleEnvironment(['config', 'databaseUrl', 'secret', 'host', 'port'])
  const clock = systemClock
  const config = await loadConfig(environment.config)
  const database = openDatabase({
    url: environment.databaseUrl,
    log,
    applicationName: 'rockpool relay',
    max: 12,
  })
  const organizations = createOrganizations({ database, clock, log })
  const databases = createDatabases({
    adminUrl: environment.databaseUrl,
    secret: secretFrom(Buffer.from(environment.secret, 'base64url')),
    log,
  })
  const urls = await followServiceUrls(createDeploys({ database, clock }), log)
  const signer = createEventSigner((key) => organizations.signingKeys.register(key))

  const gone = goneOrganizations(organizations)
  const withDatabase = Object.entries(startedServices(config)).filter(([, service]) => service.database)
  const relay = createRelay({
    database,
    sources: withDatabase.map(([service]) => ({ service, url: databases.relayUrl(service) })),
    consumers: [
      createEffectsConsumer({ database, gone }),
      ...withDatabase.map(([service, { consumes }]) =>
        createHttpConsumer({ service, types: consumes, url: () => urls.of(service), signer, clock }),
      ),
    ],
    gone,
    clock,
    log,
  })
  let ready = false
  const health = await serveHealth(environment, () => ready)
  await relay.start()
  ready = true

  return {
    async close() {
      await relay.stop()
      await Promise.all([health.close(), urls.close(), databases.close()])
      await database.close()
    },
  }
}
