import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { refusal, startOrganizations, type TestOrganizations } from '../../test/support/organizations.ts'
import { createSimulatedClock, newTicket, type SimulatedClock } from '../kernel/index.ts'
import type { NewCredentialInput, NewTicketInput } from './index.ts'

let t: TestOrganizations
let clock: SimulatedClock
beforeAll(async () => {
  clock = createSimulatedClock()
  t = await startOrganizations(clock)
})
afterAll(() => t.close())

const minutes = 60_000
const session = (more: Partial<NewCredentialInput> = {}): NewCredentialInput => ({
  kind: 'session',
  organization: 'harbor-box',
  allows: { organization: 'harbor-box' },
  environment: 'sandbox',
  actor: 'customer',
  endsAt: new Date(clock.now() + 60 * minutes),
  ...more,
})
const ticket = (credential = session(), more: Partial<NewTicketInput> = {}) =>
  t.organizations.createTicket(null, {
    purpose: 'gateway',
    credential,
    ttlMs: 10 * minutes,
    createdBy: 'key_test',
    ...more,
  })
const redeem = (text: string, purpose: 'gateway' | 'control' = 'gateway') =>
  t.organizations.redeemTicket(text, purpose)

test('a ticket becomes the credential that it was made for, and the credential counts', async () => {
  const { text } = await ticket()
  expect(text).toMatch(/^rp_ticket_[0-9A-Za-z]{33}$/)
  const made = await redeem(text)
  expect(made.text).toMatch(/^rp_session_/)
  expect(made.credential).toMatchObject({
    kind: 'session',
    organization: 'harbor-box',
    environment: 'sandbox',
    actor: 'customer',
    endsAt: new Date(clock.now() + 60 * minutes).toISOString(),
  })
  expect(await t.organizations.findCredential(made.text)).toEqual(made.credential)
})

test('of twenty who exchange one ticket at once, one gets the credential', async () => {
  const { text } = await ticket()
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => redeem(text)))
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  for (const result of results)
    if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'ticket_refused' })
})

test('the text of a ticket is stored nowhere, and is no credential', async () => {
  const { text } = await ticket()
  const rows = await t.database.query('select * from organizations.ticket')
  expect(rows.length).toBeGreaterThan(0)
  expect(JSON.stringify(rows)).not.toContain(text.slice(10))
  expect(await t.organizations.findCredential(text)).toBeUndefined()
})

describe('unknown, used, over, for elsewhere: refused in the same words', () => {
  const words = async (promise: Promise<unknown>) => {
    const { code, detail } = await refusal(promise)
    return `${code}: ${detail}`
  }
  test('so that a refusal tells nothing', async () => {
    const used = await ticket()
    await redeem(used.text)
    const over = await ticket(session(), { ttlMs: 1000 })
    const elsewhere = await ticket(
      {
        kind: 'control',
        allows: { none: true },
        actor: 'member',
        scopes: ['read'],
        endsAt: new Date(clock.now() + 60 * minutes),
      },
      { purpose: 'control' },
    )
    await clock.advance(1000)
    const told = await Promise.all(
      [newTicket().text, used.text, over.text, elsewhere.text, 'rp_ticket_x', '', `' or true --`].map(
        (text) => words(redeem(text)),
      ),
    )
    expect(new Set(told).size).toBe(1)
    expect(told[0]).toMatch(/^ticket_refused: /)
    // Shown at the wrong door it is not used up.
    expect((await redeem(elsewhere.text, 'control')).credential.kind).toBe('control')
  })

  test('also when its organization, its member or its run has gone meanwhile', async () => {
    await t.organizations.create(null, {
      slug: 'brief',
      name: 'Brief',
      environment: 'sandbox',
      parent: 'harbor',
    })
    const ofBrief = await ticket(session({ organization: 'brief', allows: { organization: 'brief' } }))
    const ofRun = await ticket(session({ actor: 'check', run: 'run_9' }))
    const member = await t.organizations.addMember({
      organization: 'harbor',
      email: 'a@b.example',
      role: 'owner',
    })
    const ofMember = await ticket(
      {
        kind: 'control',
        organization: 'harbor',
        allows: { none: true },
        actor: 'member',
        member: member.id,
        scopes: ['read'],
        endsAt: new Date(clock.now() + 60 * minutes),
      },
      { purpose: 'control' },
    )
    await t.organizations.setStatus(null, 'brief', 'deleting')
    await t.organizations.revokeWhere(null, { run: 'run_9' })
    await t.organizations.removeMember('harbor', member.id)
    for (const [{ text }, purpose] of [
      [ofBrief, 'gateway'],
      [ofRun, 'gateway'],
      [ofMember, 'control'],
    ] as const)
      expect(await refusal(redeem(text, purpose))).toMatchObject({ code: 'ticket_refused' })
  })
})

test('what its credential could not bind is refused when the ticket is made', async () => {
  expect(await refusal(ticket(session({ environment: 'production' })))).toMatchObject({
    code: 'environment_mismatch',
  })
  expect(await refusal(ticket(session({ actor: 'check' })))).toMatchObject({
    findings: ['actor is customer or member without a run'],
  })
  expect(await refusal(ticket(session({ kind: 'live', endsAt: null }), { ttlMs: 3600_001 }))).toMatchObject({
    code: 'invalid_input',
    findings: [
      'credential.kind is session for a ticket at gateway',
      'credential.endsAt is missing',
      'ttlMs is at least 1 ms, and an hour at most',
    ],
  })
})

test('tickets that are over do not pile up', async () => {
  await ticket(session(), { ttlMs: 1000 })
  await clock.advance(1001)
  await ticket()
  const [{ over }] = (await t.database.query(
    'select count(*)::int as over from organizations.ticket where ends_at <= $1',
    [new Date(clock.now())],
  )) as [{ over: number }]
  expect(over).toBe(0)
})
