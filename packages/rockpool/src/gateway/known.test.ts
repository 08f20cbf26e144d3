import { expect, onTestFinished, test } from 'vitest'
import { until } from '../../test/support/gateway.ts'
import { startOrganizations, type TestOrganizations } from '../../test/support/organizations.ts'
import { silentLog, systemClock } from '../kernel/index.ts'
import type { NewCredentialInput, Organizations } from '../organizations/index.ts'
import { createPublisher, type PublisherOptions } from './publisher.ts'
import { createState } from './state.ts'

// What is committed reaches gateways, whatever is lost on the way to control.

const live: NewCredentialInput = {
  kind: 'live',
  organization: 'harbor',
  allows: { organization: 'harbor' },
  environment: 'production',
  actor: 'customer',
}
const never = 24 * 3600_000

async function start() {
  const t = await startOrganizations()
  onTestFinished(t.close)
  return t
}

/** A control, and a gateway that takes what it is sent and refuses what is not valid. */
async function startControl({ organizations }: TestOrganizations, more: Partial<PublisherOptions> = {}) {
  const publisher = createPublisher({
    organizations,
    services: { list: () => Promise.resolve([]), onChange: deaf },
    clock: systemClock,
    log: silentLog,
    rereadMs: never,
    compareMs: never,
    ...more,
  })
  await publisher.start()
  onTestFinished(() => publisher.stop())
  const state = createState({ clock: systemClock, kid: 'none' })
  let changes = 0
  publisher.connect('one', (message) => {
    if (message.type === 'snapshot') expect(state.open(message, Date.now())).toEqual([])
    if (message.type !== 'change') return
    changes += 1
    expect(state.change(message)).toEqual([])
    publisher.acknowledge({ gateway: 'one', version: message.version, lastUsed: {} })
  })
  publisher.acknowledge({ gateway: 'one', version: publisher.version(), lastUsed: {} })
  const has = (sha256: string) => state.ground()!.directory.credentials.has(sha256)
  return { publisher, has, directory: () => state.ground()!.directory, changes: () => changes }
}

/** No notification ever arrives. */
const deaf = () => Promise.resolve({ close: () => Promise.resolve() })
const deafTo = (organizations: Organizations): Organizations => ({ ...organizations, onChange: deaf })

/** As a restore does it: no trigger runs, and nobody is notified. */
const silently = (t: TestOrganizations, sql: string, id: string) =>
  t.database.transaction(async (tx) => {
    await tx.query('set local session_replication_role = replica')
    await tx.query(sql, [id])
  })
const revokeSilently = (t: TestOrganizations, id: string) =>
  silently(t, 'update organizations.credential set revoked_at = now() where id = $1', id)

test('a notification that is lost is mended by the next read that is due', async () => {
  const t = await start()
  const organizations = deafTo(t.organizations)
  const { has } = await startControl({ ...t, organizations }, { heartbeatMs: 20, rereadMs: 200 })
  const { credential } = await t.organizations.createCredential(null, live)
  await until('it counts', () => has(credential.sha256), 5_000)
  await t.organizations.revokeCredential(credential.id)
  await until('it counts no more', () => !has(credential.sha256), 5_000)
  const { credential: other } = await t.organizations.createCredential(null, live)
  await until('the other one counts', () => has(other.sha256), 5_000)
  await t.database.query('delete from organizations.credential where id = $1', [other.id])
  await until('without a row it does not', () => !has(other.sha256), 5_000)
})

test('what commits late counts as soon as it is committed, and no sooner', async () => {
  const t = await start()
  const { publisher, has } = await startControl({ ...t, organizations: deafTo(t.organizations) })
  const late = await t.database.transaction(async (tx) => {
    const made = await t.organizations.createCredential(tx, live)
    const { credential: quick } = await t.organizations.createCredential(null, live)
    expect(await publisher.settled(5_000)).toBe(true)
    expect(has(quick.sha256)).toBe(true)
    expect(has(made.credential.sha256)).toBe(false)
    return made.credential
  })
  expect(await publisher.settled(5_000)).toBe(true)
  expect(has(late.sha256)).toBe(true)
})

test('what one control wrote, every other tells its gateways; one that starts anew tells the same', async () => {
  const t = await start()
  const one = await startControl(t)
  const other = await startControl(t)
  const { credential } = await t.organizations.createCredential(null, live)
  expect(await one.publisher.settled(5_000)).toBe(true)
  await until('the other has heard', () => other.has(credential.sha256), 5_000)
  await t.organizations.revokeCredential(credential.id)
  await until('all have heard', () => !one.has(credential.sha256) && !other.has(credential.sha256), 5_000)
  await t.organizations.createCredential(null, live)
  await one.publisher.settled(5_000)
  const anew = await startControl(t)
  expect([...anew.directory().credentials]).toEqual([...one.directory().credentials])
  expect([...anew.directory().organizations]).toEqual([...one.directory().organizations])
})

test('an organization goes with all its keys in one change', async () => {
  const t = await start()
  const box = { kind: 'sandbox', actor: 'customer', environment: 'sandbox' } as const
  for (let count = 0; count < 20; count++)
    await t.organizations.createCredential(null, {
      ...box,
      organization: 'harbor-box',
      allows: { organization: 'harbor-box' },
    })
  const { publisher, directory, changes } = await startControl({
    ...t,
    organizations: deafTo(t.organizations),
  })
  expect(directory().credentials.size).toBe(20)
  await t.organizations.setStatus(null, 'harbor-box', 'deleted')
  await publisher.settled(5_000)
  expect([...directory().organizations.keys()]).toEqual(['harbor'])
  expect(directory().credentials.size).toBe(0)
  expect(changes()).toBe(1)
})

test('a session is left out once it has ended, though nobody writes that', async () => {
  const t = await start()
  let ahead = 0
  const clock = { ...systemClock, now: () => Date.now() + ahead }
  const { credential } = await t.organizations.createCredential(null, {
    ...live,
    kind: 'session',
    endsAt: new Date(clock.now() + 60_000),
  })
  const { publisher, has } = await startControl(t, { clock })
  await publisher.settled(5_000)
  expect(has(credential.sha256)).toBe(true)
  ahead = 60_000
  await publisher.settled(5_000)
  expect(has(credential.sha256)).toBe(false)
})

test('what the database itself was not told is found by comparing everything', async () => {
  const t = await start()
  const made = []
  for (let count = 0; count < 3; count++)
    made.push((await t.organizations.createCredential(null, live)).credential)
  const [revoked, deleted, kept] = made
  const { publisher, has } = await startControl(t, { heartbeatMs: 20, compareMs: 200 })
  await revokeSilently(t, revoked!.id)
  await silently(t, 'delete from organizations.credential where id = $1', deleted!.id)
  await until('neither counts', () => !has(revoked!.sha256) && !has(deleted!.sha256), 5_000)
  expect(has(kept!.sha256)).toBe(true)
  await silently(t, 'update organizations.credential set revoked_at = null where id = $1', revoked!.id)
  await until('it counts again', () => has(revoked!.sha256), 5_000)
  await silently(t, `update organizations.organization set status = 'deleted' where slug = $1`, 'harbor-box')
  await until(
    'it is not told any more',
    () => !publisher.published()!.directory.organizations.has('harbor-box'),
    5_000,
  )
})

test('an organization whose row is gone is told no more', async () => {
  const t = await start()
  const { directory } = await startControl(t, { heartbeatMs: 20, compareMs: 200 })
  expect([...directory().organizations.keys()].sort()).toEqual(['harbor', 'harbor-box'])
  await silently(t, 'delete from organizations.organization where slug = $1', 'harbor-box')
  await until('it is not there', () => !directory().organizations.has('harbor-box'), 5_000)
  expect(directory().organizations.has('harbor')).toBe(true)
})

test('a key that is made control’s by hand opens no gateway any more', async () => {
  const t = await start()
  const { credential } = await t.organizations.createCredential(null, live)
  const { publisher, has } = await startControl({ ...t, organizations: deafTo(t.organizations) })
  expect(has(credential.sha256)).toBe(true)
  await t.database.query(
    `update organizations.credential
     set kind = 'control', actor = 'member', environment = null, allows_organization = null where id = $1`,
    [credential.id],
  )
  expect(await publisher.settled(5_000)).toBe(true)
  expect(has(credential.sha256)).toBe(false)
})

test('after a lost connection everything is compared: it may be another server', async () => {
  const t = await start()
  const { credential } = await t.organizations.createCredential(null, live)
  const { has } = await startControl(t, { heartbeatMs: 20 })
  await revokeSilently(t, credential.id)
  await t.database.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name like '%listen rockpool_organizations'`,
  )
  await until('it counts no more', () => !has(credential.sha256), 10_000)
})
