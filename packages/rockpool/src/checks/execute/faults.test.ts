import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createLoopback, createWorkspace, json, orderFor, runsWorld } from '../../../test/support/checks.ts'
import type { RunsWorld, Workspace } from '../../../test/support/checks.ts'
import { problem, systemClock } from '../../kernel/index.ts'
import type { RunControl } from '../control.ts'
import { executeChecks } from './execute.ts'

let world: RunsWorld
let workspace: Workspace
let gateway: Awaited<ReturnType<typeof createLoopback>>

beforeAll(async () => {
  gateway = await createLoopback((_, response) => json(response, 200, {}))
  world = await runsWorld(gateway.url)
})
beforeEach(async () => {
  workspace = await createWorkspace()
  return () => workspace.remove()
})
afterAll(async () => {
  await gateway.close()
  await world.close()
})

/** What was asked of control, each with the credential that was shown; `breakFor` answers as it is given. */
async function execute(
  text: string,
  breakFor: RunControl['breakFor'] = () =>
    Promise.resolve({ id: 'flt_1', endsAt: '2026-01-01T00:00:00.000Z' }),
) {
  await workspace.file('a.check.ts', text)
  const asked: { credential: string; asked: unknown }[] = []
  const scopes: unknown[] = []
  const { results } = await executeChecks({
    control: {
      ...world.control,
      start: (input) => {
        scopes.push(input.scopes)
        return world.control.start(input)
      },
      breakFor: (credential, fault) => {
        asked.push({ credential, asked: fault })
        return breakFor(credential, fault)
      },
      mendFor: (credential, id) => {
        asked.push({ credential, asked: id })
        return Promise.resolve()
      },
    },
    files: ['*.check.ts'],
    folder: workspace.folder,
    catalogue: orderFor('', '').catalogue,
    clock: systemClock,
    reporters: [],
  })
  return { result: results[0]!, asked, scopes }
}

test('a check breaks things by its run’s own credential, mends them, and its evidence tells of both', async () => {
  const { result, asked, scopes } =
    await execute(`check('it', { faults: true }, async ({ faults, expect }) => {
  const slow = await faults.delay('orders', { ms: 500, jitterMs: 50, operation: 'createOrder', lease: '5m' })
  expect([slow.id, slow.endsAt.toISOString()]).toEqual(['flt_1', '2026-01-01T00:00:00.000Z'])
  await slow.end()
  await faults.unavailable('orders')
  await faults.abort('orders', { percent: 20 })
  await faults.status('orders', { status: 500 })
  await faults.wrongField('orders', { pointer: '/price', value: null })
  await faults.wrongField('orders', { pointer: '/price', drop: true })
  await faults.reset('orders', { afterBytes: 10 })
  await faults.throttle('orders', { bytesPerSecond: 100 })
})`)
  expect(result.verdict, JSON.stringify(result.attempts)).toBe('pass')
  expect(scopes).toEqual([['faults', 'mocks']])
  const service = 'orders'
  expect(asked.map((one) => one.asked)).toEqual([
    { service, kind: 'delay', ms: 500, jitterMs: 50, operation: 'createOrder', seconds: 300 },
    'flt_1',
    { service, kind: 'unavailable' },
    { service, kind: 'abort', percent: 20 },
    { service, kind: 'status', status: 500 },
    { service, kind: 'wrong_field', pointer: '/price', value: null },
    { service, kind: 'wrong_field', pointer: '/price', drop: true },
    { service, kind: 'reset', afterBytes: 10 },
    { service, kind: 'throttle', bytesPerSecond: 100 },
  ])
  expect(asked.every(({ credential }) => credential.startsWith('rp_run_'))).toBe(true)
  const steps = result.attempts[0]!.evidence.entries.map((entry) => (entry.type === 'step' ? entry : null))
  expect(steps.slice(0, 2)).toMatchObject([
    { name: 'break orders.createOrder on purpose: delay', place: { line: 3 } },
    { name: 'mend orders.createOrder' },
  ])
})

test('what control refuses is the check’s own mistake: it fails where it asked, with all that is wrong', async () => {
  const refuse = () =>
    Promise.reject(
      problem('invalid_input', 'wrong', {
        findings: [
          { path: 'body.ms', message: 'is too large' },
          { path: 'body.jitterMs', message: 'too' },
        ],
      }),
    )
  const { result } = await execute(
    `check('it', { faults: true }, async ({ faults }) => {\n  await faults.delay('orders', { ms: 1e9 })\n})`,
    refuse,
  )
  expect(result).toMatchObject({ verdict: 'fail' })
  expect(result.attempts[0]!.failure).toMatchObject({
    message: 'faults: ms is too large; jitterMs too',
    place: { line: 3 },
    steps: ['break orders on purpose: delay'],
  })
})

test('without the option it may not, and is told what to write', async () => {
  const { result, scopes } = await execute(
    `check('it', async ({ faults }) => void (await faults.abort('orders')))`,
    () => Promise.reject(problem('scope_missing', 'not for you')),
  )
  expect(scopes).toEqual([['mocks']])
  expect(result.attempts[0]!.failure).toMatchObject({
    message: 'faults: write faults: true in the options of the check',
  })
})

test('where control cannot be reached nothing is said about the system', async () => {
  const { result } = await execute(
    `check('it', { faults: true }, async ({ faults }) => void (await faults.abort('orders')))`,
    () => Promise.reject(problem('control_unreachable', 'control is away')),
  )
  expect(result).toMatchObject({ verdict: 'uncheckable' })
  expect(result.attempts[0]!.obstacle).toMatchObject({
    message: 'control cannot break anything on purpose: control is away',
  })
})
