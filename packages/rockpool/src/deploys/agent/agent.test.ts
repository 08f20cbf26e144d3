import { createServer } from 'node:net'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import {
  alive,
  answering,
  script,
  temporaryFolder,
  testSupervisor,
  until,
} from '../../../test/support/agent.ts'
import { freshDatabase } from '../../../test/support/database.ts'
import { migrate, openDatabase, silentLog, systemClock, type Database } from '../../kernel/index.ts'
import { createDeploys, deploysMigrations, openServiceDirectory, type Deploys } from '../index.ts'
import { createAgent, decide } from './agent.ts'
import { planProcesses, type AgentProcess } from './wiring.ts'

let fresh: Awaited<ReturnType<typeof freshDatabase>>
let database: Database
let deploys: Deploys

beforeAll(async () => {
  fresh = await freshDatabase()
  database = openDatabase({ url: fresh.url, log: silentLog, applicationName: 'test' })
  await migrate(database, [deploysMigrations])
  deploys = createDeploys({ database, clock: systemClock })
})
afterAll(async () => {
  await database.close()
  await fresh.drop()
})
beforeEach(() => database.query('delete from deploys.service'))

const web = (name: string) => script(name, answering, { port: 'any', ready: { tcp: true } })
const service = (spec: AgentProcess['spec']): AgentProcess => ({ kind: 'service', spec, given: new Map() })

async function startAgent(processes: AgentProcess[]) {
  const supervisor = testSupervisor()
  const agent = createAgent({ deploys, supervisor, processes, log: silentLog })
  onTestFinished(() => agent.stop())
  return { agent, supervisor, states: await agent.start() }
}

const seen = async (name: string) => (await deploys.get(name)).state

test.each([
  ['running', 1, undefined, 'start'],
  ['running', 7, undefined, 'start'],
  ['stopped', 1, undefined, 'nothing'],
  ['running', 1, { desired: 'running', generation: 1 }, 'nothing'],
  ['running', 2, { desired: 'running', generation: 1 }, 'restart'],
  ['running', 2, { desired: 'stopped', generation: 1 }, 'start'],
  ['stopped', 2, { desired: 'running', generation: 1 }, 'stop'],
  ['stopped', 2, { desired: 'stopped', generation: 1 }, 'nothing'],
] as const)('asked %s (%i) after %o: %s', (desired, generation, acted, action) => {
  expect(decide({ desired, generation }, acted)).toBe(action)
})

describe('the agent', () => {
  test('starts what is configured and tells where it is', async () => {
    const { states } = await startAgent([service(web('catalog')), service(web('orders'))])
    expect(states.map(({ state }) => state)).toEqual(['running', 'running'])
    await until('both are told', async () => (await deploys.list()).every(({ state }) => state === 'running'))
    const catalog = await deploys.get('catalog')
    expect(await (await fetch(catalog.url!)).text()).toBe(String(catalog.pid))
  })

  test('stops, starts and restarts what it is asked to, and nothing else', async () => {
    const payments = web('payments')
    const other = web('other')
    const { supervisor } = await startAgent([service(payments), service(other)])
    const others = alive(other.word)

    await deploys.stop('payments', 'mem_1')
    expect(await deploys.settled('payments', 5_000)).toMatchObject({
      state: 'stopped',
      desiredBy: 'mem_1',
      pid: null,
    })
    expect(alive(payments.word)).toEqual([])

    await deploys.start('payments', null)
    const second = await deploys.settled('payments', 5_000)
    expect(second.state).toBe('running')
    expect(alive(payments.word)).toEqual([second.pid])

    await deploys.restart('payments', null)
    const third = await deploys.settled('payments', 5_000)
    expect(third).toMatchObject({ state: 'running', observedGeneration: 2, url: second.url })
    expect(alive(payments.word)).toEqual([third.pid])
    expect(third.pid).not.toBe(second.pid)
    expect(alive(other.word)).toEqual(others)
    expect(supervisor.status('other')?.restarts).toBe(0)
  })

  test('tells at once that a service died, and where the new one is', async () => {
    await startAgent([service(web('mortal'))])
    await until('it is told', async () => (await seen('mortal')) === 'running')
    const before = await deploys.get('mortal')
    const changes: string[] = []
    const listener = await deploys.onChange(() => void seen('mortal').then((state) => changes.push(state)))
    onTestFinished(() => listener.close())
    process.kill(before.pid!, 'SIGKILL')
    await until('it runs again', async () => {
      const now = await deploys.get('mortal')
      return now.state === 'running' && now.pid !== before.pid
    })
    expect(changes).toContain('failed')
  })

  test('leaves stopped what was stopped before it started, and forgets what is configured no more', async () => {
    await deploys.declare([
      { name: 'quiet', kind: 'service' },
      { name: 'gone', kind: 'service' },
    ])
    await deploys.stop('quiet', null)
    const quiet = web('quiet')
    const { states } = await startAgent([service(quiet)])
    expect(states).toMatchObject([
      { name: 'quiet', state: 'stopped', reason: expect.stringContaining('rockpool service start quiet') },
    ])
    expect(await deploys.settled('quiet', 5_000)).toMatchObject({ state: 'stopped', desired: 'stopped' })
    expect(alive(quiet.word)).toEqual([])
    await expect(deploys.get('gone')).rejects.toThrow('there is no service “gone”')
  })

  test('that starts after a crash sends nobody to where services were before', async () => {
    const { agent } = await startAgent([service(web('catalog'))])
    await until('it is told', async () => (await seen('catalog')) === 'running')
    const before = await deploys.get('catalog')
    await agent.stop()
    await deploys.observe('catalog', before) // as a kill -9 leaves it
    await deploys.forget()
    expect(await deploys.get('catalog')).toMatchObject({
      state: 'stopped',
      url: null,
      pid: null,
      observedGeneration: 0,
      desired: 'running',
    })
  })

  test('stopped itself, stops its processes, says so, and keeps what was asked', async () => {
    const spec = web('evening')
    const { agent } = await startAgent([service(spec)])
    await agent.stop()
    expect(alive(spec.word)).toEqual([])
    expect(await deploys.get('evening')).toMatchObject({ state: 'stopped', desired: 'running' })
  })

  test('goes on with what was last asked while the desired states cannot be read, and catches up', async () => {
    const spec = web('steady')
    const listed = deploys.list
    let down = false
    const flaky: Deploys = {
      ...deploys,
      list: () => (down ? Promise.reject(new Error('Postgres is away')) : listed()),
    }
    const supervisor = testSupervisor()
    const agent = createAgent({ deploys: flaky, supervisor, processes: [service(spec)], log: silentLog })
    onTestFinished(() => agent.stop())
    await agent.start()
    down = true
    await deploys.stop('steady', null)
    process.kill(supervisor.status('steady')!.pid!, 'SIGKILL')
    await until('it is kept running', () => supervisor.status('steady')?.restarts === 1)
    down = false
    await until('it was stopped', () => supervisor.status('steady')?.state === 'stopped')
    await until('how to start it again is told', async () =>
      Boolean((await deploys.get('steady')).reason?.includes('by hand; “rockpool service start steady”')),
    )
  })
})

describe('the processes of a configuration', () => {
  const bankFolder = () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'bank'))
    mkdirSync(join(folder, 'shop'))
    const echo = `require('node:http').createServer((_, r) => r.end(JSON.stringify(process.env))).listen(process.env.PORT, '127.0.0.1')`
    writeFileSync(join(folder, 'bank/server.cjs'), echo)
    writeFileSync(join(folder, 'shop/server.cjs'), echo)
    return folder
  }
  const wiring = {
    gatewayUrl: 'http://gateway.test',
    jwksUrl: 'http://control.test/.well-known/jwks.json',
    dataFolder: (name: string) => `/data/own/${name}`,
    credential: (name: string) => `credential of ${name}`,
    databaseUrl: (name: string) => `database of ${name}`,
  }
  const configOf = (folder: string) => ({
    thirdParties: {
      bank: { folder: join(folder, 'bank'), start: ['node', 'server.cjs'], health: '/health', requires: [] },
    },
    services: {
      shop: {
        folder: join(folder, 'shop'),
        contract: 'unread',
        start: ['node', 'server.cjs'],
        database: true,
        consumes: ['orders.order_placed', 'catalog.item_sold'],
        env: ({ url }: { url: (name: string) => string }) => ({
          BANK_URL: url('bank'),
          ROCKPOOL_SERVICE: 'not me',
          PORT: '1',
        }),
        health: '/health',
        requires: [],
        deadline: '30s',
      },
    },
  })

  test('get what Rockpool promises them, which their own env cannot change; third parties get nothing of it', async () => {
    const supervisor = testSupervisor()
    const processes = await planProcesses(
      configOf(bankFolder()),
      wiring,
      (name) => supervisor.status(name)?.url ?? undefined,
    )
    const agent = createAgent({ deploys, supervisor, processes, log: silentLog })
    onTestFinished(() => agent.stop())
    await agent.start()
    const environmentOf = async (name: string) => (await fetch(supervisor.status(name)!.url!)).json()
    const bank = supervisor.status('bank')!
    expect(await environmentOf('shop')).toMatchObject({
      ROCKPOOL_SERVICE: 'shop',
      ROCKPOOL_GATEWAY_URL: 'http://gateway.test',
      ROCKPOOL_JWKS_URL: 'http://control.test/.well-known/jwks.json',
      ROCKPOOL_SERVICE_CREDENTIAL: 'credential of shop',
      ROCKPOOL_CONSUMES: 'orders.order_placed,catalog.item_sold',
      DATABASE_URL: 'database of shop',
      BANK_URL: bank.url,
      PORT: String(supervisor.status('shop')!.port),
    })
    const given = Object.keys((await environmentOf('bank')) as object).filter((name) =>
      name.startsWith('ROCKPOOL_'),
    )
    expect(given).toEqual(['ROCKPOOL_PROCESS'])
  })

  test('are told anew when a process whose URL they got has to move', async () => {
    const supervisor = testSupervisor()
    const processes = await planProcesses(
      configOf(bankFolder()),
      wiring,
      (name) => supervisor.status(name)?.url ?? undefined,
    )
    const agent = createAgent({ deploys, supervisor, processes, log: silentLog })
    onTestFinished(() => agent.stop())
    await agent.start()
    const before = supervisor.status('bank')!
    await supervisor.stop('bank')
    const squatter = createServer().listen(before.port!, '127.0.0.1')
    onTestFinished(() => void squatter.close())
    await supervisor.restart('bank')
    const after = supervisor.status('bank')!
    expect(after.url).not.toBe(before.url)
    await until('the shop knows', async () => {
      const { url, state } = supervisor.status('shop')!
      if (state !== 'running') return false
      const environment = await fetch(url!).then(
        (answer) => answer.json(),
        () => ({}),
      )
      return (environment as { BANK_URL?: string }).BANK_URL === after.url
    })
  })
})

describe('the directory of services', () => {
  const contract = (path: string) => `
openapi: 3.1.0
info: { title: Catalog, version: '1' }
paths:
  ${path}:
    get:
      operationId: listItems
      parameters: [{ name: organization, in: path, required: true, schema: { type: string } }]
      responses: { '200': { description: items } }
`

  test('joins routes with where a service is, also before any agent has seen it', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'openapi.yaml'), contract('/{organization}/items'))
    const services = { catalog: { contract: join(folder, 'openapi.yaml'), deadline: '5s' } }
    const directory = await openServiceDirectory({ deploys, services })
    const [unseen] = await directory.list()
    expect(unseen).toMatchObject({ name: 'catalog', url: null, state: 'stopped', deadlineMs: 5_000 })
    expect(unseen?.routes).toEqual([
      { method: 'GET', path: '/{organization}/items', operationId: 'listItems', anonymous: false },
    ])
    let changes = 0
    const listener = await directory.onChange(() => changes++)
    onTestFinished(() => listener.close())
    await startAgent([service(web('catalog'))])
    await until('it is there', async () => (await directory.list())[0]?.state === 'running')
    await until('it was told', () => changes > 0)
  })

  test('refuses contracts that cannot be read, all at once', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'bad.yaml'), contract('/half-{a}-parameter'))
    const services = {
      catalog: { contract: join(folder, 'bad.yaml'), deadline: '5s' },
      orders: { contract: join(folder, 'missing.yaml'), deadline: '5s' },
    }
    const error = await openServiceDirectory({ deploys, services }).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'config_invalid' })
    const paths = (error as { findings: { path: string }[] }).findings.map(({ path }) => path.split('.')[1])
    expect([...new Set(paths)]).toEqual(['catalog', 'orders'])
  })
})
