import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { send, startApi, type Answer, type TestApi } from '../../../test/support/api.ts'
import {
  createSimulatedClock,
  handle,
  operation,
  type Scope,
  type SimulatedClock,
} from '../../kernel/index.ts'

const reading = (id: string, path: `/${string}`, scope: Scope, method: 'GET' | 'POST') =>
  operation({
    id,
    method,
    path,
    summary: 's',
    scope,
    organizationBound: true,
    answers: { 200: z.object({ who: z.unknown() }) },
  })
const read = reading('test.read', '/read', 'read', 'GET')
const write = reading('test.write', '/write', 'write', 'POST')
const administer = reading('test.admin', '/administer', 'admin', 'POST')

let clock: SimulatedClock
let t: TestApi
let origin: string
let admin: string
/** Everything that the log was told. */
const logged: unknown[] = []

beforeAll(async () => {
  clock = createSimulatedClock(Date.UTC(2026, 10, 22, 12))
  const note = (...given: unknown[]) => void logged.push(...given)
  const log = { info: note, warn: note, error: note, debug: note } as never
  t = await startApi({
    clock,
    log,
    hosts: ['control.example.org'],
    origins: ['https://control.example.org'],
    operations: [read, write, administer].map((each) =>
      handle(each, async ({ caller }) => ({ who: caller })),
    ),
  })
  origin = `http://127.0.0.1:${t.server.port}`
  admin = await t.control(['read', 'write', 'admin'])
})
afterAll(() => t.close())
// The limit of attempts is proven below, and stands in no other test's way.
beforeEach(() => clock.advance(61_000))

interface Browser {
  /** As the browser keeps it: name and value. */
  cookie: string
  key: string
  answer: Answer
}

async function link(body: Record<string, unknown> = {}): Promise<string> {
  const answer = await send(t.server, 'POST', '/sign-in-links', { credential: admin, body })
  expect(answer.status).toBe(201)
  return answer.body['url'] as string
}
const ticketOf = (url: string) => new URL(url).hash.slice(1)

const redeem = (ticket: string, headers: Record<string, string> = { origin }) =>
  send(t.server, 'POST', '/session', { body: { ticket }, headers })

async function signIn(body: Record<string, unknown> = {}): Promise<Browser> {
  const answer = await redeem(ticketOf(await link(body)))
  expect(answer.status).toBe(201)
  const cookie = String(answer.headers['set-cookie']).split(';')[0]!
  return { cookie, key: answer.body['key'] as string, answer }
}

/** A request as the page makes it. */
const ask = (
  browser: Pick<Browser, 'cookie' | 'key'>,
  method: string,
  path: string,
  more: Record<string, string> = {},
) =>
  send(t.server, method, path, {
    headers: {
      cookie: browser.cookie,
      'rockpool-session-key': browser.key,
      'sec-fetch-site': 'same-origin',
      ...(method === 'GET' ? {} : { origin }),
      ...more,
    },
  })

async function member(role: 'owner' | 'developer' | 'viewer') {
  const email = `${role}-${Math.random().toString(36).slice(2)}@example.org`
  const { id } = await t.organizations.addMember({ organization: 'harbor', role, email })
  return { id, email, browser: () => signIn({ organization: 'harbor', email }) }
}

describe('signing in', () => {
  test('a link’s ticket becomes a cookie out of reach of scripts and a key; together they are the session', async () => {
    const browser = await signIn()
    expect(browser.answer.body).toEqual({
      key: browser.key,
      name: 'installation owner',
      organization: null,
      role: 'owner',
      scopes: ['read', 'write', 'admin'],
      endsAt: new Date(clock.now() + 7 * 24 * 3600_000).toISOString(),
    })
    const set = String(browser.answer.headers['set-cookie'])
    expect(set).toMatch(new RegExp(`^rockpool_control_${t.server.port}=[\\w-]+; Path=/; Expires=`))
    expect(set).toMatch(/; HttpOnly; SameSite=Strict$/)
    expect(set).not.toMatch(/domain/i)
    const { body } = await ask(browser, 'GET', '/session')
    const { key: _, ...who } = browser.answer.body
    expect(body).toEqual(who)
    expect((await ask(browser, 'POST', '/administer')).body['who']).toMatchObject({ organization: null })
  })

  test('the ticket stands in the fragment, which no browser sends anywhere', async () => {
    const url = new URL(await link())
    expect(url.origin + url.pathname + url.search).toBe(`${origin}/sign-in`)
    expect(ticketOf(url.href).length).toBeGreaterThan(26)
  })

  test('behind TLS the link is https, and the cookie is never sent without it', async () => {
    const headers = { host: 'control.example.org', origin: 'https://control.example.org' }
    const made = await send(t.server, 'POST', '/sign-in-links', { credential: admin, body: {}, headers })
    expect(made.body['url']).toMatch(/^https:\/\/control\.example\.org\/sign-in#/)
    const answer = await redeem(ticketOf(made.body['url'] as string), headers)
    expect(String(answer.headers['set-cookie'])).toMatch(/; HttpOnly; SameSite=Strict; Secure$/)
    const plain = { ...headers, origin: 'http://control.example.org' }
    expect((await redeem(ticketOf(await link()), plain)).body.code).toBe('origin_refused')
  })

  test('only an admin makes links, and of one organization for its own members alone', async () => {
    const { email } = await member('viewer')
    const developer = await t.memberOf('harbor', 'developer')
    const make = (credential: string, body: object) =>
      send(t.server, 'POST', '/sign-in-links', { credential, body })
    expect((await make(developer, {})).body.code).toBe('scope_missing')
    const owner = await t.memberOf('harbor', 'owner')
    expect((await make(owner, { organization: 'harbor', email })).status).toBe(201)
    await t.organizations.ensure({ slug: 'other', name: 'Other', environment: 'production' })
    await t.organizations.addMember({ organization: 'other', role: 'owner', email })
    expect((await make(owner, { organization: 'other', email })).body.code).toBe('organization_not_allowed')
    expect((await make(owner, { email })).body.code).toBe('invalid_input')
  })
})

describe('a role', () => {
  test.each([
    ['viewer', [200, 403, 403], ['read']],
    ['developer', [200, 200, 403], ['read', 'write']],
    ['owner', [200, 200, 200], ['read', 'write', 'admin']],
  ] as const)('%s may what its scopes say, whatever the page sends', async (role, allowed, scopes) => {
    const { browser, email } = await member(role)
    const session = await browser()
    expect(session.answer.body).toMatchObject({ name: email, organization: 'harbor', role, scopes })
    const answers = [
      await ask(session, 'GET', '/read'),
      await ask(session, 'POST', '/write'),
      await ask(session, 'POST', '/administer'),
    ]
    expect(answers.map(({ status }) => status)).toEqual(allowed)
  })

  test('bound to one organization reaches no other, and nothing of the installation', async () => {
    const session = await (await member('owner')).browser()
    const body = { slug: 'mine', name: 'Mine', environment: 'production' }
    const create = await send(t.server, 'POST', '/organizations', {
      body,
      headers: { cookie: session.cookie, 'rockpool-session-key': session.key, origin },
    })
    expect(create.body.code).toBe('organization_not_allowed')
  })
})

describe('refused is', () => {
  let session: Browser
  beforeAll(async () => {
    session = await signIn()
  })
  const refused = async (answer: Promise<Answer>, status: number, code: string) =>
    expect(await answer).toMatchObject({ status, body: { code } })

  test('the cookie without the key, the key without the cookie, and the two of different sessions', async () => {
    const other = await signIn()
    const get = (headers: Record<string, string>) => send(t.server, 'GET', '/read', { headers })
    await refused(get({ cookie: session.cookie }), 401, 'credential_missing')
    await refused(get({ 'rockpool-session-key': session.key }), 401, 'credential_missing')
    await refused(ask({ cookie: session.cookie, key: other.key }, 'GET', '/read'), 401, 'credential_missing')
    await refused(
      ask({ cookie: session.cookie, key: 'x'.repeat(5_000) }, 'GET', '/read'),
      401,
      'credential_missing',
    )
  })

  test('either half as a bearer token', async () => {
    for (const credential of [session.key, session.cookie.split('=')[1]!])
      await refused(send(t.server, 'GET', '/read', { credential }), 401, 'credential_unknown')
  })

  test('the cookie of another port', async () => {
    const elsewhere = session.cookie.replace(`_${t.server.port}=`, '_1=')
    await refused(ask({ ...session, cookie: elsewhere }, 'GET', '/read'), 401, 'credential_missing')
  })

  test.each([
    ['another site', { origin: 'https://evil.example' }],
    ['another port of this host', { origin: 'http://127.0.0.1:1' }],
    ['another scheme', { origin: 'https://127.0.0.1' }],
    ['a sandboxed frame', { origin: 'null' }],
    ['a request that a browser says is cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['a request that a browser says is of another port', { 'sec-fetch-site': 'same-site' }],
  ])('a call by cookie from %s, also one that only reads', async (_, headers) => {
    await refused(ask(session, 'GET', '/read', headers), 403, 'origin_refused')
    await refused(ask(session, 'POST', '/write', headers), 403, 'origin_refused')
    await refused(ask(session, 'DELETE', '/session', headers), 403, 'origin_refused')
    await refused(redeem(ticketOf(await link()), { origin, ...headers }), 403, 'origin_refused')
  })

  test('an unsafe call by cookie that names no origin', async () => {
    const headers = { cookie: session.cookie, 'rockpool-session-key': session.key }
    await refused(send(t.server, 'POST', '/write', { headers }), 403, 'origin_refused')
    await refused(redeem(ticketOf(await link()), {}), 403, 'origin_refused')
  })

  test('a rebound host name, which carries its own origin', async () => {
    const rebound = { host: `evil.example:${t.server.port}`, origin: `http://evil.example:${t.server.port}` }
    await refused(ask(session, 'GET', '/read', rebound), 403, 'host_refused')
    await refused(redeem(ticketOf(await link()), rebound), 403, 'host_refused')
  })

  test('a used ticket, an invented one, and one after ten minutes, in the same words', async () => {
    const ticket = ticketOf(await link())
    expect((await redeem(ticket)).status).toBe(201)
    const used = await redeem(ticket)
    const invented = await redeem(ticket.replace(/.{4}$/, 'aaaa'))
    const late = ticketOf(await link())
    await clock.advance(10 * 60_000)
    const over = await redeem(late)
    for (const answer of [used, invented, over])
      expect(answer).toMatchObject({ status: 403, body: { code: 'ticket_refused' } })
    expect(new Set([used, invented, over].map(({ body }) => body['detail'])).size).toBe(1)
    const last = ticketOf(await link())
    await clock.advance(10 * 60_000 - 1)
    expect((await redeem(last)).status).toBe(201)
  })

  test('a ticket of two browsers at once: one of them is signed in', async () => {
    const ticket = ticketOf(await link())
    const answers = await Promise.all([1, 2, 3, 4].map(() => redeem(ticket)))
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 403, 403, 403])
  })

  test('a session that was signed out, with the very next request; its cookie is taken away', async () => {
    const mine = await signIn()
    const out = await ask(mine, 'DELETE', '/session')
    expect(out.status).toBe(204)
    expect(String(out.headers['set-cookie'])).toMatch(/=; Path=\/; Expires=Thu, 01 Jan 1970/)
    await refused(ask(mine, 'GET', '/read'), 401, 'credential_ended')
    expect((await ask(session, 'GET', '/read')).status).toBe(200)
  })

  test('a session after its end', async () => {
    const short = await signIn({ hours: 1 })
    await clock.advance(3600_000 - 1)
    expect((await ask(short, 'GET', '/read')).status).toBe(200)
    await clock.advance(1)
    await refused(ask(short, 'GET', '/read'), 401, 'credential_ended')
  })

  test('a member who was removed: the session, and a link that was not opened yet', async () => {
    const { id, email, browser } = await member('owner')
    const removed = await browser()
    const ticket = ticketOf(await link({ organization: 'harbor', email }))
    await t.organizations.removeMember('harbor', id)
    await refused(ask(removed, 'GET', '/read'), 401, 'credential_ended')
    await refused(redeem(ticket), 403, 'ticket_refused')
  })

  test('a command’s credential where a browser’s session is signed out', async () => {
    await refused(send(t.server, 'DELETE', '/session', { credential: admin }), 401, 'credential_missing')
    expect((await send(t.server, 'GET', '/session', { credential: admin })).status).toBe(200)
  })

  test('whoever tries too often, until a minute later', async () => {
    for (let at = 0; at < 20; at++) expect((await redeem('rp_ticket_nonsense')).status).toBe(403)
    await refused(redeem(ticketOf(await link())), 429, 'too_many_requests')
    await clock.advance(60_000)
    expect((await redeem(ticketOf(await link()))).status).toBe(201)
  })
})

test('beside an Authorization header the cookie counts for nothing', async () => {
  const viewer = await t.control(['read'])
  const owner = await signIn()
  const headers = { cookie: owner.cookie, 'rockpool-session-key': owner.key, origin }
  const answer = await send(t.server, 'POST', '/administer', { credential: viewer, headers })
  expect(answer.body.code).toBe('scope_missing')
})

test('no log holds a ticket, a key or a cookie', async () => {
  const ticket = ticketOf(await link())
  const answer = await redeem(ticket)
  const cookie = String(answer.headers['set-cookie']).split(';')[0]!.split('=')[1]!
  const text = JSON.stringify(logged)
  expect(text).toContain('/session')
  for (const secret of [ticket, ticket.slice(-20), cookie, answer.body['key'] as string, admin])
    expect(text).not.toContain(secret)
})
