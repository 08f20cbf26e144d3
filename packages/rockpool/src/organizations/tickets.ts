import {
  isTicket,
  newTicket,
  Problem,
  problem,
  sha256Hex,
  type Clock,
  type Database,
  type Transaction,
} from '../kernel/index.ts'
import { checkOrganizations, makeCredential } from './credentials.ts'
import { checkNewCredential, checkNewTicket } from './rules.ts'
import type {
  CreatedCredential,
  CreatedTicket,
  NewCredentialInput,
  NewTicketInput,
  TicketPurpose,
} from './types.ts'

/*
 *   createTicket ──► text, once ──► a link that a browser opens ──► redeemTicket ──► credential; the ticket is gone
 *        │                                                              ▲
 *        └── revokeWhere({ run, organization, member }) takes it away ──┘ or ten minutes do
 */

export interface Tickets {
  /**
   * Makes a ticket for one credential. What that credential cannot bind is refused now, as `createCredential` does;
   * `invalid_input` when the ticket itself cannot be.
   */
  createTicket(tx: Transaction | null, input: NewTicketInput): Promise<CreatedTicket>
  /**
   * Exchanges it for its credential, atomically and once. `ticket_refused` when it is unknown, used, over, for another
   * purpose, or when its credential can no longer be: always in the same words.
   */
  redeemTicket(text: string, purpose: TicketPurpose): Promise<CreatedCredential>
}

export function createTickets({ database, clock }: { database: Database; clock: Clock }): Tickets {
  return {
    async createTicket(tx, input) {
      checkNewTicket(input)
      checkNewCredential(input.credential)
      const { text, sha256 } = newTicket()
      const now = clock.now()
      const endsAt = new Date(now + input.ttlMs)
      const insert = async (inner: Transaction) => {
        await checkOrganizations(inner, input.credential)
        await inner.query('delete from organizations.ticket where ends_at <= $1', [new Date(now)])
        await inner.query(
          `insert into organizations.ticket (sha256, purpose, credential, created_by, created_at, ends_at)
           values ($1, $2, $3, $4, $5, $6)`,
          [
            sha256,
            input.purpose,
            JSON.stringify(input.credential),
            input.createdBy.slice(0, 200),
            new Date(now),
            endsAt,
          ],
        )
      }
      await (tx ? insert(tx) : database.transaction(insert))
      return { text, endsAt: endsAt.toISOString() }
    },

    async redeemTicket(text, purpose) {
      if (!isTicket(text)) throw refused()
      try {
        return await database.transaction(async (tx) => {
          const now = new Date(clock.now())
          const [row] = await tx.query<{ credential: StoredInput }>(
            `delete from organizations.ticket where sha256 = $1 and purpose = $2 and ends_at > $3
             returning credential`,
            [sha256Hex(text), purpose, now],
          )
          if (!row) throw refused()
          const { endsAt, ...rest } = row.credential
          const input: NewCredentialInput = { ...rest, endsAt: new Date(endsAt) }
          if (new Date(endsAt) <= now) throw refused()
          return makeCredential(tx, input, now)
        })
      } catch (error) {
        // Its organization is gone, or its member: why is nobody's business who only holds a link.
        if (isGone(error)) throw refused()
        throw error
      }
    },
  }
}

type StoredInput = Omit<NewCredentialInput, 'endsAt'> & { endsAt: string }

function refused(): Problem {
  return problem('ticket_refused', 'this link was used already, or its time is over: ask for a new one')
}

function isGone(error: unknown): boolean {
  const gone = [
    'organization_unknown',
    'organization_deleted',
    'organization_not_allowed',
    'environment_mismatch',
  ]
  // 23503: the member that it would bind is removed.
  return error instanceof Problem ? gone.includes(error.code) : (error as { code?: string }).code === '23503'
}
