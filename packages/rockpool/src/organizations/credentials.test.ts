import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { refusal, startOrganizations, type TestOrganizations } from '../../test/support/organizations.ts'
import { createSimulatedClock, type SimulatedClock } from '../kernel/index.ts'
import type { NewCredentialInput } from './index.ts'

let t: TestOrganizations
let clock: SimulatedClock
beforeAll(async () => {
  clock = createSimulatedClock()
  t = await startOrganizations(clock)
})
afterAll(() => t.close())

const live: NewCredentialInput = {
  kind: 'live',
  organization: 'harbor',
  allows: { organization: 'harbor' },
  environment: 'production',
  actor: 'customer',
}
const sandbox: NewCredentialInput = {
  kind: 'sandbox',
  organization: 'harbor-box',
  allows: { organization: 'harbor-box' },
  environment: 'sandbox',
  actor: 'customer',
}
const parentKey: NewCredentialInput = {
  ...sandbox,
  organization: 'harbor',
  allows: { sandboxesOf: 'harbor' },
}
const service: NewCredentialInput = {
  kind: 'service',
  allows: { none: true },
  actor: 'service',
  service: 'orders',
}
const runOf = (run: string): NewCredentialInput => ({
  kind: 'run',
  organization: 'harbor-box',
  allows: { organization: 'harbor-box' },
  environment: 'sandbox',
  actor: 'check',
  run,
  endsAt: new Date(clock.now() + 60_000),
})

describe('the text of a credential', () => {
  test('is shown once: the database holds its SHA-256 and a hint that does not tell it', async () => {
    const { text, credential } = await t.organizations.createCredential(null, live)
    expect(text).toMatch(/^rp_live_[0-9A-Za-z]{33}$/)
    const [row] = await t.database.query('select * from organizations.credential where id = $1', [
      credential.id,
    ])
    expect(JSON.stringify(row)).not.toContain(text.slice(12, -4))
    expect(credential.hint).toBe(`${text.slice(0, 12)}…${text.slice(-4)}`)
    expect(await t.organizations.findCredential(text)).toEqual(credential)
  })

  test('with one character changed finds nothing', async () => {
    const { text } = await t.organizations.createCredential(null, live)
    const changed = text.slice(0, 20) + (text[20] === 'a' ? 'b' : 'a') + text.slice(21)
    expect(await t.organizations.findCredential(changed)).toBeUndefined()
    expect(await t.organizations.findCredential(`${text} `)).toBeUndefined()
    expect(await t.organizations.findCredential(`' or true --`)).toBeUndefined()
  })
})

describe('the wrong environment is refused both ways', () => {
  test.each<[string, NewCredentialInput]>([
    [
      'a live key for a sandbox',
      { ...live, organization: 'harbor-box', allows: { organization: 'harbor-box' } },
    ],
    [
      'a sandbox key for a production organization',
      { ...sandbox, organization: 'harbor', allows: { organization: 'harbor' } },
    ],
    ['a live key that names the sandbox environment', { ...live, environment: 'sandbox' }],
    ['a sandbox key that names production', { ...sandbox, environment: 'production' }],
    ['a key for the sandboxes of a sandbox', { ...sandbox, allows: { sandboxesOf: 'harbor-box' } }],
  ])('%s', async (_, input) => {
    expect(await refusal(t.organizations.createCredential(null, input))).toMatchObject({
      code: 'environment_mismatch',
    })
  })

  test('a run credential for a production organization, which would need a grant', async () => {
    const input = {
      ...runOf('run_x'),
      environment: 'production' as const,
      allows: { organization: 'harbor' },
    }
    expect(await refusal(t.organizations.createCredential(null, input))).toMatchObject({
      code: 'organization_not_allowed',
    })
  })

  test.each(['production', 'sandbox'])(
    'by the database itself, for a row that says %s',
    async (environment) => {
      const other = environment === 'production' ? 'harbor-box' : 'harbor'
      const kind = environment === 'production' ? 'live' : 'sandbox'
      await expect(
        t.database.query(
          `insert into organizations.credential (id, sha256, hint, kind, allows_organization, environment, actor)
         values ('key_forged', repeat('0', 64), '', $1, $2, $3, 'customer')`,
          [kind, other, environment],
        ),
      ).rejects.toThrow(/foreign key/)
    },
  )
})

test('one key of a parent allows all its sandboxes, and names no production organization', async () => {
  const { credential } = await t.organizations.createCredential(null, parentKey)
  expect(credential).toMatchObject({
    allows: { sandboxesOf: 'harbor' },
    environment: 'sandbox',
    organization: 'harbor',
  })
  const production = t.organizations.createCredential(null, { ...parentKey, environment: 'production' })
  expect(await refusal(production)).toMatchObject({ code: 'environment_mismatch' })
})

test('all that a credential cannot bind is told at once', async () => {
  const input: NewCredentialInput = {
    kind: 'run',
    allows: { none: true },
    actor: 'customer',
    member: 'mem_x',
    name: 'x'.repeat(200),
  }
  expect(await refusal(t.organizations.createCredential(null, input))).toEqual({
    code: 'invalid_input',
    detail: 'a run credential cannot be made like this',
    findings: [
      'environment is named: production or sandbox',
      'actor a run never acts as a customer',
      'allows is one of: organization, sandboxesOf',
      'run is missing',
      'member is not bound by a run credential',
      'endsAt is missing',
      'name has at most 120 printable characters',
    ],
  })
})

test('a member’s control credential has an end; it never reaches the data plane', async () => {
  const control: NewCredentialInput = {
    kind: 'control',
    organization: 'harbor',
    allows: { none: true },
    actor: 'member',
  }
  expect((await refusal(t.organizations.createCredential(null, control))).findings).toEqual([
    'endsAt is missing',
  ])
  const made = await t.organizations.createCredential(null, {
    ...control,
    endsAt: new Date(clock.now() + 1000),
  })
  expect((await t.organizations.snapshot()).credentials.map(({ id }) => id)).not.toContain(made.credential.id)
})

test('none is made for an organization that is being deleted or that does not exist', async () => {
  await t.organizations.create(null, {
    slug: 'going',
    name: 'Going',
    environment: 'sandbox',
    parent: 'harbor',
  })
  await t.organizations.setStatus(null, 'going', 'deleting')
  const late = { ...sandbox, organization: 'going', allows: { organization: 'going' } }
  expect(await refusal(t.organizations.createCredential(null, late))).toMatchObject({
    code: 'organization_deleted',
  })
  const unknown = { ...sandbox, organization: null, allows: { organization: 'no-one' } }
  expect(await refusal(t.organizations.createCredential(null, unknown))).toMatchObject({
    code: 'organization_unknown',
  })
})

describe('the snapshot for the gateways', () => {
  const ids = async () => (await t.organizations.snapshot()).credentials.map(({ id }) => id)

  test('leaves out what is revoked, and what has ended', async () => {
    const revoked = await t.organizations.createCredential(null, service)
    const ended = await t.organizations.createCredential(null, runOf('run_ended'))
    expect(await ids()).toEqual(expect.arrayContaining([revoked.credential.id, ended.credential.id]))
    await t.organizations.revokeCredential(revoked.credential.id)
    expect(await ids()).not.toContain(revoked.credential.id)
    await clock.advance(60_000)
    expect(await ids()).not.toContain(ended.credential.id)
  })

  test('loses every credential of a run, and of a deleted organization, at once', async () => {
    await t.organizations.create(null, {
      slug: 'brief',
      name: 'Brief',
      environment: 'sandbox',
      parent: 'harbor',
    })
    const own = await t.organizations.createCredential(null, {
      ...sandbox,
      organization: 'brief',
      allows: { organization: 'brief' },
    })
    const run = await t.organizations.createCredential(null, runOf('run_7'))
    const parents = await t.organizations.createCredential(null, parentKey)
    expect(await t.organizations.revokeWhere(null, { run: 'run_7' })).toBe(1)
    expect(await t.organizations.revokeWhere(null, { run: 'run_7' })).toBe(0)
    await t.organizations.setStatus(null, 'brief', 'deleted')
    const left = await ids()
    expect(left).not.toContain(own.credential.id)
    expect(left).not.toContain(run.credential.id)
    expect(left).toContain(parents.credential.id)
    expect((await t.organizations.snapshot()).organizations.map(({ slug }) => slug)).not.toContain('brief')
  })
})

test('lists show what counts, and with `all` what was; never a text', async () => {
  await t.organizations.ensure({ slug: 'lister', name: 'Lister', environment: 'production' })
  const own = { ...live, organization: 'lister', allows: { organization: 'lister' } }
  const first = await t.organizations.createCredential(null, { ...own, name: 'till' })
  const second = await t.organizations.createCredential(null, own)
  await t.organizations.revokeCredential(first.credential.id)
  expect((await t.organizations.listCredentials({ organization: 'lister' })).items).toEqual([
    second.credential,
  ])
  const all = await t.organizations.listCredentials({ organization: 'lister', all: true })
  expect(all.items.map(({ id, name }) => [id, name])).toEqual([
    [first.credential.id, 'till'],
    [second.credential.id, null],
  ])
  expect(JSON.stringify(all)).not.toContain(second.text)
})

test('last use only moves forward, however late a gateway reports it', async () => {
  const { credential } = await t.organizations.createCredential(null, live)
  const at = (ms: number) => new Map([[credential.id, new Date(ms)]])
  await t.organizations.touch(at(2_000_000_000_000))
  await t.organizations.touch(at(1_900_000_000_000))
  await t.organizations.touch(new Map([['key_unknown', new Date()]]))
  expect((await t.organizations.getCredential(credential.id)).lastUsedAt).toBe('2033-05-18T03:33:20.000Z')
})

describe('a grant', () => {
  const grant = { name: 'order and cancel', writes: 10, card: 'card_bot_harbor' }
  const bot = (more: Partial<NewCredentialInput> = {}): NewCredentialInput => ({
    ...runOf('run_bot'),
    organization: 'harbor',
    allows: { organization: 'harbor' },
    environment: 'production',
    actor: 'bot',
    grant,
    ...more,
  })

  test.each(['run', 'session'] as const)('lets a bot’s %s touch a production organization', async (kind) => {
    const { credential } = await t.organizations.createCredential(null, bot({ kind }))
    expect(credential).toMatchObject({ kind, environment: 'production', actor: 'bot', run: 'run_bot', grant })
    expect(await t.organizations.getCredential(credential.id)).toEqual(credential)
  })

  test.each<[string, Partial<NewCredentialInput>]>([
    ['a check', { actor: 'check' }],
    ['a sandbox', { environment: 'sandbox', allows: { organization: 'harbor-box' } }],
    ['a card with a line break', { grant: { ...grant, card: 'a\nb' } }],
    ['writes without an end', { grant: { ...grant, writes: Infinity } }],
    ['writes below zero', { grant: { ...grant, writes: -1 } }],
    ['a key of customers', { kind: 'live', actor: 'customer', run: null }],
  ])('is not for %s', async (_, more) => {
    expect(await refusal(t.organizations.createCredential(null, bot(more)))).toMatchObject({
      code: 'invalid_input',
    })
  })

  test('is needed by a session of a run as well', async () => {
    const input = bot({ kind: 'session', grant: null })
    expect(await refusal(t.organizations.createCredential(null, input))).toMatchObject({
      code: 'organization_not_allowed',
    })
  })

  test('is held to by the database itself', async () => {
    const insert = (actor: string, name: string | null) =>
      t.database.query(
        `insert into organizations.credential (id, sha256, hint, kind, allows_organization, environment, actor, run, ends_at, grant_name, grant_writes)
         values ('key_f' || gen_random_uuid(), encode(sha256(gen_random_uuid()::text::bytea), 'hex'), '', 'run', 'harbor', 'production', $1, 'run_f', now(), $2, $3)`,
        [actor, name, name === null ? null : 1],
      )
    await expect(insert('bot', null)).rejects.toThrow(/credential_grant/)
    await expect(insert('check', 'x')).rejects.toThrow(/credential_grant/)
  })

  test('ends with the run, with its sessions', async () => {
    await t.organizations.createCredential(null, bot({ run: 'run_over' }))
    await t.organizations.createCredential(null, bot({ run: 'run_over', kind: 'session' }))
    expect(await t.organizations.revokeWhere(null, { run: 'run_over' })).toBe(2)
  })
})
