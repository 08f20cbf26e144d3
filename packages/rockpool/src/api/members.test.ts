import { afterAll, beforeAll, expect, test } from 'vitest'
import { runsWorld, type RunsWorld } from '../../test/support/checks.ts'
import { checksOperations, type RunRequests } from '../checks/index.ts'
import { silentLog, systemClock } from '../kernel/index.ts'
import { scopesOfRole, type Role } from '../organizations/index.ts'
import { sandboxesOperations } from '../sandboxes/index.ts'
import { createApi } from './api.ts'
import { latestVerdictOf, statusOperations } from './status.ts'
import type { Api } from './types.ts'

// What a member of one organization may read: the checks, runs and answers that are its own.

let world: RunsWorld
let api: Api
const runs = { harbor: '', quay: '' }
/** What was asked for: the check, and whose organization it is to run on. */
const asked: (string | null)[][] = []
const requests: RunRequests = {
  put: async (check, parent = null) => {
    asked.push([check, parent])
    return { slot: new Date(0).toISOString() }
  },
  close: async () => {},
}

beforeAll(async () => {
  world = await runsWorld('http://127.0.0.1:8470')
  const { organizations, sandboxes } = world
  const clock = systemClock
  await organizations.ensure({ slug: 'quay', name: 'Quay', environment: 'production' })
  const latest = async (organization: string | null) =>
    (await world.runs.checks('check', organization)).map(latestVerdictOf)
  api = createApi({
    operations: [
      ...statusOperations({ latest, lifecycles: async () => [], clock }),
      ...checksOperations({
        runs: world.runs,
        organizations,
        sandboxes,
        effects: async () => [],
        requests,
      }),
      ...sandboxesOperations({ sandboxes, organizations }),
    ],
    organizations,
    clock,
    log: silentLog,
    version: '0',
  })
  const definition = { file: 'a.check.ts', line: 1, every: 60_000, cron: null, timeout: 1_000, tags: [] }
  const names = ['shared', 'of harbor', 'of quay', 'never ran']
  await world.runs.register(
    'check',
    names.map((name) => ({ name, ...definition })),
    true,
  )
  const run = async (check: string, parent: string, verdict: 'pass' | 'fail') => {
    const started = await world.runs.start({ check, parent, trigger: 'command' })
    await world.runs.finish(started.run, { verdict, attempts: [] })
    return started.run
  }
  runs.harbor = await run('shared', 'harbor', 'pass')
  await run('of harbor', 'harbor', 'pass')
  runs.quay = await run('shared', 'quay', 'fail')
  await run('of quay', 'quay', 'fail')
})
afterAll(() => world.close())

async function memberOf(organization: string | null, role: Role = 'viewer') {
  const { organizations } = world
  const member =
    organization === null
      ? null
      : (await organizations.addMember({ organization, role, email: `${role}${Math.random()}@example.org` }))
          .id
  const { text } = await organizations.createCredential(null, {
    kind: 'control',
    allows: { none: true },
    actor: 'member',
    organization,
    member,
    scopes: scopesOfRole[role],
    endsAt: new Date(Date.now() + 60_000),
  })
  return async (path: string, method = 'GET') => {
    const headers = { authorization: `Bearer ${text}`, host: 'localhost' }
    const answer = await api.fetch(new Request(`http://localhost${path}`, { method, headers }))
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
  }
}

interface Check {
  name: string
  latest: { verdict: string; run: string } | null
  runs: { run: string }[]
}
const checksOf = ({ body }: { body: Record<string, unknown> }) => body['items'] as Check[]

test('sees the checks that ran on it, with those runs, and no other', async () => {
  const harbor = checksOf(await (await memberOf('harbor'))('/checks'))
  expect(harbor.map(({ name, latest }) => [name, latest?.verdict])).toEqual([
    ['of harbor', 'pass'],
    ['shared', 'pass'],
  ])
  expect(harbor[1]!.runs.map(({ run }) => run)).toEqual([runs.harbor])
  expect(JSON.stringify(harbor)).not.toContain(runs.quay)
  const quay = checksOf(await (await memberOf('quay'))('/checks'))
  expect(quay.map(({ name, latest }) => [name, latest?.verdict])).toEqual([
    ['of quay', 'fail'],
    ['shared', 'fail'],
  ])
})

test('of the whole installation sees all of them', async () => {
  const all = checksOf(await (await memberOf(null))('/checks'))
  expect(all.map(({ name }) => name)).toEqual(['never ran', 'of harbor', 'of quay', 'shared'])
  expect(all[3]!.runs).toHaveLength(2)
})

test('gets the answers by what ran on it', async () => {
  const answer = async (organization: string | null) => {
    const { body } = await (await memberOf(organization))('/status')
    return (body['answers'] as { answer: string; evidence: string }[])[0]!
  }
  expect(await answer('harbor')).toMatchObject({
    answer: 'yes',
    evidence: expect.stringMatching(/^2 of 2 checks pass/),
  })
  expect(await answer('quay')).toMatchObject({
    answer: 'no',
    evidence: expect.stringMatching(/^2 of 2 checks fail/),
  })
  expect(await answer(null)).toMatchObject({
    answer: 'no',
    evidence: expect.stringMatching(/^2 of 4 checks fail/),
  })
  await world.organizations.ensure({ slug: 'new-here', name: 'New', environment: 'production' })
  expect(await answer('new-here')).toMatchObject({ answer: 'cannot tell', evidence: 'there is no check yet' })
})

test('reads its own runs, and cannot tell another’s from one that does not exist', async () => {
  const harbor = await memberOf('harbor')
  expect((await harbor(`/runs/${runs.harbor}`)).body['id']).toBe(runs.harbor)
  const other = await harbor(`/runs/${runs.quay}`)
  const none = await harbor('/runs/run_none')
  expect(other).toMatchObject({ status: 404, body: { code: 'not_found' } })
  expect(none).toMatchObject({ status: 404, body: { code: 'not_found' } })
  expect((await harbor('/runs')).body['items']).toHaveLength(2)
  expect((await harbor('/runs?check=of%20quay')).body['items']).toEqual([])
})

test('asks for runs of the checks that it sees, and they are on its own organization', async () => {
  const ask = async (organization: string | null, role: Role, check: string) => {
    const { status, body } = await (
      await memberOf(organization, role)
    )(`/checks/${encodeURIComponent(check)}/runs`, 'POST')
    return body['code'] ?? status
  }
  expect(await ask('harbor', 'developer', 'shared')).toBe(202)
  expect(await ask(null, 'developer', 'never ran')).toBe(202)
  expect(asked).toEqual([
    ['shared', 'harbor'],
    ['never ran', null],
  ])
  for (const hidden of ['of quay', 'never ran', 'none'])
    expect(await ask('harbor', 'developer', hidden)).toBe('not_found')
  expect(await ask('harbor', 'viewer', 'shared')).toBe('scope_missing')
  expect(asked).toHaveLength(2)
})
