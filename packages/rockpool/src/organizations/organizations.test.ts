import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { refusal, startOrganizations, type TestOrganizations } from '../../test/support/organizations.ts'

let t: TestOrganizations
beforeAll(async () => {
  t = await startOrganizations()
})
afterAll(() => t.close())

describe('the environment of an organization', () => {
  test('is fixed when it is created: ensuring it with another one is refused, both ways', async () => {
    const { organizations } = t
    expect(
      await refusal(organizations.ensure({ slug: 'harbor', name: 'x', environment: 'sandbox' })),
    ).toMatchObject({
      code: 'environment_fixed',
      detail: 'organization “harbor” is production for ever and cannot become sandbox',
    })
    await organizations.create(null, { slug: 'play', name: 'Play', environment: 'sandbox' })
    expect(
      await refusal(organizations.ensure({ slug: 'play', name: 'x', environment: 'production' })),
    ).toMatchObject({
      code: 'environment_fixed',
    })
    expect((await organizations.get('harbor')).environment).toBe('production')
  })

  test.each([
    [`update organizations.organization set environment = 'sandbox' where slug = 'harbor'`, /never changes/],
    [
      `update organizations.organization set environment = 'production' where slug = 'harbor-box'`,
      /never changes/,
    ],
    [`update organizations.organization set parent = null where slug = 'harbor-box'`, /never change/],
    [`update organizations.organization set slug = 'port' where slug = 'harbor'`, /never change/],
    [`delete from organizations.organization where slug = 'harbor-box'`, /never given twice/],
    [
      `insert into organizations.organization (slug, name, environment) values ('x; drop', 'x', 'sandbox')`,
      /check/,
    ],
    [
      `insert into organizations.organization (slug, name, environment) values ('yy', 'y', 'staging')`,
      /check/,
    ],
    [
      `insert into organizations.organization (slug, name, environment, parent) values ('yy', 'y', 'production', 'harbor')`,
      /check/,
    ],
  ])('is guarded by the database itself: %s', async (sql, message) => {
    await expect(t.database.query(sql)).rejects.toThrow(message)
  })
})

// Rounds: one round hits the moment between the slug's index and the next one only now and then.
test('sixteen that ensure one organization at once make one', async () => {
  for (const slug of Array.from({ length: 40 }, (_, round) => `crowd-${round}`)) {
    const made = await Promise.all(
      Array.from({ length: 16 }, () =>
        t.organizations.ensure({ slug, name: 'Crowd', environment: 'production' }),
      ),
    )
    expect(new Set(made.map((organization) => JSON.stringify(organization))).size).toBe(1)
  }
})

test('ensuring an organization with another name brings the name up to date', async () => {
  await t.organizations.ensure({ slug: 'renamed', name: 'Before', environment: 'production' })
  await t.organizations.ensure({ slug: 'renamed', name: 'After', environment: 'production' })
  expect((await t.organizations.get('renamed')).name).toBe('After')
})

test('a slug is never given twice, not even after its organization is deleted', async () => {
  const { organizations } = t
  await organizations.create(null, { slug: 'once', name: 'Once', environment: 'sandbox', parent: 'harbor' })
  await organizations.setStatus(null, 'once', 'deleting')
  await organizations.setStatus(null, 'once', 'deleted')
  const again = organizations.create(null, { slug: 'once', name: 'Again', environment: 'production' })
  expect(await refusal(again)).toMatchObject({ code: 'conflict' })
  expect(await organizations.get('once')).toMatchObject({ name: 'Once', status: 'deleted' })
})

test('the way of an organization goes forward only: active, deleting, deleted', async () => {
  const { organizations, database } = t
  await organizations.create(null, {
    slug: 'leaving',
    name: 'Leaving',
    environment: 'sandbox',
    parent: 'harbor',
  })
  await organizations.setStatus(null, 'leaving', 'deleting')
  expect(await refusal(organizations.setStatus(null, 'leaving', 'active'))).toMatchObject({
    code: 'organization_deleted',
  })
  await expect(
    database.query(`update organizations.organization set status = 'active' where slug = 'leaving'`),
  ).rejects.toThrow('cannot become active again')
})

test('a sandbox has no sandboxes, and none begins in a parent that is being deleted', async () => {
  const { organizations } = t
  const nested = organizations.create(null, {
    slug: 'nested',
    name: 'n',
    environment: 'sandbox',
    parent: 'harbor-box',
  })
  expect(await refusal(nested)).toMatchObject({ code: 'conflict' })
  await organizations.create(null, { slug: 'closing', name: 'Closing', environment: 'production' })
  await organizations.setStatus(null, 'closing', 'deleting')
  const late = organizations.create(null, {
    slug: 'late',
    name: 'l',
    environment: 'sandbox',
    parent: 'closing',
  })
  expect(await refusal(late)).toMatchObject({ code: 'organization_deleted' })
  const orphan = organizations.create(null, {
    slug: 'orphan',
    name: 'o',
    environment: 'sandbox',
    parent: 'no-one',
  })
  expect(await refusal(orphan)).toMatchObject({ code: 'organization_unknown' })
})

test('what a transaction of the caller creates is gone when that transaction fails', async () => {
  const { organizations, database } = t
  await expect(
    database.transaction(async (tx) => {
      await organizations.create(tx, {
        slug: 'undone',
        name: 'Undone',
        environment: 'sandbox',
        parent: 'harbor',
      })
      throw new Error('changed my mind')
    }),
  ).rejects.toThrow('changed my mind')
  expect(await refusal(organizations.get('undone'))).toMatchObject({ code: 'organization_unknown' })
})

test('a list goes through all organizations page by page, each of them once', async () => {
  const { organizations } = t
  await organizations.create(null, { slug: 'fleet', name: 'Fleet', environment: 'production' })
  for (let n = 10; n < 17; n++) {
    await organizations.create(null, {
      slug: `fleet-${n}`,
      name: 'Box',
      environment: 'sandbox',
      parent: 'fleet',
    })
  }
  const seen: string[] = []
  let cursor: string | undefined
  do {
    const page = await organizations.list({ parent: 'fleet', limit: 3, cursor })
    expect(page.items.length).toBeLessThanOrEqual(3)
    seen.push(...page.items.map(({ slug }) => slug))
    cursor = page.next ?? undefined
  } while (cursor)
  expect(seen).toEqual(['fleet-10', 'fleet-11', 'fleet-12', 'fleet-13', 'fleet-14', 'fleet-15', 'fleet-16'])
  expect((await organizations.list({ within: 'fleet', limit: 100 })).items).toHaveLength(8)
  expect((await organizations.list({ parent: 'fleet', environment: 'production' })).items).toEqual([])
})

describe('members', () => {
  test('have an address that is theirs once per organization, in whatever letter case', async () => {
    const { organizations } = t
    const ada = await organizations.addMember({
      organization: 'harbor',
      email: ' Ada@Example.org ',
      role: 'developer',
    })
    expect(ada).toMatchObject({ email: 'ada@example.org', role: 'developer', organization: 'harbor' })
    const again = organizations.addMember({ organization: 'harbor', email: 'ADA@example.org', role: 'owner' })
    expect(await refusal(again)).toMatchObject({ code: 'conflict' })
    const bad = organizations.addMember({ organization: 'harbor', email: 'no address', role: 'owner' })
    expect((await refusal(bad)).findings).toEqual([
      'email must be an e-mail address of at most 254 characters',
    ])
    expect((await organizations.listMembers('harbor')).items).toEqual([ada])
  })

  test('belong to a parent, never to its sandboxes', async () => {
    const added = t.organizations.addMember({
      organization: 'harbor-box',
      email: 'bo@example.org',
      role: 'owner',
    })
    expect(await refusal(added)).toMatchObject({ code: 'conflict' })
  })

  test('lose their credentials when they are removed', async () => {
    const { organizations } = t
    const member = await organizations.addMember({
      organization: 'harbor',
      email: 'cy@example.org',
      role: 'viewer',
    })
    const endsAt = new Date(Date.now() + 60_000)
    const { text, credential } = await organizations.createCredential(null, {
      kind: 'control',
      organization: 'harbor',
      allows: { none: true },
      actor: 'member',
      member: member.id,
      endsAt,
    })
    expect(credential.member).toBe(member.id)
    await organizations.removeMember('harbor', member.id)
    expect((await organizations.findCredential(text))?.revokedAt).not.toBeNull()
    expect(await refusal(organizations.removeMember('harbor', member.id))).toMatchObject({
      code: 'not_found',
    })
  })

  test('of one organization hold no credential of another', async () => {
    const { organizations } = t
    const member = await organizations.addMember({
      organization: 'harbor',
      email: 'di@example.org',
      role: 'viewer',
    })
    await organizations.ensure({ slug: 'other', name: 'Other', environment: 'production' })
    const endsAt = new Date(Date.now() + 60_000)
    await expect(
      organizations.createCredential(null, {
        kind: 'control',
        organization: 'other',
        allows: { none: true },
        actor: 'member',
        member: member.id,
        endsAt,
      }),
    ).rejects.toThrow(/foreign key/)
  })
})
