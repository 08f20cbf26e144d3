import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createWorkspace, runsWorld } from '../../../test/support/checks.ts'
import type { RunsWorld } from '../../../test/support/checks.ts'
import { eventually } from '../../../test/support/eventually.ts'
import { createJobs, silentLog, systemClock } from '../../kernel/index.ts'
import type { Clock, Jobs } from '../../kernel/index.ts'
import { checkKind } from '../kinds.ts'
import { createRunRequests, requestLifeMs, runQueue } from '../queue.ts'
import type { RunRequests } from '../queue.ts'
import { createRunner } from './runner.ts'

let world: RunsWorld
let jobs: Jobs
let requests: RunRequests

beforeAll(async () => {
  world = await runsWorld('http://127.0.0.1:1')
  world.startKeeper()
  jobs = await createJobs({ url: world.url, log: silentLog })
  requests = createRunRequests({
    jobs: () => createJobs({ url: world.url, log: silentLog }),
    clock: systemClock,
  })
}, 60_000)
afterAll(async () => {
  await requests.close()
  await jobs.close()
  await world.close()
})

/** A runner that puts nothing on the queue by itself. */
async function startRunner(text: string, clock: Clock = systemClock) {
  const workspace = await createWorkspace()
  onTestFinished(() => workspace.remove())
  await workspace.file('a.check.ts', text)
  const runner = createRunner({
    jobs,
    control: world.control,
    sources: [{ kind: checkKind, files: ['*.check.ts'] }],
    folder: workspace.folder,
    catalogue: () => Promise.resolve({}),
    clock,
    log: silentLog,
    schedule: false,
    rediscoverMs: 100,
  })
  await runner.start()
  onTestFinished(() => runner.stop())
}

const runsOf = async (check: string) => (await world.runs.list({ kind: 'check', check, limit: 200 })).items

test('where no runner has ever begun, asking for a run says so', async () => {
  await expect(requests.put('anything')).rejects.toMatchObject({ code: 'conflict' })
  await expect(requests.put('anything')).rejects.toThrow('rockpool up')
})

test('a run that somebody asks for begins at once, beside every schedule, and has the slot that was answered', async () => {
  await startRunner(`check('asked for', { every: '1h' }, async () => {})`)
  const { slot } = await requests.put('asked for')
  await eventually('its verdict', async () => (await runsOf('asked for'))[0]?.verdict === 'pass', 10_000)
  expect(await runsOf('asked for')).toMatchObject([{ trigger: 'command', slot, verdict: 'pass' }])
})

test('while one that was asked for is under way no other is taken; afterwards one is', async () => {
  await startRunner(`check('slow', async () => { await new Promise((done) => setTimeout(done, 1_000)) })`)
  await requests.put('slow')
  await eventually('its run', async () => (await runsOf('slow')).length === 1, 10_000)
  await expect(requests.put('slow')).rejects.toMatchObject({ code: 'conflict' })
  await eventually('its verdict', async () => (await runsOf('slow'))[0]?.verdict === 'pass', 10_000)
  await eventually('the next', async () => requests.put('slow').then(Boolean, () => false), 10_000)
  await eventually('both', async () => (await runsOf('slow')).length === 2, 10_000)
})

test('what was asked for long ago is dropped: nobody waits for it any more', async () => {
  const later: Clock = { ...systemClock, now: () => Date.now() + requestLifeMs + 1_000 }
  await startRunner(
    `check('late', async () => {})
check('on time', async () => {})`,
    later,
  )
  await requests.put('late')
  const slot = new Date(later.now()).toISOString()
  await jobs.put(runQueue, { kind: 'check', check: 'on time', slot, trigger: 'command' })
  await eventually('the other', async () => (await runsOf('on time')).length === 1, 10_000)
  expect(await runsOf('late')).toEqual([])
})

test('asked for on an organization it runs there, wherever it runs else; others may ask for it meanwhile', async () => {
  await startRunner(
    `check('elsewhere', { sandbox: { parent: 'harbor' } }, async () => { await new Promise((done) => setTimeout(done, 500)) })`,
  )
  await world.organizations.ensure({ slug: 'quay', name: 'Quay', environment: 'production' })
  await requests.put('elsewhere', 'quay')
  await expect(requests.put('elsewhere', 'quay')).rejects.toMatchObject({ code: 'conflict' })
  await requests.put('elsewhere')
  const ended = async () => (await runsOf('elsewhere')).filter(({ endedAt }) => endedAt !== null)
  await eventually('both', async () => (await ended()).length === 2, 10_000)
  expect((await ended()).map(({ parent }) => parent).toSorted()).toEqual(['harbor', 'quay'])
})
