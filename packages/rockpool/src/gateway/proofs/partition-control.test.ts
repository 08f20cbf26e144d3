import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { until } from '../../../test/support/gateway.ts'
import { startOrganizations } from '../../../test/support/organizations.ts'
import {
  identityService,
  makeCallers,
  startControlProcess,
  startGatewayProcess,
  untilServed,
  watchCutOff,
} from '../../../test/support/partition.ts'
import { engineNames } from '../engines/index.ts'

// Control is killed with -9 while gateways serve.

/** A run's credential counts for so long without control, here: what is promised is 10 s. */
const runMs = 2_000

async function startAll() {
  const parts = await startOrganizations()
  onTestFinished(() => parts.close())
  const upstreamUrl = await identityService()
  const control = await startControlProcess({ databaseUrl: parts.url, host: '127.0.0.1', upstreamUrl })
  const gateways = await Promise.all(
    engineNames.map((engine) => startGatewayProcess({ engine, controlUrl: control.url, runMs })),
  )
  return { ...parts, control, gateways }
}

test(
  'customers are served, runs refused; a gateway that starts meanwhile says why it does not serve; all come back by themselves',
  { timeout: 60_000 },
  async () => {
    const { organizations, control, gateways } = await startAll()
    const callers = await makeCallers(organizations, gateways[0]!.url)
    for (const gateway of gateways) await untilServed(gateway, callers)

    await control.kill()
    await Promise.all(gateways.map((gateway) => watchCutOff(gateway, callers, 20_000)))

    // One of each is killed as well, and starts from what lies on its disk.
    const [killed, ...others] = gateways
    const { engine, folder } = killed!
    // Written a second after it changed, and as soon as the disk takes it.
    await until('it is on the disk', () => existsSync(join(folder, 'snapshot.json')))
    await killed!.kill()
    const again = await startGatewayProcess({ engine, folder, controlUrl: control.url, runMs })
    // It listens at once, and reads what lies on its disk meanwhile.
    await until('it knows what it lacks', async () => {
      const told = (await (await fetch(`${again.url}/.rockpool/health`)).json()) as { reason?: string }
      return told.reason?.includes('signing key') === true
    })
    const refused = await fetch(`${again.url}/harbor/open-catalog`)
    expect([refused.status, await refused.json()]).toMatchObject([
      503,
      {
        code: 'gateway_not_ready',
        detail: expect.stringContaining('signing key is not registered') as string,
      },
    ])
    const health = await fetch(`${again.url}/.rockpool/health`)
    expect([health.status, await health.json()]).toMatchObject([
      503,
      { ready: false, reason: expect.stringContaining('signing key') as string },
    ])

    await control.revive()
    for (const gateway of [again, ...others]) await untilServed(gateway, callers)
  },
)

test(
  'a key that is made or revoked counts at connected gateways within 100 ms',
  { timeout: 60_000 },
  async () => {
    const { organizations, gateways } = await startAll()
    for (const { url } of gateways)
      await until('it serves', async () => (await fetch(`${url}/harbor/open-catalog`)).status === 200)
    const statusOf = async (url: string, key: string) => {
      const headers = { authorization: `Bearer ${key}` }
      const response = await fetch(`${url}/harbor/catalog`, { headers })
      await response.arrayBuffer()
      return response.status
    }
    /** Milliseconds from the commit until every gateway answers so. */
    const delay = async (key: string, status: number) => {
      const began = performance.now()
      await Promise.all(
        gateways.map(({ url }) => until(`${status}`, async () => (await statusOf(url, key)) === status)),
      )
      return performance.now() - began
    }
    const delays: number[] = []
    for (let round = 0; round < 8; round++) {
      const { credential, text } = await organizations.createCredential(null, {
        kind: 'live',
        organization: 'harbor',
        allows: { organization: 'harbor' },
        environment: 'production',
        actor: 'customer',
      })
      delays.push(await delay(text, 200))
      await organizations.revokeCredential(credential.id)
      delays.push(await delay(text, 401))
    }
    // Now and then the machine is busy with something else, for everybody; not for most of the time.
    expect(delays.toSorted((one, other) => one - other)[delays.length >> 1]).toBeLessThan(100)
  },
)
