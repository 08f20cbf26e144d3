import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../../../test/support/eventually.ts'
import { runsWorld } from '../../../test/support/checks.ts'
import type { RunsWorld } from '../../../test/support/checks.ts'
import { fill } from '../../../test/support/sandboxes.ts'
import { createFaults, gatewayMigrations } from '../../gateway/index.ts'
import { migrate } from '../../kernel/index.ts'
import { credentialState } from '../../organizations/index.ts'
import type { Attempt, Failure } from '../types.ts'
import { createRunKeeper } from './keeper.ts'
import { createRuns, lease } from './runs.ts'

let world: RunsWorld
/** Time of the runs part alone, moved by hand. */
let ahead = 0
const clock = {
  now: () => Date.now() + ahead,
  sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
}

beforeAll(async () => {
  world = await runsWorld('http://127.0.0.1:8470')
  world.runs = createRuns({ ...world.runsOptions, clock })
})
afterAll(() => world.close())

const attempt = (changes: Partial<Attempt> = {}): Attempt => ({
  number: 1,
  verdict: 'pass',
  startedAt: '2026-01-01T00:00:00.000Z',
  ms: 5,
  organization: null,
  failure: null,
  obstacle: null,
  evidence: { entries: [], left: { entries: 0, console: 0, bodies: 0 } },
  ...changes,
})
const isUsable = async (text: string) => {
  const credential = await world.organizations.findCredential(text)
  return credential !== undefined && credentialState(credential, Date.now()) === 'active'
}
const start = (check: string, changes = {}) => world.runs.start({ check, trigger: 'command', ...changes })

describe('a run', () => {
  test('begins with a sandbox of the parent and a credential for that sandbox alone', async () => {
    const { run, gateway, attempt } = await start('begins')
    expect(gateway).toBe('http://127.0.0.1:8470')
    expect(await world.sandboxes.get(attempt.organization)).toMatchObject({
      parent: 'harbor',
      run,
      state: 'active',
    })
    expect(await world.organizations.findCredential(attempt.credential)).toMatchObject({
      kind: 'run',
      run,
      environment: 'sandbox',
      actor: 'check',
      allows: { organization: attempt.organization },
    })
  })

  test('has a credential that may break things, where it is a check’s and asks for that', async () => {
    const may = await start('breaks', { scopes: ['faults'] })
    expect(await world.organizations.findCredential(may.attempt.credential)).toMatchObject({
      scopes: ['faults'],
    })
    const again = await world.runs.startAttempt(may.run)
    expect(await world.organizations.findCredential(again.credential)).toMatchObject({ scopes: ['faults'] })
    const { attempt } = await start('breaks nothing')
    expect(await world.organizations.findCredential(attempt.credential)).toMatchObject({ scopes: [] })
    await expect(start('a bot', { kind: 'bot', scopes: ['faults'] })).rejects.toMatchObject({
      code: 'invalid_input',
      findings: [{ path: 'scopes' }],
    })
  })

  test('breaks nothing any more once it has ended, nor what its attempt before has broken', async () => {
    await migrate(world.database, [gatewayMigrations])
    const faults = createFaults({ database: world.database, clock })
    const runs = createRuns({ ...world.runsOptions, clock, faults })
    const { run, attempt: first } = await runs.start({ check: 'mends', trigger: 'command' })
    const breaks = ({ organization }: { organization: string }) =>
      faults.create({
        kind: 'abort',
        service: 'orders',
        seconds: 300,
        of: { run, organization },
        createdBy: 'key_1',
      })
    await breaks(first)
    const second = await runs.startAttempt(run)
    expect(await faults.list()).toEqual([])
    await breaks(second)
    const forAll = await faults.create({ kind: 'slow', service: 'orders', seconds: 300, createdBy: 'key_1' })
    await runs.finish(run, { verdict: 'pass', attempts: [] })
    expect(await faults.list()).toEqual([forAll])
  })

  test('leaves no credential and no row behind when it is finished, and has the receipt to show', async () => {
    world.startKeeper()
    const { run, attempt: grant } = await start('finishes')
    await fill(world.pools.orders, grant.organization, 4)
    const ended = await world.runs.finish(run, {
      verdict: 'pass',
      attempts: [attempt({ organization: grant.organization })],
      waitMs: 20_000,
    })
    expect(ended).toMatchObject({
      verdict: 'pass',
      endedBy: 'runner',
      sandboxes: [{ slug: grant.organization, state: 'deleted' }],
    })
    expect(ended.sandboxes[0]?.receipt).toMatch(/^rcp_/)
    expect(await isUsable(grant.credential)).toBe(false)
    expect((await world.sandboxes.receipt(grant.organization)).complete).toBe(true)
    // Whoever is not sure that its word arrived says it again.
    expect((await world.runs.finish(run, { verdict: 'fail', attempts: [] })).verdict).toBe('pass')
  })

  test('gets a fresh sandbox for each attempt, and the old credential is dead', async () => {
    const { run, attempt: first } = await start('attempts')
    const second = await world.runs.startAttempt(run)
    expect(second.organization).not.toBe(first.organization)
    expect(await isUsable(first.credential)).toBe(false)
    expect(await isUsable(second.credential)).toBe(true)
    const ended = await world.runs.finish(run, { verdict: 'pass', attempts: [] })
    expect(ended.sandboxes.map(({ slug }) => slug).toSorted()).toEqual(
      [first.organization, second.organization].toSorted(),
    )
    expect(await isUsable(second.credential)).toBe(false)
    await expect(world.runs.startAttempt(run)).rejects.toMatchObject({ code: 'conflict' })
  })

  test('ends by itself when its runner says nothing for as long as the lease, and leaves nothing', async () => {
    const { run, attempt } = await start('lost')
    ahead += lease.ms - 1_000
    await world.runs.heartbeat(run)
    ahead += lease.ms - 1_000
    await world.runs.sweep()
    expect((await world.runs.get(run)).endedAt).toBeNull()
    ahead += 2_000
    await Promise.all([world.runs.sweep(), world.runs.sweep(), world.runs.sweep()])
    const ended = await world.runs.get(run)
    expect(ended).toMatchObject({
      verdict: 'uncheckable',
      endedBy: 'lease',
      why: ['its runner was lost: no word for 15 s'],
    })
    expect(['deleting', 'deleted']).toContain(ended.sandboxes[0]?.state)
    expect(await isUsable(attempt.credential)).toBe(false)
    await expect(world.runs.heartbeat(run)).rejects.toMatchObject({ code: 'conflict' })
    await expect(world.runs.finish(run, { verdict: 'pass', attempts: [] })).rejects.toMatchObject({
      code: 'conflict',
    })
  })

  test('that ended while nobody could clean up is cleaned up by a keeper', async () => {
    const { run, attempt } = await start('unclean')
    await world.database.query(
      `update checks.run set ended_at = now() - interval '1 minute', verdict = 'pass' where id = $1`,
      [run],
    )
    const keeper = createRunKeeper({ runs: world.runs, clock, log: world.runsOptions.log, intervalMs: 50 })
    keeper.start()
    await eventually(
      'its sandbox is closed',
      async () => (await world.sandboxes.get(attempt.organization)).state !== 'active',
    )
    await keeper.stop()
    expect(await isUsable(attempt.credential)).toBe(false)
  })

  test('whose sandbox cannot be closed just now loses its credential at once, and its sandbox to the keeper', async () => {
    const deleteOfRun = () => Promise.reject(new Error('away'))
    const runs = createRuns({ ...world.runsOptions, sandboxes: { ...world.sandboxes, deleteOfRun } })
    const { run, attempt: grant } = await runs.start({ check: 'half clean', trigger: 'command' })
    expect(await runs.finish(run, { verdict: 'pass', attempts: [] })).toMatchObject({
      verdict: 'pass',
      sandboxes: [{ state: 'active' }],
    })
    expect(await isUsable(grant.credential)).toBe(false)
    ahead += 3_000
    await world.runs.sweep()
    expect((await world.sandboxes.get(grant.organization)).state).not.toBe('active')
  })

  test('for which no sandbox can be made is kept as uncheckable, with the reason', async () => {
    await expect(start('no sandbox', { parent: 'nowhere' })).rejects.toMatchObject({
      code: 'organization_unknown',
    })
    const { items } = await world.runs.list({ check: 'no sandbox', limit: 10 })
    expect(items).toMatchObject([
      { verdict: 'uncheckable', why: [expect.stringContaining('no sandbox could be made')] },
    ])
  })

  test('is run by the schedule once at a time, and once for each time', async () => {
    const slot = new Date('2026-01-01T00:00:00Z')
    const starts = await Promise.allSettled(
      Array.from({ length: 5 }, () => start('scheduled', { trigger: 'schedule', slot })),
    )
    const made = starts.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    expect(made).toHaveLength(1)
    await expect(
      start('scheduled', { trigger: 'schedule', slot: new Date('2026-01-01T00:01:00Z') }),
    ).rejects.toMatchObject({ code: 'conflict' })
    await start('scheduled')
    await world.runs.finish(made[0]!.run, { verdict: 'pass', attempts: [] })
    await expect(start('scheduled', { trigger: 'schedule', slot })).rejects.toMatchObject({
      code: 'conflict',
    })
    await start('scheduled', { trigger: 'schedule', slot: new Date('2026-01-01T00:01:00Z') })
  })

  test('that is given back may be run again for its time, and says nothing about the check', async () => {
    const slot = new Date('2026-01-01T00:00:00Z')
    const { run } = await start('given back', { trigger: 'schedule', slot })
    expect(await world.runs.finish(run, { verdict: null, attempts: [] })).toMatchObject({
      verdict: null,
      endedBy: 'stopped',
    })
    await start('given back', { trigger: 'schedule', slot })
  })

  test('keeps its evidence, whatever characters it holds', async () => {
    const { run } = await start('odd')
    const text = 'a\u0000b \ud800 \u001b[31m \\u0000 \u{1f41f}'
    const entry = {
      id: 1,
      parent: null,
      at: 0,
      ms: 0,
      place: null,
      type: 'console',
      stream: 'stdout',
      text,
    } as const
    const evidence = { entries: [entry], left: { entries: 0, console: 0, bodies: 0 } }
    const ended = await world.runs.finish(run, { verdict: 'pass', attempts: [attempt({ evidence })] })
    expect(ended.attempts[0]?.evidence.entries).toMatchObject([
      { text: 'a\\u0000b \\ud800 \u001b[31m \\u0000 \u{1f41f}' },
    ])
  })

  test('that fails says why, from what the gateway answered and from what Rockpool knows', async () => {
    world.why.push('payments is stopped: asked for')
    const { run, attempt: grant } = await start('why')
    const message = { headers: {}, body: { detail: 'connection refused' }, cut: null }
    const call = {
      id: 1,
      parent: null,
      at: 0,
      ms: 1,
      place: null,
      type: 'call',
      service: 'orders',
      operation: 'placeOrder',
      method: 'POST',
      path: '/o',
      url: 'http://x/o',
      status: 502,
      problem: 'upstream_unreachable',
      error: null,
      request: message,
      answer: message,
      poll: null,
    } as const
    const evidence = { entries: [call, { ...call, id: 2 }], left: { entries: 0, console: 0, bodies: 0 } }
    const ended = await world.runs.finish(run, {
      verdict: 'fail',
      attempts: [attempt({ verdict: 'fail', organization: grant.organization, evidence })],
    })
    expect(ended.why).toEqual([
      'orders.placeOrder: upstream_unreachable, connection refused',
      'payments is stopped: asked for',
    ])
    world.why.length = 0
  })
})

describe('the list of checks', () => {
  const definition = (name: string) => ({
    name,
    file: '/a.ts',
    line: 3,
    every: 60_000,
    cron: null,
    timeout: 1_000,
    tags: ['x'],
  })
  const run = async (check: string, verdict: 'pass' | 'fail' | 'uncheckable' | null) => {
    const { run } = await start(check)
    const failure: Failure = {
      kind: 'assertion',
      message: 'expected 1 to be 2',
      steps: [],
      place: null,
      frame: [],
      expected: null,
      actual: null,
    }
    return world.runs.finish(run, {
      verdict,
      attempts: verdict ? [attempt({ verdict, failure: verdict === 'fail' ? failure : null })] : [],
    })
  }

  test('has each check with its last verdict, since when it is so, and those that never ran', async () => {
    await world.runs.register('check', [definition('listed'), definition('never')], true)
    await run('listed', 'pass')
    const first = await run('listed', 'fail')
    await run('listed', 'fail')
    await run('listed', null)
    const checks = await world.runs.checks()
    expect(checks).toMatchObject([
      {
        name: 'listed',
        every: 60_000,
        running: false,
        latest: { verdict: 'fail', message: 'expected 1 to be 2', since: first.endedAt, attempts: 1 },
      },
      { name: 'never', latest: null },
    ])
    expect(await world.runs.latest()).toMatchObject([
      { check: 'listed', verdict: 'fail', obstacle: null },
      { check: 'never', verdict: null, at: null },
    ])
    await world.runs.register('check', [definition('never')], true)
    expect((await world.runs.checks()).map(({ name }) => name)).toEqual(['never'])
    expect((await world.runs.list({ check: 'listed', limit: 2 })).items).toHaveLength(2)
  })

  test('has the last 30 runs of each check that said something, the oldest first', async () => {
    await world.runs.register('check', [definition('often'), definition('not once')], true)
    await run('often', 'fail')
    for (let i = 0; i < 29; i++) await run('often', 'pass')
    await run('often', null)
    const newest = await run('often', 'uncheckable')
    const [unrun, often] = await world.runs.checks()
    expect(unrun).toMatchObject({ name: 'not once', runs: [] })
    expect(often!.runs.map(({ verdict }) => verdict)).toEqual([...Array(29).fill('pass'), 'uncheckable'])
    expect(often!.runs.at(-1)).toEqual({
      run: newest.id,
      verdict: 'uncheckable',
      at: newest.endedAt,
      ms: newest.ms,
    })
  })

  test('comes page by page', async () => {
    for (let i = 0; i < 3; i++) await run('paged', 'pass')
    const first = await world.runs.list({ check: 'paged', limit: 2 })
    const second = await world.runs.list({ check: 'paged', limit: 2, cursor: first.next! })
    expect([first.items.length, second.items.length, second.next]).toEqual([2, 1, null])
    await expect(world.runs.list({ limit: 2, cursor: 'x' })).rejects.toMatchObject({ code: 'invalid_input' })
  })
})
