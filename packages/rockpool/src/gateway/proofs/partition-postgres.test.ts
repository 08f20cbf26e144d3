import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { until } from '../../../test/support/gateway.ts'
import {
  identityService,
  makeCallers,
  startControlProcess,
  startGatewayProcess,
  untilServed,
  watchCutOff,
} from '../../../test/support/partition.ts'
import { migrate, openDatabase, silentLog, startPostgres, systemClock } from '../../kernel/index.ts'
import { createOrganizations, organizationsMigrations } from '../../organizations/index.ts'
import { engineNames } from '../engines/index.ts'

// Postgres is killed with -9; control lives, and has nothing to vouch for.

/** A Postgres of this test's own: others use the run's. */
async function ownPostgres() {
  const folder = await mkdtemp(join(tmpdir(), 'rockpool-partition-'))
  await chmod(folder, 0o755)
  const start = (port?: number) =>
    startPostgres({
      folder,
      password: 'of-this-test',
      log: silentLog,
      ...(port === undefined ? {} : { port }),
    })
  let server = await start()
  const database = openDatabase({ url: server.url, log: silentLog, applicationName: 'partition test' })
  onTestFinished(async () => {
    await database.close().catch(() => {})
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  })
  await migrate(database, [organizationsMigrations])
  const organizations = createOrganizations({ database, clock: systemClock, log: silentLog })
  await organizations.ensure({ slug: 'harbor', name: 'Harbor Goods', environment: 'production' })
  await organizations.ensure({ slug: 'harbor-box', name: 'A box', environment: 'sandbox', parent: 'harbor' })
  return {
    url: server.url,
    organizations,
    async kill() {
      process.kill(server.pid, 'SIGKILL')
      await server.ended
    },
    async revive() {
      server = await start(server.port)
    },
  }
}

test(
  'customers are served, runs refused; once Postgres is back, so is everything, without a restart',
  { timeout: 90_000 },
  async () => {
    const postgres = await ownPostgres()
    const { organizations } = postgres
    const upstreamUrl = await identityService()
    const control = await startControlProcess({ databaseUrl: postgres.url, host: '127.0.0.1', upstreamUrl })
    const gateways = await Promise.all(
      engineNames.map((engine) => startGatewayProcess({ engine, controlUrl: control.url, runMs: 2_000 })),
    )
    const callers = await makeCallers(organizations, gateways[0]!.url)
    for (const gateway of gateways) await untilServed(gateway, callers)
    const pids = gateways.map(({ pid }) => pid)

    await postgres.kill()
    await Promise.all(gateways.map((gateway) => watchCutOff(gateway, callers, 20_000)))

    await postgres.revive()
    for (const gateway of gateways) await untilServed(gateway, callers, 40_000)
    expect(gateways.map(({ pid }) => pid)).toEqual(pids)
    // And control hears of what is new.
    const { text } = await organizations.createCredential(null, {
      kind: 'live',
      organization: 'harbor',
      allows: { organization: 'harbor' },
      environment: 'production',
      actor: 'customer',
    })
    const headers = { authorization: `Bearer ${text}` }
    for (const { url } of gateways)
      await until(
        'a new key counts',
        async () => (await fetch(`${url}/harbor/catalog`, { headers })).status === 200,
      )
  },
)
