import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../../../test/support/eventually.ts'
import { runsWorld } from '../../../test/support/checks.ts'
import type { RunsWorld } from '../../../test/support/checks.ts'
import { Problem, systemClock } from '../../kernel/index.ts'
import type { Caller, Handled } from '../../kernel/index.ts'
import { browserOperations } from './operations.ts'

let world: RunsWorld
let handled: Handled
beforeAll(async () => {
  world = await runsWorld('http://127.0.0.1:8470')
  const { database, organizations } = world
  handled = browserOperations({ database, organizations, clock: systemClock })[0]!
})
afterAll(() => world.close())

const whole: Caller = {
  kind: 'control',
  credential: 'runner',
  organization: null,
  member: null,
  scopes: ['read', 'write'],
}
const ticketFor = async (run: string, organization: string, caller: Caller = whole) => {
  const input = {
    params: { run },
    body: { organization },
    query: undefined,
    caller,
    request: 'req',
    signal: AbortSignal.timeout(5_000),
  }
  return (await handled.handler(input as never)) as { ticket: string }
}
const codeOf = async (work: Promise<unknown>) =>
  work.then(
    () => 'it was made',
    (error: unknown) => (error instanceof Problem ? error.code : String(error)),
  )
const start = () => world.runs.start({ check: 'buys', trigger: 'command' })

describe('a ticket for the browser of a run', () => {
  test('is exchanged once, for a session of the run on its own sandbox that ends with the run', async () => {
    const { run, attempt } = await start()
    const { ticket } = await ticketFor(run, attempt.organization)
    const { credential } = await world.organizations.redeemTicket(ticket, 'gateway')
    expect(credential).toMatchObject({
      kind: 'session',
      run,
      actor: 'check',
      environment: 'sandbox',
      allows: { organization: attempt.organization },
    })
    expect(await codeOf(world.organizations.redeemTicket(ticket, 'gateway'))).toBe('ticket_refused')
    await world.runs.finish(run, { verdict: 'pass', attempts: [] })
    expect((await world.organizations.getCredential(credential.id)).revokedAt).not.toBeNull()
  })

  test('is made for no other organization: not the parent, not another run’s sandbox', async () => {
    const [one, other] = [await start(), await start()]
    for (const organization of ['harbor', other.attempt.organization, 'nowhere'])
      expect(await codeOf(ticketFor(one.run, organization))).toBe('organization_not_allowed')
  })

  test('is made while the run lasts alone, and one that was made before opens nothing after', async () => {
    const { run, attempt } = await start()
    const { ticket } = await ticketFor(run, attempt.organization)
    await world.runs.finish(run, { verdict: 'pass', attempts: [] })
    expect(await codeOf(ticketFor(run, attempt.organization))).toBe('conflict')
    expect(await codeOf(world.organizations.redeemTicket(ticket, 'gateway'))).toBe('ticket_refused')
  })

  test('is not made by a credential that a further attempt replaced while the ticket was asked for', async () => {
    const { run, attempt } = await start()
    const other = await start()
    const { database, organizations } = world
    let asked: Promise<string> | undefined
    // As a further attempt does it.
    await database.transaction(async (tx) => {
      await tx.query('select 1 from checks.run where id = $1 for update', [run])
      asked = codeOf(ticketFor(run, attempt.organization))
      await eventually('the ticket waits for the run', async () => {
        const waiting = await database.query(
          `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        )
        return waiting.length > 0
      })
      await organizations.revokeWhere(tx, { run })
      await organizations.createCredential(tx, {
        kind: 'run',
        run,
        organization: other.attempt.organization,
        allows: { organization: other.attempt.organization },
        environment: 'sandbox',
        actor: 'check',
        endsAt: new Date(Date.now() + 60_000),
      })
    })
    expect(await asked).toBe('organization_not_allowed')
  })

  test('is made for nobody of another organization, who learns not even that there is such a run', async () => {
    const { run, attempt } = await start()
    const stranger = { ...whole, organization: 'tide' }
    expect(await codeOf(ticketFor(run, attempt.organization, stranger))).toBe('not_found')
    expect(await codeOf(ticketFor('run_0', attempt.organization))).toBe('not_found')
  })
})
