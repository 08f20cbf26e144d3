import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { send, startApi, type TestApi } from '../../test/support/api.ts'

let t: TestApi
let admin: string
/** What the gateways were told of by the time that an answer waited for them: ids of keys, `-` before revoked ones. */
const told: string[] = []
beforeAll(async () => {
  t = await startApi({
    settled: async () => {
      const { items } = await t.organizations.listCredentials({ organization: 'rival', all: true })
      told.push(items.map(({ id, revokedAt }) => (revokedAt ? `-${id}` : id)).join())
    },
  })
  admin = await t.control(['read', 'write', 'admin'])
  await t.organizations.ensure({ slug: 'rival', name: 'Rival', environment: 'production' })
})
afterAll(() => t.close())

const get = (credential: string, path: string) => send(t.server, 'GET', path, { credential })
const post = (credential: string, path: string, body: unknown) =>
  send(t.server, 'POST', path, { credential, body })

describe('organizations over HTTP', () => {
  test.each([
    `x'; drop table organizations.organization; --`,
    'a b',
    '../../etc',
    'Ünder',
    '%00',
    'x'.repeat(999),
  ])('a slug like “%s” is refused with what is wrong with it', async (slug) => {
    const answer = await post(admin, '/organizations', { slug, name: 'x', environment: 'sandbox' })
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_input' } })
    expect(answer.body.findings?.[0]?.path).toBe('slug')
    expect((await get(admin, `/organizations/${encodeURIComponent(slug)}`)).status).toBeOneOf([404, 422])
  })

  test('a list is read to its end by its cursors', async () => {
    const seen: unknown[] = []
    for (let cursor = ''; ;) {
      const { body } = await get(admin, `/organizations?limit=1${cursor && `&cursor=${cursor}`}`)
      seen.push(...(body['items'] as { slug: string }[]).map(({ slug }) => slug))
      if (body['next'] === null) break
      cursor = body['next'] as string
    }
    expect(seen).toEqual(['harbor', 'harbor-box', 'rival'])
    expect((await get(admin, '/organizations?limit=0')).status).toBe(422)
  })
})

describe('a member of one organization', () => {
  test('sees it and its sandboxes, and nothing of another', async () => {
    const viewer = await t.memberOf('harbor', 'viewer')
    const { body } = await get(viewer, '/organizations')
    expect((body['items'] as { slug: string }[]).map(({ slug }) => slug)).toEqual(['harbor', 'harbor-box'])
    expect((await get(viewer, '/organizations?parent=rival')).body['items']).toEqual([])
    expect((await get(viewer, '/organizations/harbor-box')).status).toBe(200)
    for (const path of ['', '/members', '/credentials']) {
      expect((await get(viewer, `/organizations/rival${path}`)).body.code).toBe('organization_not_allowed')
    }
  })

  test('cannot tell an organization that is not theirs from one that does not exist', async () => {
    const viewer = await t.memberOf('harbor', 'viewer')
    const other = await get(viewer, '/organizations/rival')
    const none = await get(viewer, '/organizations/nobody')
    expect(none.status).toBe(other.status)
    expect(none.body.code).toBe(other.body.code)
  })

  test('neither creates organizations nor reaches into another, whatever the role', async () => {
    const owner = await t.memberOf('harbor', 'owner')
    const create = await post(owner, '/organizations', {
      slug: 'mine',
      name: 'Mine',
      environment: 'production',
    })
    expect(create.body.code).toBe('organization_not_allowed')
    const key = await post(owner, '/organizations/rival/credentials', { environment: 'production' })
    expect(key.body.code).toBe('organization_not_allowed')
    const member = await post(owner, '/organizations/rival/members', {
      email: 'me@example.org',
      role: 'owner',
    })
    expect(member.body.code).toBe('organization_not_allowed')
    const login = await post(owner, '/login', { organization: 'rival', email: 'me@example.org' })
    expect(login.body.code).toBe('organization_not_allowed')
  })
})

describe('keys', () => {
  test('name their environment: the wrong one is refused both ways', async () => {
    const wrong = await post(admin, '/organizations/harbor/credentials', { environment: 'sandbox' })
    expect(wrong).toMatchObject({ status: 403, body: { code: 'environment_mismatch' } })
    const other = await post(admin, '/organizations/harbor-box/credentials', { environment: 'production' })
    expect(other).toMatchObject({ status: 403, body: { code: 'environment_mismatch' } })
    const none = await post(admin, '/organizations/harbor/credentials', {})
    expect(none.body.findings?.[0]?.path).toBe('body.environment')
  })

  test('are shown once: no list and no answer tells the text or its hash again', async () => {
    const made = await post(admin, '/organizations/harbor/credentials', {
      environment: 'production',
      name: 'till',
    })
    expect(made.status).toBe(201)
    const text = String(made.body['text'])
    expect(text).toMatch(/^rp_live_/)
    const credential = made.body['credential'] as { id: string }
    const list = await get(admin, '/organizations/harbor/credentials')
    expect(JSON.stringify(list.body)).toContain(credential.id)
    const stored = await t.organizations.findCredential(text)
    for (const secret of [text, stored!.sha256]) {
      expect(JSON.stringify(list.body)).not.toContain(secret)
      expect(JSON.stringify(made.body['credential'])).not.toContain(secret)
    }
    const revoked = await send(t.server, 'DELETE', `/organizations/harbor/credentials/${credential.id}`, {
      credential: admin,
    })
    expect(revoked).toMatchObject({ status: 200, body: { id: credential.id, revokedAt: expect.any(String) } })
    expect(JSON.stringify((await get(admin, '/organizations/harbor/credentials')).body)).not.toContain(
      credential.id,
    )
    expect(JSON.stringify((await get(admin, '/organizations/harbor/credentials?all=true')).body)).toContain(
      credential.id,
    )
  })

  test('for all sandboxes of a parent come as one', async () => {
    const made = await post(admin, '/organizations/harbor/credentials', {
      environment: 'sandbox',
      allSandboxes: true,
    })
    expect(made.body['credential']).toMatchObject({
      kind: 'sandbox',
      allows: { sandboxesOf: 'harbor' },
      environment: 'sandbox',
    })
    const live = await post(admin, '/organizations/harbor/credentials', {
      environment: 'production',
      allSandboxes: true,
    })
    expect(live).toMatchObject({ status: 422, body: { code: 'invalid_input' } })
  })

  test('a developer makes sandbox keys; a live key needs an owner', async () => {
    const developer = await t.memberOf('harbor', 'developer')
    expect(
      (await post(developer, '/organizations/harbor-box/credentials', { environment: 'sandbox' })).status,
    ).toBe(201)
    const live = await post(developer, '/organizations/harbor/credentials', { environment: 'production' })
    expect(live).toMatchObject({ status: 403, body: { code: 'scope_missing' } })
    const owner = await t.memberOf('harbor', 'owner')
    expect(
      (await post(owner, '/organizations/harbor/credentials', { environment: 'production' })).status,
    ).toBe(201)
  })

  test('of another organization cannot be revoked by way of one’s own', async () => {
    const theirs = await post(admin, '/organizations/rival/credentials', { environment: 'production' })
    const { id } = theirs.body['credential'] as { id: string }
    const owner = await t.memberOf('harbor', 'owner')
    const path = `/organizations/harbor/credentials/${id}`
    expect((await send(t.server, 'DELETE', path, { credential: owner })).status).toBe(404)
    expect((await t.organizations.getCredential(id)).revokedAt).toBeNull()
  })

  test('are answered, made or revoked, only when the gateways were given the chance to know', async () => {
    await t.organizations.revokeWhere(null, { organization: 'rival' })
    told.length = 0
    const made = await post(admin, '/organizations/rival/credentials', { environment: 'production' })
    const { id } = made.body['credential'] as { id: string }
    expect(told.at(-1)).toContain(id)
    await send(t.server, 'DELETE', `/organizations/rival/credentials/${id}`, { credential: admin })
    expect(told).toHaveLength(2)
    expect(told.at(-1)).toContain(`-${id}`)
  })

  test('do not end in the past', async () => {
    const made = await post(admin, '/organizations/harbor/credentials', {
      environment: 'production',
      endsAt: '2020-01-01T00:00:00Z',
    })
    expect(made.body.findings).toEqual([{ path: 'body.endsAt', message: 'is in the past' }])
  })
})

describe('logging in', () => {
  test('gives a member a control credential with the scopes of the role, bound to the organization, with an end', async () => {
    await post(admin, '/organizations/harbor/members', { email: 'Fay@example.org', role: 'developer' })
    const { status, body } = await post(admin, '/login', {
      organization: 'harbor',
      email: 'fay@EXAMPLE.org',
      hours: 1,
    })
    expect(status).toBe(201)
    expect(body['credential']).toMatchObject({
      kind: 'control',
      organization: 'harbor',
      scopes: ['read', 'write'],
    })
    const { endsAt } = body['credential'] as { endsAt: string }
    expect(Date.parse(endsAt) - Date.now()).toBeGreaterThan(3_500_000)
    expect(Date.parse(endsAt) - Date.now()).toBeLessThanOrEqual(3_600_000)
    expect((await get(String(body['text']), '/organizations/harbor')).status).toBe(200)
  })

  test('without naming a member, gives the caller one with the caller’s own scopes and an end', async () => {
    const { body } = await post(admin, '/login', {})
    expect(body['credential']).toMatchObject({
      organization: null,
      scopes: ['read', 'write', 'admin'],
      endsAt: expect.any(String),
    })
    const owner = await t.memberOf('harbor', 'owner')
    expect((await post(owner, '/login', {})).body['credential']).toMatchObject({
      organization: 'harbor',
      member: expect.any(String),
    })
  })

  test('is refused to whoever is no admin, for nobody, and for more than 30 days', async () => {
    const developer = await t.memberOf('harbor', 'developer')
    expect((await post(developer, '/login', {})).body.code).toBe('scope_missing')
    expect((await post(admin, '/login', { organization: 'harbor', email: 'no@example.org' })).status).toBe(
      404,
    )
    expect((await post(admin, '/login', { email: 'no@example.org' })).status).toBe(422)
    expect((await post(admin, '/login', { hours: 721 })).status).toBe(422)
  })

  test('ends with the membership', async () => {
    const added = await post(admin, '/organizations/harbor/members', {
      email: 'gil@example.org',
      role: 'owner',
    })
    const login = await post(admin, '/login', { organization: 'harbor', email: 'gil@example.org' })
    const credential = String(login.body['text'])
    expect((await get(credential, '/organizations/harbor')).status).toBe(200)
    const path = `/organizations/harbor/members/${String(added.body['id'])}`
    expect((await send(t.server, 'DELETE', path, { credential: admin })).status).toBe(204)
    expect((await get(credential, '/organizations/harbor')).body.code).toBe('credential_ended')
  })
})
