import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createLoopback, createWorkspace, json, runsWorld } from '../../test/support/checks.ts'
import type { RunsWorld, Workspace } from '../../test/support/checks.ts'
import { createAsk, createOperationClient } from '../api/light.ts'
import { addressOf, contractsMigrations, createMockFidelities } from '../contracts/index.ts'
import type { MockFidelities } from '../contracts/index.ts'
import { migrate, systemClock, toProblem } from '../kernel/index.ts'
import { createRunControl, rolePrefix } from './control.ts'
import type { RunControl } from './control.ts'
import { executeChecks } from './execute/execute.ts'
import { createCheckRoutes } from './internal.ts'
import { runMocksOperations } from './mocks.ts'
import type { MockOfRun } from './mocks.ts'

const text = JSON.stringify({
  openapi: '3.1.0',
  info: { title: 'Catalog', version: '1.0.0' },
  paths: {
    '/{organization}/items': {
      post: {
        operationId: 'createItem',
        parameters: [{ name: 'organization', in: 'path', required: true, schema: { type: 'string' } }],
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Item' } } } },
        responses: {
          '201': {
            description: '',
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Item' } } },
          },
        },
      },
    },
    '/later': { get: { operationId: 'later', responses: { '200': { description: '' } } } },
  },
  components: {
    schemas: {
      Item: {
        type: 'object',
        required: ['id', 'name'],
        properties: { id: { type: 'string', readOnly: true }, name: { type: 'string', minLength: 1 } },
      },
    },
  },
})
const bundle = { main: 'openapi.json', files: { 'openapi.json': text } }
const address = addressOf(bundle)
const catalogue = { catalog: { createItem: { method: 'POST', path: '/{organization}/items' } } }

let world: RunsWorld
let fidelities: MockFidelities
let control: RunControl
let gateway: Awaited<ReturnType<typeof createLoopback>>
let answerWith: object = {}
let server: ReturnType<typeof serve>
let workspace: Workspace

beforeAll(async () => {
  gateway = await createLoopback((_, response) => json(response, 201, answerWith))
  world = await runsWorld(gateway.url)
  await migrate(world.database, [contractsMigrations])
  const { runs, database } = world
  fidelities = createMockFidelities({ database, clock: systemClock })
  const contractOf = (service: string) =>
    Promise.resolve(service === 'catalog' ? { address, bundle } : undefined)
  const routes = createCheckRoutes(runMocksOperations({ runs, contractOf, fidelities }))
  const [app, below] = [new Hono(), new Hono()]
  routes.mount(below)
  app.route(routes.prefix, below)
  app.onError((error, context) => context.json(toProblem(error).toJSON(), toProblem(error).status as 422))
  const { port } = await new Promise<AddressInfo>((resolve) => {
    server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, resolve)
  })
  const ask = createAsk({ url: `http://127.0.0.1:${port}`, credential: 'token', prefix: rolePrefix })
  const byRole = createRunControl(createOperationClient(ask).call)
  control = { ...world.control, contract: byRole.contract, publishMock: byRole.publishMock }
}, 60_000)
beforeEach(async () => {
  workspace = await createWorkspace()
  await world.database.query('delete from contracts.mock_result')
  answerWith = { id: 'item_1', name: 'secret name' }
  return () => workspace.remove()
})
afterAll(async () => {
  server.close()
  await gateway.close()
  await world.close()
})

async function execute(definition: string, by: RunControl = control) {
  await workspace.file('a.check.ts', `import { contract } from 'rockpool'\nexport default ${definition}`)
  const { results, findingsFound } = await executeChecks({
    control: by,
    files: ['*.check.ts'],
    folder: workspace.folder,
    catalogue,
    clock: systemClock,
    reporters: [],
  })
  const said = results[0]?.attempts[0]?.evidence.entries.flatMap((entry) =>
    entry.type === 'console' ? [entry.text] : [],
  )
  return {
    result: results[0],
    attempt: results[0]?.attempts[0],
    findings: findingsFound.map(({ message }) => message),
    said,
  }
}

test('one line is a check: it asks the service and the mock the same, and what it saw is kept with its run', async () => {
  const { result, attempt, said } = await execute(`contract('catalog')`)
  expect(attempt).toMatchObject({ verdict: 'pass', failure: null })
  expect(said).toEqual([
    '1 of 2 operations are faithful',
    'later was not tried: the gateway has no route for it',
  ])
  const [request] = gateway.requests.slice(-1)
  expect(request!.url).toBe(`/${attempt!.organization}/items`)
  expect(JSON.parse(request!.body)).toEqual({ name: expect.any(String) as string })
  const seen = await fidelities.of('catalog')
  expect(seen).toMatchObject({
    faithful: 1,
    items: [
      { operation: 'createItem', result: 'faithful', address, run: result!.run!.id },
      { operation: 'later' },
    ],
  })
})

test('an answer that breaks the contract fails the run with its place, no value told, and is kept', async () => {
  answerWith = { id: 'secret id', name: 4711 }
  const { attempt } = await execute(`contract('catalog')`)
  expect(attempt!.failure).toMatchObject({
    kind: 'error',
    message: 'catalog breaks its contract:\ncreateItem: /name must be a string',
  })
  const seen = await fidelities.of('catalog')
  expect(seen.items[0]).toMatchObject({ result: 'differs', findings: [{ at: '/name', breaks: true }] })
  expect(JSON.stringify(seen)).not.toMatch(/secret|4711/)
})

test('where nothing could be tried nothing is said of the service, and what was known stays', async () => {
  await execute(`contract('catalog')`)
  const before = await fidelities.of('catalog')
  const { attempt } = await execute(`contract('catalog', { except: ['createItem'] })`)
  expect(attempt).toMatchObject({
    verdict: 'uncheckable',
    obstacle: { message: 'no operation of catalog could be tried: the check leaves it out' },
  })
  expect(await fidelities.of('catalog')).toEqual(before)
})

test('nothing is mocked in it: what answers is told of the service', async () => {
  const given = `async ({ sandbox }) => { await sandbox.mock('catalog') }`
  const before = await fidelities.of('catalog')
  const { attempt } = await execute(`contract('catalog', { given: ${given} })`)
  expect(attempt!.failure!.message).toContain('nothing is mocked in it')
  expect(await fidelities.of('catalog')).toEqual(before)
})

test('a function gives what the requests need, with the fixtures of any check', async () => {
  const given = `async ({ sandbox }) => ({ createItem: { body: { name: sandbox.organization } } })`
  const { attempt } = await execute(`contract('catalog', { given: ${given} })`)
  expect(attempt!.verdict).toBe('pass')
  expect(JSON.parse(gateway.requests.at(-1)!.body)).toEqual({ name: attempt!.organization })
})

test('who may run a check and not tell of a service runs it all the same: it says that nothing is kept', async () => {
  const { Problem } = await import('../kernel/index.ts')
  const refused = { code: 'scope_missing', status: 403 } as const
  const bound: RunControl = {
    ...control,
    publishMock: () => Promise.reject(new Problem(refused.code, 'this is for the whole installation')),
  }
  const { attempt, said } = await execute(`contract('catalog')`, bound)
  expect(attempt!.verdict).toBe('pass')
  expect(said![0]).toBe('what was seen is not kept: this is for the whole installation')
})

test('names that nobody has are refused: of a service, and of operations, all at once', async () => {
  const service = await execute(`contract('catalogue')`)
  expect(service.attempt!.failure!.message).toMatch(
    /there is no service named “catalogue”; did you mean catalog\?/,
  )
  const { attempt } = await execute(
    `contract('catalog', { except: ['createItems'], given: { nothing: {} } })`,
  )
  expect(attempt!.failure!.message).toBe(
    'except names “createItems”, which is no operation of the contract; did you mean createItem?\n' +
      'given names “nothing”, which is no operation of the contract; there are createItem, later',
  )
})

test('options that are none are findings of the file, all at once', async () => {
  const { findings } = await execute(`contract('catalog', { except: 'createItem', seed: 3, given: 4 })`)
  expect(findings).toEqual([
    expect.stringMatching(
      /contract\("catalog"\): except is a list of operation ids; seed is a text; given is an object of requests/,
    ),
  ])
  const other = await execute(`contract('catalog', { every: '1 hour', faults: true })`)
  expect(other.findings).toEqual([expect.stringMatching(/1 hour/)])
})

test('a run tells while it is under way, of a service that there is, and a check’s run alone', async () => {
  const start = () =>
    world.control.start({
      kind: 'check',
      check: 'a',
      trigger: 'command',
      slot: null,
      parent: null,
      ttl: null,
    })
  const seen: MockOfRun = {
    address,
    results: [{ operation: 'a', method: 'GET', path: '/a', result: 'faithful', reason: null, findings: [] }],
  }
  const { run } = await start()
  await expect(control.publishMock('run_nowhere', 'catalog', seen)).rejects.toMatchObject({
    code: 'not_found',
  })
  await expect(control.publishMock(run, 'nothing', seen)).rejects.toMatchObject({ code: 'not_found' })
  await expect(control.publishMock(run, 'catalog', { ...seen, results: [] })).rejects.toMatchObject({
    code: 'invalid_input',
  })
  expect(await fidelities.of('catalog')).toMatchObject({ operations: 0 })
  await control.publishMock(run, 'catalog', seen)
  await control.finish(run, { verdict: 'pass', attempts: [] })
  await expect(
    control.publishMock(run, 'catalog', { ...seen, results: [{ ...seen.results[0]!, operation: 'late' }] }),
  ).rejects.toMatchObject({ code: 'conflict' })
  expect((await fidelities.of('catalog')).items).toMatchObject([{ operation: 'a', run }])
})
