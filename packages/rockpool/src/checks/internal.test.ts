import { Hono } from 'hono'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runsWorld } from '../../test/support/checks.ts'
import type { RunsWorld } from '../../test/support/checks.ts'
import { toProblem } from '../kernel/index.ts'
import { createAsk, createOperationClient } from '../api/light.ts'
import { createRunControl, rolePrefix } from './control.ts'
import type { CallControl, RunControl } from './control.ts'
import { checksOperations } from './handlers.ts'
import { createCheckRoutes } from './internal.ts'
import { requestRun } from './operations.ts'

let world: RunsWorld
let control: RunControl
let url = ''
const server = createServer()

/** As the role runner calls. */
function roleCall(at: string, token: string): CallControl {
  return createOperationClient(createAsk({ url: at, credential: token, prefix: rolePrefix })).call
}

beforeAll(async () => {
  world = await runsWorld('http://127.0.0.1:8470')
  const { runs, organizations, sandboxes } = world
  const effect = {
    id: '1',
    name: 'bank.charge',
    service: 'payments',
    outcome: 'stood in',
    arguments: {},
    error: null,
    at: '2026-01-01T00:00:00.000Z',
  } as const
  const operations = checksOperations({
    runs,
    organizations,
    sandboxes,
    effects: (_, name) => Promise.resolve(name === effect.name ? [effect] : []),
    requests: {
      put: () => Promise.resolve({ slot: '2026-01-01T00:00:00.000Z' }),
      close: () => Promise.resolve(),
    },
  })
  const routes = createCheckRoutes(operations)
  const app = new Hono()
  const below = new Hono()
  routes.mount(below)
  app.use(`${routes.prefix}/*`, async (context, next) =>
    context.req.header('authorization') === 'Bearer role-token'
      ? next()
      : context.json({ code: 'credential_unknown', detail: 'no' }, 401),
  )
  app.route(routes.prefix, below)
  app.onError((error, context) => context.json(toProblem(error).toJSON(), toProblem(error).status as 422))
  server.on('request', (request, response) => {
    const chunks: Buffer[] = []
    request
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => {
        const body = chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}
        const headers = request.headers as Record<string, string>
        void Promise.resolve(
          app.fetch(
            new Request(`http://x${request.url}`, { method: request.method ?? 'GET', headers, ...body }),
          ),
        ).then(async (answer) => {
          response
            .writeHead(answer.status, Object.fromEntries(answer.headers))
            .end(Buffer.from(await answer.arrayBuffer()))
        })
      })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  control = createRunControl(roleCall(url, 'role-token'))
}, 60_000)
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await world.close()
})

test('the runner starts, keeps and finishes a run by its role token', async () => {
  await control.register(
    'check',
    [{ name: 'by role', file: '/a.ts', line: 1, every: null, cron: null, timeout: 1_000, tags: [] }],
    true,
  )
  const started = await control.start({
    kind: 'check',
    check: 'by role',
    trigger: 'schedule',
    slot: new Date(0),
    parent: null,
    ttl: '5m',
  })
  expect(started).toMatchObject({
    gateway: 'http://127.0.0.1:8470',
    lease: { ms: 15_000, heartbeatMs: 3_000 },
  })
  await control.heartbeat(started.run)
  const second = await control.startAttempt(started.run)
  expect(await control.effects(started.run, second.organization, 'bank.charge')).toHaveLength(1)
  const run = await control.finish(started.run, { verdict: 'pass', attempts: [] })
  expect(run).toMatchObject({ id: started.run, check: 'by role', verdict: 'pass', startedBy: 'runner' })
  expect(run.sandboxes).toHaveLength(2)
})

test('what control refuses comes back as its problem', async () => {
  await expect(control.heartbeat('run_nowhere')).rejects.toMatchObject({ code: 'not_found' })
  await expect(
    control.start({ kind: 'check', check: '', trigger: 'command', slot: null, parent: null, ttl: null }),
  ).rejects.toMatchObject({
    code: 'invalid_input',
    findings: [{ path: 'check' }],
  })
  const other = await control.start({
    kind: 'check',
    check: 'other',
    trigger: 'command',
    slot: null,
    parent: null,
    ttl: null,
  })
  await expect(control.effects(other.run, 'harbor-nothing', 'bank.charge')).rejects.toMatchObject({
    code: 'not_found',
  })
})

test('a run can be asked for of a check that there is, by its whole name', async () => {
  await control.register(
    'check',
    [{ name: 'a/b “c”', file: '/a.check.ts', line: 2, every: null, cron: null, timeout: 1_000, tags: [] }],
    true,
  )
  const call = roleCall(url, 'role-token')
  expect(await call(requestRun, { params: { check: 'a/b “c”' } })).toEqual({
    check: 'a/b “c”',
    slot: '2026-01-01T00:00:00.000Z',
  })
  await expect(call(requestRun, { params: { check: 'a/b' } })).rejects.toMatchObject({ code: 'not_found' })
})

test('without the token nothing is told, and a control that is away is named', async () => {
  const stranger = createRunControl(roleCall(url, 'guessed'))
  await expect(stranger.heartbeat('run_x')).rejects.toMatchObject({ code: 'credential_unknown' })
  const away = createRunControl(roleCall('http://127.0.0.1:1', 'role-token'))
  await expect(away.heartbeat('run_x')).rejects.toMatchObject({ code: 'control_unreachable' })
})
