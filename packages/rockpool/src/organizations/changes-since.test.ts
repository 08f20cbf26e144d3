import { afterAll, beforeAll, expect, test } from 'vitest'
import { startOrganizations, type TestOrganizations } from '../../test/support/organizations.ts'
import { seeded } from '../../test/support/random.ts'
import type { Changes, NewCredentialInput } from './index.ts'

let t: TestOrganizations
beforeAll(async () => {
  t = await startOrganizations()
})
afterAll(() => t.close())

const live: NewCredentialInput = {
  kind: 'live',
  organization: 'harbor',
  allows: { organization: 'harbor' },
  environment: 'production',
  actor: 'customer',
}
const create = async () => (await t.organizations.createCredential(null, live)).credential
const now = async () => (await t.organizations.changes()).moment
const since = (moment: string) => t.organizations.changes(moment)
const idsOf = ({ credentials }: Pick<Changes, 'credentials'>) => credentials.map(({ id }) => id).sort()

/** A transaction that stays open until it is told what becomes of it. */
async function open(work: Parameters<typeof t.database.transaction>[0]) {
  const begun = Promise.withResolvers<void>()
  const end = Promise.withResolvers<void>()
  const done = t.database.transaction(async (tx) => {
    await work(tx)
    begun.resolve()
    await end.promise
  })
  await begun.promise
  return {
    commit: () => (end.resolve(), done),
    rollBack: () => (end.reject(new Error('changed my mind')), done.catch(() => {})),
  }
}

test('without a moment everything is told, as in a snapshot; since one, nothing when nothing was written', async () => {
  await create()
  const { moment, whole, gone, ...all } = await t.organizations.changes()
  expect({ whole, gone }).toEqual({ whole: true, gone: [] })
  expect(all).toEqual(await t.organizations.snapshot())
  const { keys } = all
  expect(await since(moment)).toMatchObject({
    whole: false,
    organizations: [],
    credentials: [],
    gone: [],
    keys,
  })
})

test('what commits late is told once it is committed, though what began after it was told before', async () => {
  const start = await now()
  let slow = ''
  const late = await open(async (tx) => {
    slow = (await t.organizations.createCredential(tx, live)).credential.id
  })
  const quick = await create()
  const first = await since(start)
  expect(idsOf(first)).toEqual([quick.id])
  const second = await since(first.moment)
  expect(idsOf(second)).toEqual([])
  await late.commit()
  const third = await since(second.moment)
  expect(idsOf(third)).toEqual([slow])
  expect(idsOf(await since(third.moment))).toEqual([])
})

test('what is rolled back is never told', async () => {
  const start = await now()
  const { id } = await create()
  const between = await since(start)
  const failed = await open(async (tx) => {
    await t.organizations.createCredential(tx, live)
    await t.organizations.revokeWhere(tx, { organization: 'harbor' })
    await t.organizations.setStatus(tx, 'harbor-box', 'deleting')
  })
  await failed.rollBack()
  expect(await since(between.moment)).toMatchObject({ organizations: [], credentials: [] })
  expect(idsOf(await since(start))).toEqual([id])
})

test('each reader has its own moment: what one was told, the other is told too', async () => {
  const one = await now()
  const first = await create()
  const other = await since(one)
  const second = await create()
  expect(idsOf(await since(one))).toEqual([first.id, second.id].sort())
  expect(idsOf(await since(other.moment))).toEqual([second.id])
})

test('an organization that is deleted is told with all credentials that it revoked', async () => {
  await t.organizations.create(null, { slug: 'brief', name: 'Brief', environment: 'production' })
  const brief = { ...live, organization: 'brief', allows: { organization: 'brief' } }
  const made = [
    await t.organizations.createCredential(null, brief),
    await t.organizations.createCredential(null, brief),
  ]
  const start = await now()
  await t.organizations.setStatus(null, 'brief', 'deleted')
  const changes = await since(start)
  expect(changes.organizations).toMatchObject([{ slug: 'brief', status: 'deleted' }])
  expect(idsOf(changes)).toEqual(made.map(({ credential }) => credential.id).sort())
  expect(changes.credentials.every(({ revokedAt }) => revokedAt !== null)).toBe(true)
})

test('a row that is deleted by hand is told as gone, and one that took its place is not', async () => {
  const kept = await create()
  const lost = await create()
  const renamed = await create()
  const start = await now()
  const other = 'f'.repeat(64)
  await t.database.query('delete from organizations.credential where id = $1', [lost.id])
  await t.database.query('update organizations.credential set sha256 = $2 where id = $1', [renamed.id, other])
  await t.database.transaction(async (tx) => {
    const [row] = await tx.query('delete from organizations.credential where id = $1 returning *', [kept.id])
    const columns = Object.keys(row!)
    await tx.query(
      `insert into organizations.credential (${columns.map((name) => `"${name}"`).join()})
       values (${columns.map((_, index) => `$${index + 1}`).join()})`,
      Object.values(row!),
    )
  })
  const changes = await since(start)
  expect(changes.gone.sort()).toEqual([lost.sha256, renamed.sha256].sort())
  expect(changes.credentials.map(({ sha256 }) => sha256).sort()).toEqual([kept.sha256, other].sort())
})

test('of what had ended nobody is told that its row went, and after a day of no other', async () => {
  const kept = () => t.database.query<{ sha256: string }>('select sha256 from organizations.credential_gone')
  const lost = await create()
  const ended = await create()
  await t.database.query(
    `update organizations.credential set created_at = now() - interval '1 day', ends_at = now() - interval '2 hours' where id = $1`,
    [ended.id],
  )
  const start = await now()
  await t.database.query('delete from organizations.credential where id = any($1)', [[lost.id, ended.id]])
  expect((await since(start)).gone).toEqual([lost.sha256])
  await t.database.query(`update organizations.credential_gone set gone_at = now() - interval '25 hours'`)
  const next = await create()
  await t.database.query('delete from organizations.credential where id = $1', [next.id])
  expect(await kept()).toEqual([{ sha256: next.sha256 }])
})

test('a moment of another server, which this one has not reached, leads to everything', async () => {
  const { id } = await create()
  const changes = await since('999999999999:999999999999:')
  expect(changes.whole).toBe(true)
  expect(idsOf(changes)).toContain(id)
  expect(await since(changes.moment)).toMatchObject({ whole: false, credentials: [] })
})

test('that a credential was used is not told; every other column is', async () => {
  const { id } = await create()
  const start = await now()
  await t.organizations.touch(new Map([[id, new Date()]]))
  expect(idsOf(await since(start))).toEqual([])
  const names = await t.database.query<{ name: string }>(
    `select attname as name from pg_attribute
     where attrelid = 'organizations.credential'::regclass and attnum > 0 and not attisdropped
     except select event_object_column from information_schema.triggered_update_columns
     where event_object_schema = 'organizations' and trigger_name = 'changed_in'`,
  )
  expect(names.map(({ name }) => name).sort()).toEqual(['changed_in', 'last_used_at'])
})

test('pages of what counts make the whole', async () => {
  for (let count = 0; count < 5; count++) await create()
  const ids: string[] = []
  let cursor: string | undefined
  do {
    const page = await t.organizations.usablePage({ cursor, limit: 2 })
    expect(page.items.length).toBeLessThanOrEqual(2)
    ids.push(...page.items.map(({ id }) => id))
    cursor = page.next ?? undefined
  } while (cursor !== undefined)
  expect(ids).toEqual((await t.organizations.snapshot()).credentials.map(({ id }) => id))
})

test('what is in doubt is told as it is, and as gone when it is not there', async () => {
  const start = await now()
  const before = await t.organizations.changes()
  const [one] = before.credentials
  const doubts = { organizations: ['harbor', 'nobody'], credentials: [one!.sha256, '0'.repeat(64)] }
  const changes = await t.organizations.changes(start, doubts)
  expect(changes.organizations.map(({ slug }) => slug)).toEqual(['harbor'])
  expect(changes.credentials).toEqual([one])
  expect(changes.gone).toEqual(['0'.repeat(64)])
})

test('what a backup says of the transactions of another server is not taken for a change', async () => {
  const { id } = await create()
  await t.database.transaction(async (tx) => {
    // As a restore writes it: no trigger runs.
    await tx.query('set local session_replication_role = replica')
    await tx.query(`update organizations.credential set changed_in = '999999999999' where id = $1`, [id])
  })
  const start = await now()
  expect(idsOf(await since(start))).toEqual([])
  await t.organizations.revokeCredential(id)
  expect(idsOf(await since(start))).toEqual([id])
})

test('many writers at once, some of whom fail: whoever follows the changes has what a snapshot has', async () => {
  const random = seeded(7)
  const start = await t.organizations.changes()
  let { moment } = start
  const known = new Map(start.credentials.map((credential) => [credential.id, credential]))
  let writing = true
  const follow = async () => {
    const changes = await since(moment)
    for (const credential of changes.credentials)
      if (credential.revokedAt === null) known.set(credential.id, credential)
      else known.delete(credential.id)
    moment = changes.moment
  }
  const reader = (async () => {
    while (writing) await follow()
  })()
  const write = async () => {
    const mine: string[] = []
    for (let count = 0; count < 25; count++)
      await t.database
        .transaction(async (tx) => {
          const { credential } = await t.organizations.createCredential(tx, live)
          const victim = mine[Math.floor(random() * mine.length)]
          if (victim !== undefined && random() < 0.5)
            await tx.query('update organizations.credential set revoked_at = now() where id = $1', [victim])
          await tx.query('select pg_sleep($1)', [random() / 100])
          if (random() < 0.2) throw new Error('changed my mind')
          mine.push(credential.id)
        })
        .catch(() => {})
  }
  await Promise.all(Array.from({ length: 6 }, write))
  writing = false
  await reader
  await follow()
  expect([...known.keys()].sort()).toEqual(idsOf(await t.organizations.snapshot()))
})
