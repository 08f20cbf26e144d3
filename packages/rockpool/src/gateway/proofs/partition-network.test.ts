import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
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

/*
 * Gateways in a network of their own, with two cables: one to customers and services, one to control. The second one is
 * cut: every packet is lost, and nobody is told.
 *
 *   customers, services ═══ front ═══ gateways ═══ back ═╳═ control
 *
 * Cables are laid in another network of their own, where this file runs once more by itself: in the machine's they would
 * be seen by all that runs there (Chromium breaks off what it loads when an interface comes or goes).
 */
const isInside = process.env['ROCKPOOL_TEST_NETWORK'] === 'own'

/** Why it is skipped here; undefined where it can be done. */
const missing =
  spawnSync('unshare', ['-n', 'sh', '-c', 'ip link set lo up && tc -V']).status === 0
    ? undefined
    : 'networks of their own need root (CAP_NET_ADMIN), unshare, ip and tc'

const run = (program: string, ...args: string[]) => void execFileSync(program, args, { stdio: 'pipe' })

/** A network that nothing leads to; it is there until the test is over. */
async function separateNetwork(): Promise<{ enter: string[] }> {
  const keeper = spawn('unshare', ['-n', 'sleep', '300'], { stdio: 'ignore' })
  onTestFinished(() => void keeper.kill('SIGKILL'))
  const network = (pid: number | 'self') => readlinkSync(`/proc/${pid}/ns/net`)
  await until('it has a network of its own', () => network(keeper.pid!) !== network('self'))
  return { enter: ['nsenter', '-t', String(keeper.pid), '-n'] }
}

interface Cable {
  /** Addresses of its ends. */
  here: string
  there: string
  /** Every packet is lost from now on, both ways. */
  cut(): void
  mend(): void
}

/**
 * Its addresses are of this process alone, so that runs at the same time do not meet: a /30 of 198.18.0.0/15, which is
 * there for tests (RFC 2544).
 */
function lay(name: 'front' | 'back', { enter }: { enter: string[] }): Cable {
  const block = ((process.pid * 2 + (name === 'front' ? 0 : 1)) % 16_384) * 4
  const address = (host: number) => `198.18.${block >> 8}.${(block & 0xff) + host}`
  const [here, there] = [address(1), address(2)]
  const device = `rp${process.pid % 1_000_000}${name}`
  const inside = (...args: string[]) => run(enter[0]!, ...enter.slice(1), ...args)
  run('ip', 'link', 'add', device, 'type', 'veth', 'peer', 'name', name, 'netns', enter[2]!)
  onTestFinished(() => void spawnSync('ip', ['link', 'del', device]))
  run('ip', 'addr', 'add', `${here}/30`, 'dev', device)
  run('ip', 'link', 'set', device, 'up')
  inside('ip', 'addr', 'add', `${there}/30`, 'dev', name)
  inside('ip', 'link', 'set', name, 'up')
  /** A queue that has room for nothing. */
  const queue = (action: string, ...kind: string[]) => {
    run('tc', 'qdisc', action, 'dev', device, 'root', ...kind)
    inside('tc', 'qdisc', action, 'dev', name, 'root', ...kind)
  }
  return {
    here,
    there,
    cut: () => queue('replace', 'pfifo', 'limit', '0'),
    mend: () => queue('del'),
  }
}

if (!isInside)
  test.skipIf(missing !== undefined)(
    missing ?? 'the network between gateways and control is cut, in a network apart',
    async () => {
      const vitest = join(
        dirname(createRequire(import.meta.url).resolve('vitest/package.json')),
        'vitest.mjs',
      )
      const again = [process.execPath, vitest, 'run', '--project', 'unit', fileURLToPath(import.meta.url)]
      const inside = spawn('unshare', ['-n', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh', ...again], {
        env: { ...process.env, ROCKPOOL_TEST_NETWORK: 'own', NO_COLOR: '1' },
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
      })
      onTestFinished(() => {
        try {
          process.kill(-inside.pid!, 'SIGKILL')
        } catch {
          // All of it has ended.
        }
      })
      let told = ''
      for (const stream of [inside.stdout, inside.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => (told += text))
      const [code] = (await once(inside, 'close')) as [number | null]
      expect(code, told).toBe(0)
      expect(told).toMatch(/Tests +1 passed/)
    },
    120_000,
  )

if (isInside)
  describe('the network between gateways and control is cut', () => {
    test(
      'customers are served, runs refused; once it is mended all are served again, by themselves',
      { timeout: 90_000 },
      async () => {
        const parts = await startOrganizations()
        onTestFinished(() => parts.close())
        const network = await separateNetwork()
        const front = lay('front', network)
        const back = lay('back', network)
        const upstreamUrl = await identityService(front.here)
        const control = await startControlProcess({ databaseUrl: parts.url, host: back.here, upstreamUrl })
        const gateways = await Promise.all(
          engineNames.map((engine) =>
            startGatewayProcess({
              engine,
              prefix: network.enter,
              host: front.there,
              controlUrl: control.url,
              runMs: 2_000,
            }),
          ),
        )
        const callers = await makeCallers(parts.organizations, gateways[0]!.url)
        for (const gateway of gateways) await untilServed(gateway, callers)

        back.cut()
        await Promise.all(gateways.map((gateway) => watchCutOff(gateway, callers, 20_000)))
        // What is made meanwhile does not get there.
        const { text } = await parts.organizations.createCredential(null, {
          kind: 'live',
          organization: 'harbor',
          allows: { organization: 'harbor' },
          environment: 'production',
          actor: 'customer',
        })
        const made = {
          name: 'a new key',
          path: '/harbor/catalog',
          headers: { authorization: `Bearer ${text}` },
        }
        for (const { url } of gateways)
          expect((await fetch(url + made.path, { headers: made.headers })).status).toBe(401)

        back.mend()
        const all = { ...callers, lasting: [...callers.lasting, made] }
        for (const gateway of gateways) await untilServed(gateway, all, 40_000)
      },
    )
  })
