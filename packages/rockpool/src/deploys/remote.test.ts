import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder, testSupervisor } from '../../test/support/agent.ts'
import { freshDatabase } from '../../test/support/database.ts'
import { migrate, openDatabase, silentLog, systemClock, type Problem } from '../kernel/index.ts'
import { eventually } from '../../test/support/eventually.ts'
import { rateLimit } from '../../test/support/gateway-entries.ts'
import { createAgent, createDeploys, deploysMigrations, deploysOperations } from './index.ts'
import { openServiceDirectory, readContracts } from './index.ts'

async function openDeploys() {
  const fresh = await freshDatabase()
  const database = openDatabase({ url: fresh.url, log: silentLog, applicationName: 'test' })
  onTestFinished(async () => {
    await database.close()
    await fresh.drop()
  })
  await migrate(database, [deploysMigrations])
  return createDeploys({ database, clock: systemClock })
}

const url = 'https://api.example.test/v1'

test('a service that runs elsewhere is told as running, and nobody here stops it', async () => {
  const deploys = await openDeploys()
  const supervisor = testSupervisor()
  const agent = createAgent({
    deploys,
    supervisor,
    processes: [],
    remotes: [{ name: 'theirs', url }],
    log: silentLog,
  })
  onTestFinished(() => agent.stop())
  expect(await agent.start()).toMatchObject([{ name: 'theirs', state: 'running', url }])
  expect(supervisor.list()).toEqual([])
  await eventually('it is told', async () => (await deploys.get('theirs')).state === 'running')
  expect(await deploys.get('theirs')).toMatchObject({ kind: 'remote', url, pid: null })

  const stop = deploysOperations({ deploys }).find(({ operation }) => operation.id === 'deploys.stopService')!
  const caller = { member: null, credential: 'crd_1' }
  const stopping = stop.handler({ params: { service: 'theirs' }, caller } as never)
  await expect(stopping).rejects.toMatchObject({ code: 'not_possible_here' })
  expect(await deploys.get('theirs')).toMatchObject({ desired: 'running' })
})

test.each([true, false])('gateways get its place and whether it is production: %s', async (production) => {
  const contract = join(temporaryFolder(), 'openapi.yaml')
  writeFileSync(
    contract,
    `openapi: 3.1.0\ninfo: { title: T }\npaths: { /x: { get: { responses: { '200': {} } } } }`,
  )
  const services = { theirs: { contract, url, production, deadline: '5s' } }
  const directory = await openServiceDirectory({ deploys: await openDeploys(), services })
  expect(await directory.list()).toEqual([
    {
      name: 'theirs',
      url,
      state: 'running',
      reason: null,
      foreign: production,
      deadlineMs: 5_000,
      concurrency: 256,
      routes: [{ method: 'GET', path: '/x', operationId: 'getX', anonymous: false }],
    },
  ])
})

test('what ought to be mended in a contract is told, and stops nothing', async () => {
  const contract = join(temporaryFolder(), 'openapi.yaml')
  writeFileSync(contract, `openapi: 3.1.0\ninfo: { title: T }\npaths: { x: { get: { operationId: x } } }`)
  const told: unknown[] = []
  const { routes } = await readContracts(
    { ours: { contract } },
    [],
    (...warnings) => void told.push(warnings),
  )
  expect(routes.get('ours')).toMatchObject([{ path: '/x', operationId: 'x' }])
  const messages = [/must begin with/, /responses are missing/].map((message) =>
    expect.objectContaining({ file: contract, message: expect.stringMatching(message) }),
  )
  expect(told).toEqual([['ours', contract, messages]])
  const open = { deploys: await openDeploys(), services: { ours: { contract, deadline: '5s' } } }
  await openServiceDirectory({ ...open, tellWarnings: (...warnings) => void told.push(warnings) })
  expect(told).toHaveLength(2)
})

test('a rate limit of an operation that no contract has is a finding', async () => {
  const contract = join(temporaryFolder(), 'openapi.yaml')
  writeFileSync(
    contract,
    `openapi: 3.1.0\ninfo: { title: T }\npaths: { /x: { get: { responses: { '200': {} } } } }`,
  )
  const services = { theirs: { contract, url, production: false, deadline: '5s' } }
  const limit = (operation: string, service: string | null) => ({ ...rateLimit(), operation, service })
  const wrong = [limit('getX', 'theirs'), limit('getY', 'theirs'), limit('getX', null), limit('getY', null)]
  const error = await readContracts(services, wrong).catch((caught: unknown) => caught)
  expect((error as Problem).findings).toEqual([
    { path: 'rateLimits.1.operation', message: 'the contract of theirs has no operation “getY”' },
    { path: 'rateLimits.3.operation', message: 'no contract has the operation “getY”' },
  ])
})
