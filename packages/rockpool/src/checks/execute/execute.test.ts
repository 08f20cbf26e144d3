import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createLoopback, createWorkspace, json, orderFor, runsWorld } from '../../../test/support/checks.ts'
import type { RunsWorld, Workspace } from '../../../test/support/checks.ts'
import { eventually } from '../../../test/support/eventually.ts'
import { problem, systemClock } from '../../kernel/index.ts'
import type { Reporter } from '../reporters/reporter.ts'
import { createRunKeeper } from '../runs/keeper.ts'
import { executeChecks } from './execute.ts'
import type { ExecuteOptions } from './execute.ts'

let world: RunsWorld
let workspace: Workspace
let gateway: Awaited<ReturnType<typeof createLoopback>>
let failures = 0

beforeAll(async () => {
  gateway = await createLoopback((request, response) => {
    if (request.url.endsWith('/flaky') && failures-- > 0)
      return json(response, 502, {}, { 'rockpool-problem': 'upstream_unreachable' })
    json(response, 200, { organization: request.url.split('/')[1] })
  })
  world = await runsWorld(gateway.url)
  world.startKeeper()
})
beforeEach(async () => {
  workspace = await createWorkspace()
  return () => workspace.remove()
})
afterAll(async () => {
  await gateway.close()
  await world.close()
})

const { catalogue } = orderFor('', '')
const execute = (options: Partial<ExecuteOptions> = {}) =>
  executeChecks({
    control: world.control,
    files: ['**/*.check.ts'],
    folder: workspace.folder,
    catalogue,
    clock: systemClock,
    reporters: [],
    ...options,
  })

describe('checks', () => {
  test('run each in a sandbox of its own, and what they made is gone with a receipt', async () => {
    await workspace.file(
      'a.check.ts',
      `check('one', async ({ api, expect, sandbox }) => {
  const item = await api.catalog.getItem({ path: { id: 'x' } })
  expect(item.body.organization).toBe(sandbox.organization)
})
check('two', async () => {})`,
    )
    const { results, exitCode } = await execute({ waitMs: 20_000 })
    expect(exitCode).toBe(0)
    const sandboxes = results.flatMap(({ run }) => run?.sandboxes ?? [])
    expect(new Set(sandboxes.map(({ slug }) => slug)).size).toBe(2)
    expect(sandboxes.every(({ state, receipt }) => state === 'deleted' && receipt !== null)).toBe(true)
  })

  test('that fail are told with 1, uncheckable ones and findings with 2', async () => {
    await workspace.file(
      'a.check.ts',
      `check('fails', async ({ expect }) => expect(1).toBe(2))\ncheck('passes', async () => {})`,
    )
    expect(await execute()).toMatchObject({ pass: 1, fail: 1, exitCode: 1 })
    expect(await execute({ grep: 'PASS' })).toMatchObject({ pass: 1, fail: 0, exitCode: 0 })
    expect(await execute({ grep: '/^p.*s$/' })).toMatchObject({ pass: 1, fail: 0, exitCode: 0 })
    await workspace.file('b.check.ts', `const = 1`)
    expect(await execute({ grep: 'passes' })).toMatchObject({ pass: 1, findings: 1, exitCode: 2 })
    expect(await execute({ grep: 'nothing like it' })).toMatchObject({ pass: 0, exitCode: 2 })
  })

  test('are picked by their tags, all of which they must have', async () => {
    await workspace.file(
      'a.check.ts',
      `check('one', { tags: ['x', 'y'] }, async () => {})\ncheck('two', { tags: ['x'] }, async () => {})`,
    )
    expect((await execute({ tags: ['x', 'y'] })).results.map(({ check }) => check.name)).toEqual(['one'])
  })

  test('keep all their attempts, each in a fresh sandbox, and are worth their last', async () => {
    failures = 2
    await workspace.file(
      'a.check.ts',
      `check('flaky', { retries: 3 }, async ({ api, expect }) => {
  expect((await api.catalog.getItem({ path: { id: 'flaky' } })).status).toBe(200)
})`,
    )
    const { results } = await execute()
    expect(results[0]?.verdict).toBe('pass')
    expect(results[0]?.run?.attempts.map(({ verdict }) => verdict)).toEqual(['fail', 'fail', 'pass'])
    expect(new Set(results[0]?.attempts.map(({ organization }) => organization)).size).toBe(3)
    expect(results[0]?.run?.attempts[0]?.evidence.entries).toHaveLength(1)
  })

  test('that may be retried for the network alone are not retried for an assertion', async () => {
    failures = 1
    await workspace.file(
      'a.check.ts',
      `const on = { count: 2, on: 'network' } as const
check('network', { retries: on }, async ({ api, expect }) => {
  expect((await api.catalog.getItem({ path: { id: 'flaky' } })).status).toBe(200)
})
check('assertion', { retries: on }, async ({ expect }) => expect(1).toBe(2))`,
    )
    const { results } = await execute()
    const attempts = Object.fromEntries(results.map(({ check, attempts }) => [check.name, attempts.length]))
    expect(attempts).toEqual({ network: 2, assertion: 1 })
  })

  test('are uncheckable while control cannot be reached, and say so', async () => {
    await workspace.file('a.check.ts', `check('one', async () => {})`)
    const control = {
      ...world.control,
      start: () => Promise.reject(problem('control_unreachable', 'control is away')),
    }
    const { results, exitCode } = await execute({ control })
    expect(exitCode).toBe(2)
    expect(results).toMatchObject([
      { verdict: 'uncheckable', trouble: 'no sandbox could be made: control is away' },
    ])
  })

  test('keep their verdict though control cannot take it, and say so', async () => {
    await workspace.file('a.check.ts', `check('one', async ({ expect }) => expect(1).toBe(2))`)
    const control = {
      ...world.control,
      finish: () => Promise.reject(problem('control_unreachable', 'control is away')),
    }
    expect((await execute({ control })).results).toMatchObject([
      { verdict: 'fail', run: null, trouble: 'control could not be told the verdict: control is away' },
    ])
  })

  test('are ended when control has ended their run', async () => {
    await workspace.file('a.check.ts', `check('one', async () => { await new Promise(() => {}) })`)
    const control = {
      ...world.control,
      start: async (input: Parameters<typeof world.control.start>[0]) => ({
        ...(await world.control.start(input)),
        lease: { ms: 15_000, heartbeatMs: 50 },
      }),
      heartbeat: () => Promise.reject(problem('conflict', 'the run has ended')),
    }
    expect((await execute({ control })).results).toMatchObject([
      {
        verdict: 'uncheckable',
        attempts: [{ obstacle: { message: 'control has ended the run: the run has ended' } }],
      },
    ])
  })

  test('that are stopped end their runs, and say nothing about the system', async () => {
    await workspace.file('a.check.ts', `check('endless', async () => { await new Promise(() => {}) })`)
    const stop = new AbortController()
    const reporter: Reporter = { started: () => void setTimeout(() => stop.abort(new Error('Ctrl-C')), 300) }
    const { results, stopped, exitCode } = await execute({ signal: stop.signal, reporters: [reporter] })
    expect({ stopped, exitCode }).toEqual({ stopped: true, exitCode: 2 })
    expect(results[0]?.run).toMatchObject({ verdict: null, endedBy: 'stopped' })
  })

  test('run side by side, no more at once than asked for', async () => {
    await workspace.file(
      'a.check.ts',
      Array.from(
        { length: 6 },
        (_, i) => `check('c${i}', async () => { await new Promise((go) => setTimeout(go, 100)) })`,
      ).join('\n'),
    )
    let now = 0
    let most = 0
    const reporter: Reporter = {
      started: () => void (most = Math.max(most, ++now)),
      finished: () => void now--,
    }
    expect(await execute({ concurrency: 3, reporters: [reporter] })).toMatchObject({ pass: 6 })
    expect(most).toBe(3)
  })
})

test('an executor killed with -9 in the middle of a check leaves no process, and its sandbox is gone with a receipt', async () => {
  await workspace.file(
    'a.check.ts',
    `import { writeFileSync } from 'node:fs'
check('spins', { timeout: '10m' }, async ({ sandbox }) => {
  writeFileSync(${JSON.stringify(`${workspace.folder}/state`)}, process.pid + ' ' + sandbox.organization)
  for (;;) {}
})`,
  )
  const source = (path: string) => JSON.stringify(fileURLToPath(new URL(path, import.meta.url)))
  const program = `
    import { openDatabase, silentLog, systemClock } from ${source('../../kernel/index.ts')}
    import { createOrganizations } from ${source('../../organizations/index.ts')}
    import { createSandboxes } from ${source('../../sandboxes/index.ts')}
    import { createRuns, executeChecks } from ${source('../index.ts')}
    const clock = systemClock, log = silentLog, settled = async () => {}
    const database = openDatabase({ url: ${JSON.stringify(world.url)}, log, applicationName: 'killed' })
    const organizations = createOrganizations({ database, clock, log })
    const sandboxes = createSandboxes({ database, organizations, clock, settled })
    const runs = createRuns({ database, organizations, sandboxes, causes: { of: async () => [] }, clock, log, settled,
      gateway: ${JSON.stringify(gateway.url)}, defaults: { parent: 'harbor', ttl: '1h' } })
    const control = { ...runs, register: async () => {}, effects: async () => [] }
    await executeChecks({ control, files: ['a.check.ts'], folder: ${JSON.stringify(workspace.folder)}, catalogue: {}, clock, reporters: [] })`
  const executor = spawn(
    process.execPath,
    ['--conditions=@rockpool/source', '--input-type=module', '-e', program],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  )
  const { readFile } = await import('node:fs/promises')
  const state = await eventually('the check runs', () =>
    readFile(`${workspace.folder}/state`, 'utf8').catch(() => ''),
  )
  const [pid, organization] = state.split(' ') as [string, string]
  executor.kill('SIGKILL')

  await eventually('the process of the check is gone', () => Promise.resolve(!existsSync(`/proc/${pid}`)))
  const keeper = createRunKeeper({ runs: world.runs, clock: systemClock, log: world.runsOptions.log })
  keeper.start()
  await eventually(
    'its sandbox is gone',
    async () => (await world.sandboxes.get(organization)).state === 'deleted',
    60_000,
  )
  await keeper.stop()
  expect((await world.sandboxes.receipt(organization)).complete).toBe(true)
}, 90_000)
