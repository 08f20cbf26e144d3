import { z } from 'zod'
import { handle, operation, problem } from '../../kernel/index.ts'
import type { Clock, Database, Handled } from '../../kernel/index.ts'
import type { Organizations } from '../../organizations/index.ts'
import { reachedBy, requireLeader } from '../access.ts'
import { selectRun } from '../runs/store.ts'

export const createBrowserTicket = operation({
  id: 'checks.createBrowserTicket',
  method: 'POST',
  path: '/runs/{run}/browser-ticket',
  summary: 'Make a ticket with which a browser signs in at the gateway as this run, once',
  description:
    'The session touches what the run’s own credential touches, and ends with it. The ticket is exchanged within a minute at /.rockpool/sign-in of the gateway.',
  scope: 'write',
  organizationBound: true,
  params: z.strictObject({ run: z.string().min(1).max(80) }),
  body: z.strictObject({ organization: z.string().min(1).max(63) }),
  answers: { 201: z.object({ ticket: z.string(), endsAt: z.iso.datetime() }) },
})

const ttlMs = 60_000

export function browserOperations(options: {
  database: Database
  organizations: Pick<Organizations, 'listCredentials' | 'createTicket'>
  clock: Clock
}): Handled[] {
  const { database, organizations, clock } = options
  return [
    handle(createBrowserTicket, async ({ params, body, caller }) => {
      return database.transaction(async (tx) => {
        // Locked: a run that ends meanwhile takes the ticket away with everything else that it made.
        const run = reachedBy(caller, params.run, await selectRun(tx, params.run, 'for update'))
        // A bot's session writes in production, as its credential does.
        requireLeader(caller, run.kind)
        if (run.endedAt !== null) throw problem('conflict', `the run ${run.id} has ended`)
        // Read under the lock: a further attempt has made the credential dead that was there before.
        const { items } = await organizations.listCredentials({ run: run.id, limit: 200 }, tx)
        const own = items.find(
          ({ kind, allows }) =>
            kind === 'run' && 'organization' in allows && allows.organization === body.organization,
        )
        if (!own?.endsAt || !own.environment)
          throw problem('organization_not_allowed', `the run does not touch “${body.organization}”`)
        const { text, endsAt } = await organizations.createTicket(tx, {
          purpose: 'gateway',
          credential: {
            kind: 'session',
            organization: own.organization,
            allows: own.allows,
            environment: own.environment,
            actor: own.actor,
            run: run.id,
            grant: own.grant,
            endsAt: new Date(own.endsAt),
          },
          ttlMs: Math.min(ttlMs, Date.parse(own.endsAt) - clock.now()),
          createdBy: caller.credential,
        })
        return { ticket: text, endsAt }
      })
    }),
  ]
}
