import { expect, onTestFinished, test } from 'vitest'
import { startOrganizations } from '../../../test/support/organizations.ts'
import {
  identityService,
  makeCallers,
  silentRelay,
  startControlProcess,
  startGatewayProcess,
  untilServed,
  watchCutOff,
} from '../../../test/support/partition.ts'
import { engineNames } from '../engines/index.ts'

// The network between gateways and control goes silent: nothing comes, nothing is closed, nothing is refused.

test(
  'gateways that hear nothing of control serve customers, refuse runs after 10 s, and come back by themselves',
  { timeout: 90_000 },
  async () => {
    const parts = await startOrganizations()
    onTestFinished(() => parts.close())
    const upstreamUrl = await identityService()
    const control = await startControlProcess({ databaseUrl: parts.url, host: '127.0.0.1', upstreamUrl })
    const relay = await silentRelay(control)
    const gateways = await Promise.all(
      engineNames.map((engine) => startGatewayProcess({ engine, controlUrl: relay.url })),
    )
    const callers = await makeCallers(parts.organizations, gateways[0]!.url)
    for (const gateway of gateways) await untilServed(gateway, callers)

    relay.silence()
    const times = await Promise.all(gateways.map((gateway) => watchCutOff(gateway, callers, 30_000)))
    for (const { first, all } of times) {
      // 10 s after control vouched for what is known the last time: each second, unless it is held up.
      expect(first).toBeGreaterThan(5_000)
      expect(all).toBeLessThan(10_000 + 3_000)
    }

    relay.pass()
    for (const gateway of gateways) await untilServed(gateway, callers)
  },
)
