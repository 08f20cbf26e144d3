import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { createWorkspace, runsWorld } from '../../../test/support/checks.ts'
import type { RunsWorld, Workspace } from '../../../test/support/checks.ts'
import { eventually } from '../../../test/support/eventually.ts'
import { createJobs, problem, silentLog, systemClock } from '../../kernel/index.ts'
import type { Jobs } from '../../kernel/index.ts'
import { checkKind } from '../kinds.ts'
import { createRunner } from './runner.ts'
import type { RunnerOptions } from './runner.ts'

let world: RunsWorld
let workspace: Workspace
const open: Jobs[] = []

beforeAll(async () => {
  world = await runsWorld('http://127.0.0.1:1')
  world.startKeeper()
}, 60_000)
beforeEach(async () => {
  workspace = await createWorkspace()
  return () => workspace.remove()
})
afterAll(async () => {
  await Promise.all(open.map((jobs) => jobs.close()))
  await world.close()
})

async function startRunner(options: Partial<RunnerOptions> = {}) {
  const jobs = await createJobs({ url: world.url, log: silentLog })
  open.push(jobs)
  const runner = createRunner({
    jobs,
    control: world.control,
    sources: [{ kind: checkKind, files: ['*.check.ts'] }],
    folder: workspace.folder,
    catalogue: () => Promise.resolve({}),
    clock: systemClock,
    log: silentLog,
    schedule: true,
    rediscoverMs: 100,
    ...options,
  })
  const findings = await runner.start()
  onTestFinished(() => runner.stop())
  return { runner, findings, jobs }
}
const runsOf = async (check: string) =>
  (await world.runs.list({ kind: 'check', check, limit: 200 })).items.filter(
    ({ verdict }) => verdict !== null,
  )

test('a check runs at once and then again and again; bad files beside it are told', async () => {
  await workspace.file('a.check.ts', `check('every second', { every: '1s' }, async () => {})`)
  await workspace.file('bad.check.ts', `const = 1`)
  const { findings } = await startRunner()
  expect(findings).toMatchObject([{ file: `${workspace.folder}/bad.check.ts` }])
  await eventually('three runs', async () => (await runsOf('every second')).length >= 3, 15_000)
  const runs = await runsOf('every second')
  expect(runs.every(({ verdict, trigger }) => verdict === 'pass' && trigger === 'schedule')).toBe(true)
  const slots = runs.map(({ slot }) => Date.parse(slot!))
  expect(new Set(slots.map((slot) => slot % 1_000)).size).toBe(1)
})

test('two runners run each time of a check once, and never two runs at once', async () => {
  await workspace.file(
    'a.check.ts',
    `check('shared', { every: '1s' }, async () => { await new Promise((go) => setTimeout(go, 1_300)) })`,
  )
  await Promise.all([startRunner(), startRunner()])
  await eventually('three runs', async () => (await runsOf('shared')).length >= 3, 30_000)
  const runs = (await runsOf('shared')).toSorted((a, b) => a.startedAt.localeCompare(b.startedAt))
  expect(new Set(runs.map(({ slot }) => slot)).size).toBe(runs.length)
  for (const [index, run] of runs.entries()) {
    const next = runs[index + 1]
    if (next && run.endedAt)
      expect(Date.parse(next.startedAt)).toBeGreaterThanOrEqual(Date.parse(run.endedAt) - 50)
  }
})

test('a check that is added while the runner lives is run, one that is removed no more', async () => {
  await workspace.file('a.check.ts', `check('first', { every: '1s' }, async () => {})`)
  await startRunner()
  await eventually('a run of the first', async () => (await runsOf('first')).length >= 1)
  await workspace.file('a.check.ts', `check('second', { every: '1s' }, async () => {})`)
  await eventually('a run of the second', async () => (await runsOf('second')).length >= 1)
  expect((await world.runs.checks()).map(({ name }) => name)).toEqual(['second'])
})

test('what is due while the queue is out of reach is run when it is back, once', async () => {
  await workspace.file('a.check.ts', `check('outage', { every: '1h' }, async () => {})`)
  const jobs = await createJobs({ url: world.url, log: silentLog })
  open.push(jobs)
  let tries = 0
  const put: Jobs['put'] = (...given) =>
    ++tries < 3 ? Promise.reject(problem('database_unreachable', 'away')) : jobs.put(...given)
  await startRunner({ jobs: { ...jobs, put } })
  await eventually('the run', async () => (await runsOf('outage')).length === 1, 15_000)
  expect(tries).toBe(3)
})

test('a runner that stops finishes what is under way', async () => {
  await workspace.file(
    'a.check.ts',
    `check('short', { every: '1h' }, async () => { await new Promise((go) => setTimeout(go, 700)) })`,
  )
  const { runner } = await startRunner()
  await eventually(
    'it runs',
    async () => (await world.runs.list({ check: 'short', limit: 1 })).items.length > 0,
  )
  await runner.stop()
  expect(await runsOf('short')).toMatchObject([{ verdict: 'pass' }])
})

test('a runner that has to stop gives back what takes too long, and another one runs it', async () => {
  await workspace.file(
    'a.check.ts',
    `import { existsSync } from 'node:fs'
check('long', { every: '1h' }, async () => { while (!existsSync(${JSON.stringify(`${workspace.folder}/go`)})) await new Promise((go) => setTimeout(go, 50)) })`,
  )
  const { runner } = await startRunner({ graceMs: 100 })
  await eventually(
    'it runs',
    async () => (await world.runs.list({ check: 'long', limit: 1 })).items.length > 0,
  )
  await runner.stop()
  expect((await world.runs.list({ check: 'long', limit: 9 })).items).toMatchObject([
    { verdict: null, endedBy: 'stopped' },
  ])
  await workspace.file('go', '')
  await startRunner()
  await eventually('the run of the other', async () => (await runsOf('long')).length === 1, 15_000)
})
