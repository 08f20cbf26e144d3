import { join } from 'node:path'
import { answersFor, latestLifecycleOf, latestVerdictOf, statusOperations } from '../api/index.ts'
import type { InternalRoutes, StatusAnswer } from '../api/index.ts'
import { botsOperations, createBotRuns, createBots, createDebts } from '../bots/index.ts'
import {
  browserOperations,
  checksOperations,
  createCauses,
  createCheckRoutes,
  createRunKeeper,
  createRunRequests,
  createRuns,
  runMocksOperations,
  runSecretsOperations,
  startArtifacts,
} from '../checks/index.ts'
import {
  createEndpoints,
  createMockFidelities,
  createMockRoutes,
  createNoticeSender,
  createRegistry,
  createSandboxMocks,
  createUsageBook,
  createUsageKeeper,
  mockFidelityOperations,
  registryOperations,
  sandboxMocksOperations,
} from '../contracts/index.ts'
import { createDatabases } from '../databases/index.ts'
import { createDeploys, deploysOperations, openServiceDirectory } from '../deploys/index.ts'
import { createEffects, effectsOperations } from '../effects/index.ts'
import { createEvents } from '../events/index.ts'
import {
  createDrained,
  createFaults,
  createGatewayList,
  createGatewayRoutes,
  createIssuerKeeper,
  createIssuerKeys,
  createIssuerRoutes,
  createLeaseRoutes,
  createLeases,
  createPublisher,
  createReleases,
  createTraffic,
  createTrafficKeeper,
  createTrafficRoutes,
  createUsageRoutes,
  faultsOperations,
  overviewOperations,
  releasesOperations,
  requestsOperations,
  routesOfOutline,
} from '../gateway/index.ts'
import { createJobs, startedServices, version } from '../kernel/index.ts'
import type { Clock, Config, Database, Handled, Log, Secret } from '../kernel/index.ts'
import { createOrganizations, organizationsOperations } from '../organizations/index.ts'
import type { Organizations } from '../organizations/index.ts'
import { createSandboxKeeper, createSandboxes, sandboxesOperations } from '../sandboxes/index.ts'
import { createSecrets, secretsOperations } from '../secrets/index.ts'
import { createContractOf } from './contract-of.ts'
import type { RoleEnvironment } from './environment.ts'
import { publishedMocks } from './published-mocks.ts'
import { createRunningContracts } from './running-contracts.ts'

/** The parts as control runs them: what they offer to the API, and what they keep doing by themselves. */
export interface ControlParts {
  organizations: Organizations
  operations: Handled[]
  /** For processes of Rockpool itself. */
  internal: InternalRoutes[]
  /** The four answers as they are now, for the whole installation. */
  answers(): Promise<StatusAnswer[]>
  /** Tells gateways what they need to know, before anybody is served. */
  publish(): Promise<void>
  /** Carries on what must come to its end, whoever began it. */
  keep(): void
  /** Stops both of these; what is being served may still use the parts. */
  stop(): Promise<void>
  close(): Promise<void>
}

export interface ControlPartsOptions {
  environment: Pick<RoleEnvironment, 'installation' | 'data' | 'gatewayUrl' | 'databaseUrl' | 'host'>
  /** Origin of the role mocks; null: there is none. */
  mocksUrl: string | null
  config: Config
  secret: Secret
  database: Database
  clock: Clock
  log: Log
  /** Host names under which control is reached. */
  hosts: string[]
}

/** Builds the parts from the bottom up; nothing runs yet. */
export async function composeParts(options: ControlPartsOptions): Promise<ControlParts> {
  const { config, secret, database, clock, log, hosts, mocksUrl } = options
  const { installation, data, gatewayUrl, databaseUrl, host } = options.environment
  const organizations = createOrganizations({ database, clock, log })
  const secrets = createSecrets({ database, secret, clock, installation })
  const events = createEvents({ database, clock })
  const effects = createEffects({ database, events })
  const databases = createDatabases({ adminUrl: databaseUrl, secret, log })
  const deploys = createDeploys({ database, clock })
  const directory = await openServiceDirectory({
    deploys,
    services: config.services,
    rateLimits: config.rateLimits,
    tellWarnings: (service, contract, warnings) =>
      log.warn(
        { service, contract, count: warnings.length, warnings: warnings.slice(0, 5) },
        'its contract is served, and ought to be mended: rockpool contract lint says all',
      ),
  })
  const faults = createFaults({ database, clock })
  const releases = createReleases({ database, clock })
  const usage = createUsageBook({ database, living: organizations.living, clock })
  const usageKeeper = createUsageKeeper({ usage, clock, log })
  const endpoints = createEndpoints({ origins: config.contracts.notify, secret })
  const registry = createRegistry({ database, clock, traffic: usage, endpoints })
  const noticeSender = createNoticeSender({ database, endpoints, clock, log })
  const mocks = createSandboxMocks({ database, organizations, clock })
  const runningContracts = createRunningContracts({
    registry,
    releases,
    services: config.services,
    by: `installation ${installation}`,
    clock,
    log,
  })
  const issuerKeys = createIssuerKeys({ issuers: config.issuers, database, clock, log })
  const issuerKeeper = createIssuerKeeper({ issuerKeys, clock, log })
  const publisher = createPublisher({
    organizations,
    services: directory,
    faults,
    issuers: issuerKeys,
    releases,
    mocks: publishedMocks({ mocks, services: config.services, origin: mocksUrl }),
    rateLimits: config.rateLimits,
    clock,
    log,
  })
  const gateways = createGatewayList({ connected: publisher.gateways, clock })
  const drained = createDrained({ gateways, clock })
  // Who asks builds on it with the next call: a gateway that is merely slow is waited for.
  const settled = async () => void (await publisher.settled(5_000))
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
      usage,
      mocks,
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
    faults,
    clock,
    log,
    settled,
    gateway: gatewayUrl,
    defaults: config.sandboxes,
    kinds: { bot: createBotRuns({ database, ledger: sandboxes.ledger, debts, clock, config }) },
  })
  const bots = createBots({ database, runs, debts, ledger: sandboxes.ledger, clock, config })
  const traffic = createTraffic({ database, clock })
  const trafficKeeper = createTrafficKeeper({ traffic, clock, log })
  const runKeeper = createRunKeeper({ runs, clock, log })
  const latest = async (organization: string | null = null) =>
    (await runs.checks('check', organization)).map(latestVerdictOf)
  const fidelities = createMockFidelities({ database, clock })
  const contractOf = createContractOf({
    services: config.services,
    registry: createRegistry({ database, clock }),
  })
  const runMocks = runMocksOperations({ runs, contractOf, fidelities })
  const runSecrets = runSecretsOperations({ runs, secrets })
  const requests = createRunRequests({
    jobs: () => createJobs({ url: databaseUrl, log }),
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
  const artifacts = await startArtifacts({
    folder: join(data, 'artifacts'),
    runs,
    key: secret.derive('artifact-links'),
    clock,
    log,
    host: host,
    hosts,
  })
  const pages = [...artifacts.operations, ...browserOperations({ database, organizations, clock })]

  return {
    organizations,
    operations: [
      ...statusOperations({ latest, lifecycles, clock }),
      ...organizationsOperations({ organizations, clock, settled }),
      ...sandboxesOperations({ sandboxes, organizations }),
      ...effectsOperations({ effects, organizations }),
      ...requestsOperations({ traffic, organizations }),
      ...overviewOperations({
        publisher,
        gateways,
        organizations,
        secure: new URL(config.installations[installation]!.gateway).protocol === 'https:',
        release: version,
        clock,
      }),
      ...checks,
      ...runSecrets,
      ...runMocks,
      ...mockFidelityOperations({ fidelities }),
      ...pages,
      ...botOperations,
      ...deploysOperations({ deploys }),
      ...faultsOperations({ faults, services: () => directory.list(), settled }),
      ...releasesOperations({ releases, drained, services: () => directory.list(), settled, clock }),
      ...secretsOperations({ secrets }),
      ...registryOperations({ registry }),
      ...sandboxMocksOperations({
        mocks,
        registry,
        organizations,
        services: () => directory.list(),
        routesOf: async (address) => routesOfOutline(await registry.outline(address)),
        isServed: mocksUrl !== null,
        settled,
      }),
    ],
    internal: [
      ...createGatewayRoutes({
        publisher,
        organizations,
        gateways,
        drained,
        contracts: directory.contracts,
        ledger: sandboxes.ledger,
        log,
      }),
      createMockRoutes({ mocks }),
      createTrafficRoutes({ traffic }),
      createUsageRoutes({ usage }),
      createIssuerRoutes({ issuerKeys }),
      createLeaseRoutes({ leases: createLeases({ database, organizations, clock }) }),
      createCheckRoutes([...checks, ...runSecrets, ...runMocks, ...pages, ...botOperations]),
    ],
    answers: async () => answersFor(await latest(), await lifecycles(), clock.now()),
    publish: () => publisher.start(),
    keep() {
      sandboxKeeper.start()
      runKeeper.start()
      trafficKeeper.start()
      usageKeeper.start()
      issuerKeeper.start()
      runningContracts.start()
      noticeSender.start()
    },
    async stop() {
      await Promise.all([
        sandboxKeeper.stop(),
        runKeeper.stop(),
        trafficKeeper.stop(),
        usageKeeper.stop(),
        issuerKeeper.stop(),
        runningContracts.stop(),
        noticeSender.stop(),
        publisher.stop(),
      ])
    },
    async close() {
      await artifacts.close()
      await requests.close()
      await databases.close()
    },
  }
}
