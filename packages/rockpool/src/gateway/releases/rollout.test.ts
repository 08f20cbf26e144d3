import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { count, limitMs } from '../../../test/support/counts.ts'
import { service, temporaryFolder, until } from '../../../test/support/gateway.ts'
import { startOrganizations } from '../../../test/support/organizations.ts'
import { migrate, silentLog, systemClock, toProblem } from '../../kernel/index.ts'
import { engineNames, gatewayMigrations, type EngineName } from '../index.ts'
import { createGatewayRoutes } from '../internal-routes.ts'
import { createGatewayList } from '../overview/gateway-list.ts'
import { startGateway } from '../process.ts'
import { createPublisher } from '../publisher.ts'
import { createDrained } from './drained.ts'
import { createReleases } from './releases.ts'

// Whole gateways on a real control and a real Postgres, and releases that are processes, to be killed.

const paths = ['/{organization}/items', '/{organization}/slow']
const routes = paths.map((path) => ({ method: 'GET', path, operationId: path, anonymous: false }))
const boxes = Array.from({ length: 20 }, (_, n) => `harbor-s-${n}`)
const change = { own: null, by: 'key_test' }

/** A release as a process of its own. It keeps connections for a minute, and `/…/slow` answers after half a second. */
async function startRelease(name: string) {
  const script = `
    const server = require('node:http').createServer((request, response) =>
      setTimeout(() => response.end(process.argv[1]), request.url.endsWith('slow') ? 500 : Math.random() * 10))
    server.keepAliveTimeout = 60_000
    server.listen(0, '127.0.0.1', () => process.send(server.address().port))
    process.on('message', () => server.getConnections((_, open) => process.send(open)))
    process.on('disconnect', () => process.exit())`
  const child = spawn(process.execPath, ['-e', script, name], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {},
  })
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  onTestFinished(kill)
  const [port] = (await once(child, 'message')) as [number]
  return {
    name,
    url: `http://127.0.0.1:${port}`,
    kill,
    async connections() {
      child.send('how many?')
      return ((await once(child, 'message')) as [number])[0]
    },
  }
}

async function startControl() {
  const parts = await startOrganizations()
  await migrate(parts.database, [gatewayMigrations])
  const { organizations } = parts
  for (const slug of boxes)
    await organizations.ensure({ slug, name: slug, environment: 'sandbox', parent: 'harbor' })
  const releases = createReleases({ database: parts.database, clock: systemClock })
  const publisher = createPublisher({
    organizations,
    services: {
      list: () => Promise.resolve([service('catalog', { url: null, state: 'stopped', routes })]),
      onChange: () => Promise.resolve({ close: () => Promise.resolve() }),
    },
    releases,
    clock: systemClock,
    log: silentLog,
    heartbeatMs: 100,
  })
  const gateways = createGatewayList({ connected: publisher.gateways, clock: systemClock })
  const drained = createDrained({ gateways, clock: systemClock, comingBackMs: 100 })
  await publisher.start()
  const app = new Hono()
  app.onError((error) => Response.json(toProblem(error), { status: toProblem(error).status }))
  const internal = { publisher, organizations, gateways, drained, ledger: { append: async () => {} } }
  for (const { prefix, mount } of createGatewayRoutes({ ...internal, log: silentLog })) {
    const part = new Hono()
    mount(part)
    app.route(prefix, part)
  }
  const server = createAdaptorServer({ fetch: app.fetch, createServer }) as Server
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = async () => {
    server.closeAllConnections()
    server.close()
    await publisher.stop()
    await parts.close()
  }
  const key = await organizations.createCredential(null, {
    kind: 'sandbox',
    organization: 'harbor',
    allows: { sandboxesOf: 'harbor' },
    environment: 'sandbox',
    actor: 'customer',
  })
  const run = await organizations.createCredential(null, {
    kind: 'run',
    organization: 'harbor-box',
    allows: { organization: 'harbor-box' },
    environment: 'sandbox',
    actor: 'check',
    run: 'run_1',
    endsAt: new Date(Date.now() + 600_000),
  })
  const settled = async () => expect(await publisher.settled(5_000)).toBe(true)
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { database } = parts
  return { url, database, releases, drained, settled, close, key: key.text, run: run.text }
}

let control: Awaited<ReturnType<typeof startControl>>
beforeAll(async () => {
  control = await startControl()
})
afterAll(() => control.close())
beforeEach(() => control.database.query('delete from gateway.release'))

async function startTestGateway(engine: EngineName, name = 'gateway-1'): Promise<string> {
  const gateway = await startGateway({
    name,
    host: '127.0.0.1',
    port: 0,
    controlUrl: control.url,
    roleToken: 'token',
    folder: temporaryFolder(),
    accessLog: { write: () => true, once: () => {} },
    clock: systemClock,
    log: silentLog,
    engine,
  })
  onTestFinished(() => gateway.stop())
  await until('it serves', () => gateway.notReady() === undefined)
  return `http://127.0.0.1:${gateway.port}`
}

/** Customers who call all the time, each from a sandbox of many, through gateways in turns. */
function startLoad(gateways: readonly string[]) {
  /** `sent`: how many answers there were by then. */
  const answers: { box: string; status: number; release: string; sent: number }[] = []
  let stopped = false
  onTestFinished(() => void (stopped = true))
  const customers = Array.from({ length: 8 }, async (_, customer) => {
    for (let n = customer; !stopped; n += 8) {
      const box = boxes[n % boxes.length]!
      const sent = answers.length
      // A customer sends a mark that only checks may send; a call without an answer has failed, too.
      const { status, release } = await fetch(`${gateways[n % gateways.length]}/${box}/items`, {
        headers: { authorization: `Bearer ${control.key}`, 'rockpool-release': 'forged' },
      }).then(
        async (response) => ({ status: response.status, release: await response.text() }),
        () => ({ status: 0, release: 'no answer' }),
      )
      answers.push({ box, status, release, sent })
    }
  })
  return {
    answers,
    more: (calls: number) =>
      until(
        `${calls} more calls`,
        (
          (enough) => () =>
            answers.length >= enough
        )(answers.length + calls),
      ),
    async stop() {
      stopped = true
      await Promise.all(customers)
      return answers.filter(({ status }) => status !== 200)
    },
  }
}

const pinned = async (gateway: string, release: string) => {
  const headers = { authorization: `Bearer ${control.run}`, 'rockpool-release': release }
  const response = await fetch(`${gateway}/harbor-box/items`, { headers })
  return {
    status: response.status,
    by: response.headers.get('rockpool-release'),
    body: await response.text(),
  }
}

describe.each(engineNames)('engine %s', (engine) => {
  test(
    'releases change under load, the old one is drained and killed, and no call fails',
    { timeout: limitMs(60_000) },
    async () => {
      const gateways = await Promise.all([startTestGateway(engine), startTestGateway(engine, 'gateway-2')])
      const calls = count('releaseCalls', 300)
      let old = await startRelease('v0')
      await control.releases.put({ service: 'catalog', name: old.name, url: old.url, weight: 100 }, change)
      await control.settled()
      const load = startLoad(gateways)
      for (let round = 1; round === 1 || load.answers.length < calls; round += 1) {
        const next = await startRelease(`v${round}`)
        await control.releases.put({ service: 'catalog', name: next.name, url: next.url, weight: 0 }, change)
        await control.settled()
        const seen = load.answers.length
        for (const gateway of gateways)
          expect(await pinned(gateway, next.name)).toEqual({
            status: 200,
            by: next.name,
            body: next.name,
          })
        await load.more(50)
        expect(load.answers.slice(seen).filter(({ release }) => release === next.name)).toEqual([])

        const began = load.answers.length
        for (const weight of [10, 50, 100]) {
          await control.releases.weigh('catalog', { [old.name]: 100 - weight, [next.name]: weight }, change)
          await control.settled()
          // Who has come to the new one stays there.
          const changed = load.answers.length
          const moved = new Set(
            load.answers
              .slice(began)
              .filter(({ release }) => release === next.name)
              .map(({ box }) => box),
          )
          await load.more(60)
          const later = load.answers.filter(({ box, sent }) => sent >= changed && moved.has(box))
          expect(later.filter(({ release }) => release !== next.name)).toEqual([])
        }
        const last = load.answers.slice(-30)
        expect(last.filter(({ release }) => release !== next.name)).toEqual([])

        const { drain } = await control.releases.drain('catalog', old.name, change)
        await until('it is drained', () => control.drained.progressOf(drain!).done)
        await until('no connection to it is kept', async () => (await old.connections()) === 0, 3_000)
        await old.kill()
        await load.more(50)
        await control.releases.remove('catalog', old.name, drain!)
        await control.settled()
        old = next
      }
      await load.more(20)
      expect(await load.stop()).toEqual([])
      expect(load.answers.length).toBeGreaterThanOrEqual(calls)
    },
  )

  test('a call that takes its time holds up the drain, and nothing new comes to the release', async () => {
    const gateway = await startTestGateway(engine)
    const [one, other] = [await startRelease('v1'), await startRelease('v2')]
    await control.releases.put({ service: 'catalog', name: 'v1', url: one.url, weight: 100 }, change)
    await control.releases.put({ service: 'catalog', name: 'v2', url: other.url, weight: 0 }, change)
    await control.settled()
    const headers = { authorization: `Bearer ${control.key}` }
    let over = false
    const slow = fetch(`${gateway}/${boxes[0]}/slow`, { headers }).then(async (response) => {
      over = true
      return `${response.status} ${await response.text()}`
    })
    await until('it has come', async () => (await one.connections()) === 1)
    await control.releases.weigh('catalog', { v1: 0, v2: 100 }, change)
    const { drain } = await control.releases.drain('catalog', 'v1', change)
    await control.settled()
    expect(await (await fetch(`${gateway}/${boxes[0]}/items`, { headers })).text()).toBe('v2')
    await until('it is drained', () => control.drained.progressOf(drain!).done)
    expect(over).toBe(true)
    expect(await slow).toBe('200 v1')
    expect(await pinned(gateway, 'v1')).toMatchObject({
      status: 400,
      body: expect.stringContaining('release_unknown') as string,
    })
  })

  test('without a drain, killing what has calls in flight fails them', async () => {
    const gateway = await startTestGateway(engine)
    const [one, other] = [await startRelease('v1'), await startRelease('v2')]
    await control.releases.put({ service: 'catalog', name: 'v1', url: one.url, weight: 100 }, change)
    await control.releases.put({ service: 'catalog', name: 'v2', url: other.url, weight: 0 }, change)
    await control.settled()
    const headers = { authorization: `Bearer ${control.key}` }
    const slow = fetch(`${gateway}/${boxes[0]}/slow`, { headers })
    await until('it has come', async () => (await one.connections()) === 1)
    await control.releases.weigh('catalog', { v1: 0, v2: 100 }, change)
    await control.settled()
    await one.kill()
    expect((await slow).status).toBe(502)
  })
})
