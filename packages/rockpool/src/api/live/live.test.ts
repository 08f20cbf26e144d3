import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { send, startApi, type TestApi } from '../../../test/support/api.ts'
import { migrate } from '../../kernel/index.ts'
import { migrationSets } from '../../parts.ts'
import { topics } from './operations.ts'
import { openStream } from './stream.ts'

let t: TestApi
let reader: string
beforeAll(async () => {
  t = await startApi({ live: { beatMs: 100, gatherMs: 50, most: { all: 6, session: 3 } } })
  await migrate(t.database, migrationSets)
  reader = await t.control(['read'])
})
afterAll(() => t.close())

interface Heard {
  event: string
  data: { topics?: string[]; now?: string; version?: string }
  at: number
}

/** Asks for a stream, once. */
async function ask(credential = reader) {
  const leaving = new AbortController()
  const response = await fetch(`${t.server.url}/live`, {
    headers: { authorization: `Bearer ${credential}` },
    signal: leaving.signal,
  })
  return { response, leave: () => leaving.abort() }
}

/** A stream as a client of fetch reads it. Whoever left counts no more once control has seen it: a place is waited for. */
async function listen(credential = reader) {
  const { response, leave } = await vi.waitFor(
    async () => {
      const asked = await ask(credential)
      expect(asked.response.status).not.toBe(429)
      return asked
    },
    { timeout: 10_000 },
  )
  const heard: Heard[] = []
  const state = { ended: false }
  const read = async () => {
    let rest = ''
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      const blocks = (rest + chunk).split('\n\n')
      rest = blocks.pop()!
      for (const block of blocks) {
        const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(block)!
        heard.push({ event: event!, data: JSON.parse(data!) as Heard['data'], at: performance.now() })
      }
    }
  }
  void read()
    .catch(() => {})
    .finally(() => (state.ended = true))
  const told = () => heard.filter(({ event }) => event === 'changed').flatMap(({ data }) => data.topics!)
  return { response, heard, told, state, leave }
}

test('a stream begins with the time and the version, and beats', async () => {
  const live = await listen()
  expect(Object.fromEntries(live.response.headers)).toMatchObject({
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
  })
  await vi.waitFor(() => expect(live.heard.filter(({ event }) => event === 'beat').length).toBeGreaterThan(1))
  expect(live.heard[0]).toMatchObject({ event: 'hello', data: { version: '0.0.0' } })
  expect(Math.abs(Date.parse(live.heard[0]!.data.now!) - Date.now())).toBeLessThan(5_000)
  live.leave()
})

describe('what changes is told by its topic:', () => {
  const change: [string, string, string][] = [
    [
      'an organization',
      'organizations',
      `insert into organizations.organization (slug, name, environment) values ('told', 'Told', 'production')`,
    ],
    ['its name', 'organizations', `update organizations.organization set name = 'Other' where slug = 'told'`],
    [
      'a member',
      'organizations',
      `insert into organizations.member (id, organization, email, role) values ('mem_1', 'told', 'a@b', 'viewer')`,
    ],
    ['a member who leaves', 'organizations', `delete from organizations.member where id = 'mem_1'`],
    [
      'a sandbox',
      'sandboxes',
      `insert into sandboxes.sandbox (slug, parent, name, created_at, ends_at, state) values ('box', 'told', 'Box', now(), now(), 'active')`,
    ],
    ['its deletion', 'sandboxes', `insert into sandboxes.deletion (sandbox, next_at) values ('box', now())`],
    ['what its deletion waits for', 'sandboxes', `update sandboxes.deletion set waiting = '[1]'`],
    [
      'its receipt',
      'sandboxes',
      `insert into sandboxes.receipt (id, sandbox, at, document) values ('r', 'box', now(), '{}')`,
    ],
    [
      'a check',
      'checks',
      `insert into checks.definition (name, file, line, timeout, seen_at) values ('c', 'f', 1, 1, now())`,
    ],
    [
      'a run',
      'runs',
      `insert into checks.run (id, check_name, trigger, parent, ttl, started_at, lease_until) values ('run_1', 'c', 'command', 'told', 1, now(), now())`,
    ],
    ['its verdict', 'runs', `update checks.run set verdict = 'pass', ended_at = now()`],
    ['a service', 'services', `insert into deploys.service (name, kind) values ('catalog', 'service')`],
    ['its state', 'services', `update deploys.service set state = 'running'`],
    [
      'a contract',
      'contracts',
      `with kept as (insert into contracts.contract (address, bundle, title, version, format, operations, schemas)
         values ('sha256:' || repeat('0', 64), '{}', 'A', '1', 'OpenAPI 3.1', 0, 0) returning address)
       insert into contracts.push (service, address, pushed_by, pushed_at) select 'catalog', address, 'me', now() from kept`,
    ],
    [
      'a contract that runs',
      'contracts',
      `insert into contracts.running (service, address, since, told_by) select 'catalog', address, now(), 'me' from contracts.contract`,
    ],
    [
      'an approval',
      'contracts',
      `insert into contracts.approval (id, service, fingerprint, reason, approved_by, approved_at)
       values ('apr_1', 'catalog', repeat('0', 16), 'why', 'me', now())`,
    ],
    [
      'one that is revoked',
      'contracts',
      `update contracts.approval set revoked_by = 'me', revoked_at = now()`,
    ],
    [
      'a watcher',
      'contracts',
      `insert into contracts.watcher (id, service, watched_by, since) values ('wat_1', 'catalog', 'me', now())`,
    ],
    [
      'what a watcher is told',
      'contracts',
      `insert into contracts.notice (watcher, push, base, counts, differences)
       select 'wat_1', id, address, '{}', '[]' from contracts.push`,
    ],
  ]
  test.each(change)('%s', async (_, topic, sql) => {
    const live = await listen()
    await vi.waitFor(() => expect(live.heard).not.toEqual([]))
    await t.database.query(sql)
    await vi.waitFor(() => expect(live.told()).toEqual([topic]))
    live.leave()
  })

  test.each([
    ['a lease that is extended', `update checks.run set lease_until = now()`],
    ['a check that is seen again', `update checks.definition set seen_at = now()`],
    ['the last use of a credential', `update organizations.credential set last_used_at = now()`],
    ['a keeper’s lease', `update sandboxes.deletion set leased_until = now()`],
    [
      'a statement that touches nothing',
      `update organizations.organization set name = 'x' where slug = 'nobody'`,
    ],
    ['a transaction that fails', `begin; update deploys.service set state = 'failed'; rollback`],
    ['a topic that nobody knows', `select pg_notify('rockpool_changes', 'nonsense')`],
  ])('not %s', async (_, sql) => {
    const live = await listen()
    await vi.waitFor(() => expect(live.heard).not.toEqual([]))
    await t.database.query(sql)
    // Postgres tells in order: once this one is heard, the one before was not told.
    await t.database.query(`select pg_notify('rockpool_changes', 'faults')`)
    await vi.waitFor(() => expect(live.told()).toContain('faults'))
    expect(live.told()).toEqual(['faults'])
    live.leave()
  })

  test('many changes in a short time are told together', async () => {
    const live = await listen()
    await vi.waitFor(() => expect(live.heard).not.toEqual([]))
    for (let at = 0; at < 100; at++)
      await t.database.query(`select pg_notify('rockpool_changes', $1)`, [topics[at % 3]])
    await vi.waitFor(() => expect(new Set(live.told()).size).toBe(3))
    const events = live.heard.filter(({ event }) => event === 'changed')
    expect(events.length).toBeLessThan(40)
    for (const [at, { at: time }] of events.entries())
      if (at > 0) expect(time - events[at - 1]!.at).toBeGreaterThan(20)
    // The last of them: none is left over for the next test.
    await t.database.query(`select pg_notify('rockpool_changes', 'faults')`)
    await vi.waitFor(() => expect(live.told()).toContain('faults'))
    live.leave()
  })
})

test('after Postgres was away everything may have changed: all topics are told', async () => {
  const live = await listen()
  await vi.waitFor(() => expect(live.heard).not.toEqual([]))
  await t.database.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where application_name = 'test organizations listen rockpool_changes' and datname = current_database()`,
  )
  await vi.waitFor(() => expect(live.told().toSorted()).toEqual([...topics].toSorted()), { timeout: 5_000 })
  await t.database.query(`select pg_notify('rockpool_changes', 'runs')`)
  await vi.waitFor(() => expect(live.told()).toHaveLength(topics.length + 1))
  expect(live.state.ended).toBe(false)
  live.leave()
})

describe('a stream ends', () => {
  test('when its session is revoked, and no other’s with it', async () => {
    const { text, credential } = await t.organizations.createCredential(null, {
      kind: 'control',
      allows: { none: true },
      actor: 'member',
      scopes: ['read'],
    })
    const [one, other] = [await listen(text), await listen()]
    await t.organizations.revokeCredential(credential.id)
    await vi.waitFor(() => expect(one.state.ended).toBe(true), { timeout: 2_000 })
    expect(other.state.ended).toBe(false)
    expect((await listen(text)).response.status).toBe(401)
    other.leave()
  })

  test('when nobody can tell whether its session still counts, and another’s beside it is asked about all the same', async () => {
    const made = () =>
      t.organizations.createCredential(null, {
        kind: 'control',
        allows: { none: true },
        actor: 'member',
        scopes: ['read'],
      })
    const [gone, revoked] = [await made(), await made()]
    const [one, two] = [await listen(gone.text), await listen(revoked.text)]
    await t.database.query('delete from organizations.credential where id = $1', [gone.credential.id])
    await t.database.query(`update organizations.credential set revoked_at = now() where id = $1`, [
      revoked.credential.id,
    ])
    // As after an outage of Postgres: everything is read anew.
    await t.database.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and query ilike 'listen%'`)
    await vi.waitFor(() => expect([one.state.ended, two.state.ended]).toEqual([true, true]), {
      timeout: 5_000,
    })
  })

  test('when its session is over', async () => {
    const { text } = await t.organizations.createCredential(null, {
      kind: 'control',
      allows: { none: true },
      actor: 'member',
      scopes: ['read'],
      endsAt: new Date(Date.now() + 500),
    })
    const live = await listen(text)
    expect(live.response.status).toBe(200)
    await vi.waitFor(() => expect(live.state.ended).toBe(true), { timeout: 3_000 })
  })

  test('when its member is removed', async () => {
    const credential = await t.memberOf('harbor', 'viewer')
    const live = await listen(credential)
    const { items } = await t.organizations.listMembers('harbor')
    for (const { id } of items) await t.organizations.removeMember('harbor', id)
    await vi.waitFor(() => expect(live.state.ended).toBe(true), { timeout: 2_000 })
  })

  test('when its client does not read, so that nothing piles up', async () => {
    let ended = 0
    const stream = openStream(new AbortController().signal, () => (ended += 1))
    for (let at = 0; at < 100; at++) stream.send('beat', { at })
    expect(ended).toBe(1)
    const text = await stream.response.text()
    expect(text.match(/event/g)).toHaveLength(64)
  })
})

describe('refused is', () => {
  test('a stream without a credential, or with one of the data plane', async () => {
    expect((await send(t.server, 'GET', '/live')).body.code).toBe('credential_missing')
    const { text } = await t.organizations.createCredential(null, {
      kind: 'live',
      allows: { organization: 'harbor' },
      environment: 'production',
      actor: 'customer',
    })
    expect((await send(t.server, 'GET', '/live', { credential: text })).body.code).toBe('scope_missing')
  })

  test('one more than may be open, of a session and of all; whoever leaves makes room', async () => {
    const ours = [await listen(), await listen(), await listen()]
    expect((await ask()).response.status).toBe(429)
    const another = await t.control(['read'])
    const more = [await listen(another), await listen(another), await listen(another)]
    const third = await t.control(['read'])
    expect((await ask(third)).response.status).toBe(429)
    for (const { leave } of [...ours, ...more]) leave()
    const again = [await listen(), await listen(), await listen()]
    for (const { leave } of again) leave()
  })
})

test('HEAD asks for no stream, and leaves none open', async () => {
  for (let at = 0; at < 10; at++) {
    expect((await send(t.server, 'HEAD', '/live', { credential: reader })).status).toBe(200)
  }
  const live = await listen()
  expect(live.response.status).toBe(200)
  live.leave()
})

test('a server that closes ends all streams at once', async () => {
  const own = await startApi()
  const credential = await own.control(['read'])
  const response = await fetch(`${own.server.url}/live`, {
    headers: { authorization: `Bearer ${credential}` },
  })
  const asked = performance.now()
  const text = response.text()
  await own.close()
  expect(await text).toMatch(/^event: hello\n/)
  expect(performance.now() - asked).toBeLessThan(1_500)
})
