import { join } from 'node:path'
import {
  answersFor,
  builtPages,
  createApi,
  latestLifecycleOf,
  latestVerdictOf,
  statusLines,
  statusOperations,
} from '../api/index.ts'
import { botsOperations, createBotRuns, createBots, createDebts } from '../bots/index.ts'
import {
  browserOperations,
  checksOperations,
  createCauses,
  createCheckRoutes,
  createRunKeeper,
  createRunRequests,
  createRuns,
  runSecretsOperations,
  startArtifacts,
} from '../checks/index.ts'
import { createDatabases } from '../databases/index.ts'
import { createDeploys, deploysOperations, openServiceDirectory } from '../deploys/index.ts'
import { createEffects, effectsOperations } from '../effects/index.ts'
import { createEvents } from '../events/index.ts'
import {
  createFaults,
  createGatewayRoutes,
  createPublisher,
  createTraffic,
  createTrafficKeeper,
  createTrafficRoutes,
  faultsOperations,
  requestsOperations,
} from '../gateway/index.ts'
import {
  createJobs,
  loadConfig,
  migrate,
  openDatabase,
  secretFrom,
  startedServices,
  systemClock,
  version,
} from '../kernel/index.ts'
import type { Log } from '../kernel/index.ts'
import { createOrganizations, organizationsOperations } from '../organizations/index.ts'
import { migrationSets } from '../parts.ts'
import { createSandboxKeeper, createSandboxes, sandboxesOperations } from '../sandboxes/index.ts'
import { createSecrets, secretsOperations } from '../secrets/index.ts'
import { takeRoleEnvironment } from './environment.ts'
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

  const organizations = createOrganizations({ database, clock, log })
  const secrets = createSecrets({ database, secret, clock, installation: environment.installation })
  const events = createEvents({ database, clock })
  const effects = createEffects({ database, events })
  const databases = createDatabases({ adminUrl: environment.databaseUrl, secret, log })
  const deploys = createDeploys({ database, clock })
  const directory = await openServiceDirectory({ deploys, services: config.services })
  const faults = createFaults({ database, clock })
  const publisher = createPublisher({ organizations, services: directory, faults, clock, log })
  const settled = async () => void (await publisher.settled())
  const sandboxes = createSandboxes({ database, organizations, clock, settled })
  const services = Object.entries(startedServices(config)).flatMap(([name, service]) =>
    service.database ? [name] : [],
  )
  const sandboxKeeper = createSandboxKeeper({
    database,
    organizations,
    events,
    databases,
    services,
    own: [
      {
        count: (organization) => events.count(organization),
        erase: (tx, organization) => events.eraseOrganization(tx, organization),
      },
      effects,
    ],
    clock,
    log,
  })
  const debts = createDebts({ database, ledger: sandboxes.ledger, clock })
  const runs = createRuns({
    database,
    organizations,
    // A run waits for the gateways itself, once for its sandbox and its credential together.
    sandboxes: createSandboxes({ database, organizations, clock, settled: async () => {} }),
    causes: createCauses({ services: () => deploys.list(), events, faults }),
    clock,
    log,
    settled,
    gateway: environment.gatewayUrl,
    defaults: config.sandboxes,
    kinds: { bot: createBotRuns({ database, ledger: sandboxes.ledger, debts, clock, config }) },
  })
  const bots = createBots({ database, runs, debts, ledger: sandboxes.ledger, clock, config })
  const traffic = createTraffic({ database, clock })
  const trafficKeeper = createTrafficKeeper({ traffic, clock, log })
  const runKeeper = createRunKeeper({ runs, clock, log })
  const latest = async (organization: string | null = null) =>
    (await runs.checks('check', organization)).map(latestVerdictOf)
  const runSecrets = runSecretsOperations({ runs, secrets })
  const requests = createRunRequests({
    jobs: () => createJobs({ url: environment.databaseUrl, log }),
    clock,
  })
  const checks = checksOperations({
    runs,
    organizations,
    sandboxes,
    effects: (organization, name) => effects.of(organization, name),
    requests,
  })
  const lifecycles = async (organization: string | null = null) =>
    (await bots.list(organization ?? undefined)).map(latestLifecycleOf)
  const botOperations = botsOperations({ bots, debts, runs, ledger: sandboxes.ledger })

  const { gateway, control } = config.installations[environment.installation]!
  const hosts = [gateway, control].map((origin) => new URL(origin).hostname)
  const artifacts = await startArtifacts({
    folder: join(environment.data, 'artifacts'),
    runs,
    key: secret.derive('artifact-links'),
    clock,
    log,
    host: environment.host,
    hosts,
  })
  const pages = [...artifacts.operations, ...browserOperations({ database, organizations, clock })]
  const api = createApi({
    operations: [
      ...statusOperations({ latest, lifecycles, clock }),
      ...organizationsOperations({ organizations, clock, settled }),
      ...sandboxesOperations({ sandboxes, organizations }),
      ...effectsOperations({ effects, organizations }),
      ...requestsOperations({ traffic, organizations }),
      ...checks,
      ...runSecrets,
      ...pages,
      ...botOperations,
      ...deploysOperations({ deploys }),
      ...faultsOperations({ faults, services: () => directory.list(), settled }),
      ...secretsOperations({ secrets }),
    ],
    organizations,
    database,
    clock,
    log,
    version,
    hosts,
    origins: [control],
    internal: [
      ...createGatewayRoutes({ publisher, organizations, ledger: sandboxes.ledger, log }),
      createTrafficRoutes({ traffic }),
      createCheckRoutes([...checks, ...runSecrets, ...pages, ...botOperations]),
    ],
    roleTokens: Object.fromEntries(
      ['gateway', 'runner'].map((role) => [role, secret.derive(`role:${role}`)]),
    ),
    pagesFolder: builtPages,
    open(routes) {
      routes.get('/', async (c) =>
        c.text(`${statusLines(answersFor(await latest(), await lifecycles(), clock.now())).join('\n')}\n`),
      )
      routes.get('/health', (c) => c.json({ ready: true }))
    },
  })
  await publisher.start()
  const server = await api.listen(environment)
  sandboxKeeper.start()
  runKeeper.start()
  trafficKeeper.start()
  log.info({ url: server.url }, 'control listens')

  return {
    async close() {
      await Promise.all([sandboxKeeper.stop(), runKeeper.stop(), trafficKeeper.stop(), publisher.stop()])
      await server.close()
      await artifacts.close()
      await requests.close()
      await databases.close()
      await database.close()
    },
  }
}
