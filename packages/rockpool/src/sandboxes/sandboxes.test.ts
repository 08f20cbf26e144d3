import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { refusal } from '../../test/support/organizations.ts'
import { sandboxWorld, type SandboxWorld } from '../../test/support/sandboxes.ts'
import type { Caller, Handled } from '../kernel/index.ts'
import { sandboxesOperations } from './handlers.ts'
import { createLedger } from './ledger.ts'
import type { CreatedSandbox, LedgerEntry, Page, Sandbox } from './types.ts'

let world: SandboxWorld
beforeAll(async () => {
  world = await sandboxWorld()
})
afterAll(() => world.close())

describe('creating a sandbox', () => {
  test('makes an organization of its own with a key for it alone, known to the gateways when it answers', async () => {
    const before = world.settledCalls()
    const { sandbox, key } = await world.sandboxes.create({
      parent: 'harbor',
      ttl: 60_000,
      run: 'run_7',
      name: 'Mine',
      createdBy: 'mem_1',
    })
    expect(world.settledCalls()).toBe(before + 1)
    expect(sandbox).toMatchObject({
      parent: 'harbor',
      run: 'run_7',
      name: 'Mine',
      createdBy: 'mem_1',
      state: 'active',
      deletedAt: null,
    })
    expect(Date.parse(sandbox.endsAt) - Date.parse(sandbox.createdAt)).toBe(60_000)
    expect(await world.organizations.get(sandbox.slug)).toMatchObject({
      environment: 'sandbox',
      parent: 'harbor',
      status: 'active',
    })
    const credential = await world.organizations.findCredential(key)
    expect(credential).toMatchObject({
      kind: 'sandbox',
      environment: 'sandbox',
      allows: { organization: sandbox.slug },
      endsAt: sandbox.endsAt,
    })
  })

  test('is refused for a parent that does not exist, or is a sandbox itself, and leaves nothing', async () => {
    const { sandbox } = await world.sandboxes.create({ parent: 'harbor', ttl: 60_000 })
    const before = await world.organizations.list({ limit: 200 })
    expect(await refusal(world.sandboxes.create({ parent: 'nobody', ttl: 60_000 }))).toMatchObject({
      code: 'organization_unknown',
    })
    expect(await refusal(world.sandboxes.create({ parent: sandbox.slug, ttl: 60_000 }))).toMatchObject({
      code: 'conflict',
    })
    expect(await world.organizations.list({ limit: 200 })).toEqual(before)
  })

  test.each([0, 999, 8 * 24 * 3600_000, Number.NaN])(
    'is refused for a time to live of %i ms',
    async (ttl) => {
      const refused = await refusal(world.sandboxes.create({ parent: 'harbor', ttl }))
      expect(refused).toMatchObject({
        code: 'invalid_input',
        findings: [expect.stringContaining('ttl is 1.0 s to 7 d')],
      })
    },
  )

  test('by many at once makes as many', async () => {
    const made = await Promise.all(
      Array.from({ length: 20 }, () => world.sandboxes.create({ parent: 'harbor', ttl: 60_000 })),
    )
    expect(new Set(made.map(({ sandbox }) => sandbox.slug)).size).toBe(20)
  })
})

test('lists come in pages, the newest first, by parent and state', async () => {
  const mine: string[] = []
  for (let n = 0; n < 5; n++)
    mine.unshift((await world.sandboxes.create({ parent: 'lagoon', ttl: 60_000 })).sandbox.slug)
  const seen: string[] = []
  let cursor: string | undefined
  do {
    const page = await world.sandboxes.list({ parent: 'lagoon', limit: 2, cursor })
    seen.push(...page.items.map(({ slug }) => slug))
    cursor = page.next ?? undefined
  } while (cursor !== undefined)
  expect(seen).toEqual(mine)
  expect((await world.sandboxes.list({ parent: 'lagoon', state: 'deleted' })).items).toEqual([])
  expect(await refusal(world.sandboxes.list({ cursor: 'x' }))).toMatchObject({ code: 'invalid_input' })
})

describe('the ledger', () => {
  const entry = (id: number, more: Partial<LedgerEntry> = {}): LedgerEntry => ({
    id: `00000000-0000-7000-8000-${String(id).padStart(12, '0')}`,
    run: 'run_l',
    organization: 'harbor-sb-ledger',
    service: 'orders',
    method: 'POST',
    path: '/harbor-sb-ledger/orders',
    idempotencyKey: null,
    at: '2026-11-22T10:00:00.000Z',
    status: null,
    location: null,
    resource: null,
    outcome: 'intent',
    ...more,
  })
  const done = (id: number) => entry(id, { outcome: 'done', status: 201, resource: `ord_${id}` })

  test('takes the same entry again and again, and an old word never replaces a newer one', async () => {
    const ledger = createLedger({ database: world.database })
    await ledger.append([entry(1), entry(2), done(2)])
    await ledger.append([done(1), entry(3, { outcome: 'doubtful' })])
    await ledger.append([entry(1), entry(2, { outcome: 'doubtful' }), entry(3)])
    expect(await ledger.of('run_l')).toEqual([done(1), done(2), entry(3, { outcome: 'doubtful' })])
    await ledger.append([])
  })

  test('what a call was is known by its end alone, where it came in an envelope', async () => {
    const ledger = createLedger({ database: world.database })
    const intent = entry(91, { run: 'run_m' })
    const meant = { run: 'run_m', method: 'DELETE', service: 'catalog', idempotencyKey: 'k' }
    const end = entry(91, { ...meant, outcome: 'done', status: 204 })
    await ledger.append([intent])
    await ledger.append([end])
    await ledger.append([intent])
    expect(await ledger.of('run_m')).toEqual([end])
    expect((await ledger.createdBy(['run_m'], [])).entries).toEqual([])
  })

  test('however much runs wrote, what they made is not cut off silently: the newest is there', async () => {
    const ledger = createLedger({ database: world.database })
    const of = (run: string, ids: number, changes: Partial<LedgerEntry>) =>
      Array.from({ length: 10_001 }, (_, at) => entry(ids + at, { run, outcome: 'done', ...changes }))
    for (const [ids, changes] of [
      [100_000, { method: 'PUT', status: 200 }],
      [200_000, { method: 'DELETE', status: 204 }],
      [300_000, { status: 422 }],
    ] as const)
      await ledger.append(of('run_much', ids, changes))
    const [lost, made] = [entry(4, { run: 'run_much' }), { ...done(5), run: 'run_much' }]
    await ledger.append([lost, made])
    expect(await ledger.createdBy(['run_much'], [])).toEqual({ entries: [lost, made], isCut: false })
    expect(await ledger.createdBy(['run_much'], [lost.id])).toEqual({ entries: [made], isCut: false })

    await ledger.append(of('run_much', 400_000, { status: 201 }))
    const { entries, isCut } = await ledger.createdBy(['run_much'], [])
    expect([entries.length, isCut]).toEqual([10_000, true])
    expect([entries[0]!.id, entries.at(-1)!.id]).toEqual([entry(400_001).id, entry(410_000).id])
  }, 60_000)

  test('tells a parent of its own sandboxes only', async () => {
    const { sandbox } = await world.sandboxes.create({ parent: 'harbor', ttl: 60_000 })
    await world.sandboxes.ledger.append([entry(11, { organization: sandbox.slug, run: null })])
    expect(
      (await world.sandboxes.ledger.list({ organization: sandbox.slug, parent: 'harbor' })).items,
    ).toHaveLength(1)
    expect(
      (await world.sandboxes.ledger.list({ organization: sandbox.slug, parent: 'lagoon' })).items,
    ).toEqual([])
  })
})

describe('over the control API', () => {
  const caller = (organization: string | null): Caller => ({
    kind: organization === null ? 'control' : 'parent-key',
    credential: 'key_1',
    organization,
    member: organization === null ? 'mem_1' : null,
    scopes: ['read', 'write'],
  })
  const call = async <T>(
    id: string,
    by: Caller,
    input: { params?: object; query?: object; body?: object },
  ): Promise<T> => {
    const { operation, handler } = sandboxesOperations(world).find((one: Handled) => one.operation.id === id)!
    const parse = (schema: { parse(value: unknown): unknown } | undefined, value: unknown) =>
      schema?.parse(value ?? {})
    return handler({
      params: parse(operation.params, input.params),
      query: parse(operation.query, input.query),
      body: parse(operation.body, input.body),
      caller: by,
      request: 'req_1',
      signal: new AbortController().signal,
    } as Parameters<Handled['handler']>[0]) as Promise<T>
  }

  test('a parent’s key makes, sees and deletes its own sandboxes, and learns nothing of another’s', async () => {
    const harbor = caller('harbor')
    const { sandbox } = await call<CreatedSandbox>('sandboxes.create', harbor, {
      body: { parent: 'harbor', ttl: '10m' },
    })
    const params = { sandbox: sandbox.slug }
    expect(await call<Sandbox>('sandboxes.get', harbor, { params })).toMatchObject({
      slug: sandbox.slug,
      createdBy: 'key_1',
    })
    const all = await call<Page<Sandbox>>('sandboxes.list', harbor, { query: { limit: 200 } })
    expect(new Set(all.items.map(({ parent }) => parent))).toEqual(new Set(['harbor']))

    const lagoon = caller('lagoon')
    for (const [id, slug] of [
      ['sandboxes.get', sandbox.slug],
      ['sandboxes.delete', sandbox.slug],
      ['sandboxes.getReceipt', sandbox.slug],
      ['sandboxes.get', 'never-was'],
    ] as const)
      expect(await refusal(call(id, lagoon, { params: { sandbox: slug } }))).toMatchObject({
        code: 'organization_not_allowed',
      })
    expect(await refusal(call('sandboxes.create', lagoon, { body: { parent: 'harbor' } }))).toMatchObject({
      code: 'organization_not_allowed',
    })
    expect(await refusal(call('sandboxes.list', lagoon, { query: { parent: 'harbor' } }))).toMatchObject({
      code: 'organization_not_allowed',
    })
    expect(
      await refusal(call('sandboxes.listLedger', lagoon, { query: { sandbox: sandbox.slug } })),
    ).toMatchObject({ code: 'organization_not_allowed' })
    expect((await world.sandboxes.get(sandbox.slug)).state).toBe('active')
  })

  test('deleting waits as long as it is told to, and the receipt is there then', async () => {
    const keeper = world.startKeeper()
    const everything = caller(null)
    const { sandbox } = await call<CreatedSandbox>('sandboxes.create', everything, {
      body: { parent: 'harbor' },
    })
    const params = { sandbox: sandbox.slug }
    expect(await call('sandboxes.delete', everything, { params, query: { wait: '10' } })).toMatchObject({
      state: 'deleted',
    })
    expect(await call('sandboxes.getReceipt', everything, { params })).toMatchObject({
      sandbox: sandbox.slug,
      complete: true,
    })
    expect(
      await refusal(call('sandboxes.getReceipt', everything, { params: { sandbox: 'never-was' } })),
    ).toMatchObject({ code: 'not_found' })
    await keeper.stop()
  })

  test('a time to live that is none is named as what is wrong', async () => {
    const refused = await refusal(
      call('sandboxes.create', caller(null), { body: { parent: 'harbor', ttl: 'soon' } }),
    )
    expect(refused).toMatchObject({ code: 'invalid_input', findings: [expect.stringMatching(/^ttl .*soon/)] })
  })
})
