import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createLoopback, createWorkspace, json, orderFor, runsWorld } from '../../../test/support/checks.ts'
import type { RunsWorld, Workspace } from '../../../test/support/checks.ts'
import { problem, systemClock } from '../../kernel/index.ts'
import type { RunControl } from '../control.ts'
import { executeChecks } from './execute.ts'

let world: RunsWorld
let workspace: Workspace
let gateway: Awaited<ReturnType<typeof createLoopback>>
let called: string[] = []

beforeAll(async () => {
  gateway = await createLoopback((request, response) => {
    called.push(`${request.method} ${request.url}`)
    json(response, 200, {})
  })
  world = await runsWorld(gateway.url)
})
beforeEach(async () => {
  called = []
  workspace = await createWorkspace()
  return () => workspace.remove()
})
afterAll(async () => {
  await gateway.close()
  await world.close()
})

const answer = {
  version: '2.0.0',
  operations: [{ id: 'getPopular', method: 'GET', path: '/{organization}/popular' }],
}

/** What was asked of control, each with the credential and the sandbox it was asked for. */
async function execute(text: string, mockFor: RunControl['mockFor'] = () => Promise.resolve(answer)) {
  await workspace.file('a.check.ts', text)
  const asked: unknown[][] = []
  const scopes: unknown[] = []
  const { results } = await executeChecks({
    control: {
      ...world.control,
      start: (input) => {
        scopes.push(input.scopes)
        return world.control.start(input)
      },
      mockFor: (...given) => {
        asked.push(given)
        return mockFor(...given)
      },
      unmockFor: (...given) => {
        asked.push(given)
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

test('a check mocks a service in its own sandbox by its run’s credential, and calls what the version has', async () => {
  const { result, asked, scopes } = await execute(`check('it', async ({ sandbox, api, expect }) => {
  const { version } = await sandbox.mock('catalog', { version: '2.0.0', seed: 'friday' })
  expect(version).toBe('2.0.0')
  await api.catalog.getPopular()
  let missing = ''
  try { api.catalog.getItem() } catch (error) { missing = error.message }
  expect(missing).toContain('no operation of catalog named “getItem”')
  await sandbox.unmock('catalog')
  await api.catalog.getItem({ path: { id: 7 } })
})`)
  expect(result.verdict, JSON.stringify(result.attempts)).toBe('pass')
  expect(scopes).toEqual([['mocks']])
  const { organization } = result.attempts[0]!
  expect(asked).toEqual([
    [expect.stringMatching(/^rp_run_/), organization, 'catalog', { version: '2.0.0', seed: 'friday' }],
    [expect.stringMatching(/^rp_run_/), organization, 'catalog'],
  ])
  expect(called).toEqual([`GET /${organization}/popular`, `GET /${organization}/items/7`])
  const names = result.attempts[0]!.evidence.entries.flatMap((entry) =>
    entry.type === 'step' ? [entry.name] : [],
  )
  expect(names).toEqual(['mock catalog@2.0.0', 'unmock catalog'])
})

test('what cannot be mocked fails the check where it asked for it', async () => {
  const refuse = () => Promise.reject(problem('not_found', 'catalog has no version “9.0.0”'))
  const { result } = await execute(
    `check('it', ({ sandbox }) => sandbox.mock('catalog', { version: '9.0.0' }))`,
    refuse,
  )
  expect(result.verdict).toBe('fail')
  expect(result.attempts[0]!.failure?.message).toContain('catalog has no version “9.0.0”')
  expect(result.attempts[0]!.failure?.place?.line).toBe(2)
})

test('where nobody answers for services, the check is uncheckable', async () => {
  const { result } = await execute(`check('it', ({ sandbox }) => sandbox.mock('catalog'))`, () =>
    Promise.reject(problem('not_possible_here', 'this installation runs no mocks')),
  )
  expect(result.verdict).toBe('uncheckable')
})
