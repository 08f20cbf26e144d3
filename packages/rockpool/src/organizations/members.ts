import { newId, problem, toPage, type Clock, type Database } from '../kernel/index.ts'
import { revoke } from './credential-store.ts'
import { findOrganization, notify } from './store.ts'
import type { Member, Page, PageRequest, Role } from './types.ts'

export interface Members {
  /** `invalid_input` for a bad address; `conflict` when the organization has a member with it, or is a sandbox. */
  addMember(input: { organization: string; email: string; role: Role }): Promise<Member>
  /** `not_found` when the organization has no such member. */
  getMember(organization: string, id: string): Promise<Member>
  findMember(organization: string, email: string): Promise<Member | undefined>
  listMembers(organization: string, page?: PageRequest): Promise<Page<Member>>
  /** The member's credentials are revoked with it, at once. */
  removeMember(organization: string, id: string): Promise<void>
}

interface MemberRow {
  id: string
  organization: string
  email: string
  role: Role
  created_at: Date
}

const toMember = ({ created_at, ...row }: MemberRow): Member => ({
  ...row,
  createdAt: created_at.toISOString(),
})
const columns = 'id, organization, email, role, created_at'

export function createMembers({ database, clock }: { database: Database; clock: Clock }): Members {
  return {
    addMember: ({ organization, email: given, role }) =>
      database.transaction(async (tx) => {
        const email = given.trim().toLowerCase()
        if (email.length > 254 || !/^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u.test(email)) {
          throw problem('invalid_input', 'the member cannot be added like this', {
            findings: [{ path: 'email', message: 'must be an e-mail address of at most 254 characters' }],
          })
        }
        const found = await findOrganization(tx, organization, 'for share')
        if (!found)
          throw problem('organization_unknown', `there is no organization “${organization.slice(0, 80)}”`)
        if (found.parent)
          throw problem(
            'conflict',
            `“${organization}” is a sandbox: its members are those of “${found.parent}”`,
          )
        if (found.status !== 'active')
          throw problem('organization_deleted', `organization “${organization}” is ${found.status}`)
        const [row] = await tx.query<MemberRow>(
          `insert into organizations.member (id, organization, email, role, created_at) values ($1, $2, $3, $4, $5)
           on conflict (organization, email) do nothing returning ${columns}`,
          [newId('mem'), organization, email, role, new Date(clock.now())],
        )
        if (!row) throw problem('conflict', `“${organization}” has a member with the address ${email}`)
        return toMember(row)
      }),

    async getMember(organization, id) {
      const [row] = await database.query<MemberRow>(
        `select ${columns} from organizations.member where organization = $1 and id = $2`,
        [organization, id],
      )
      if (!row) throw problem('not_found', `“${organization}” has no member “${id.slice(0, 80)}”`)
      return toMember(row)
    },

    async findMember(organization, email) {
      const [row] = await database.query<MemberRow>(
        `select ${columns} from organizations.member where organization = $1 and email = $2`,
        [organization, email.trim().toLowerCase()],
      )
      return row && toMember(row)
    },

    async listMembers(organization, { cursor = '', limit = 50 } = {}) {
      const rows = await database.query<MemberRow>(
        `select ${columns} from organizations.member where organization = $1 and id > $2 order by id limit $3`,
        [organization, cursor, limit + 1],
      )
      return toPage(rows.map(toMember), limit, ({ id }) => id)
    },

    removeMember: (organization, id) =>
      database.transaction(async (tx) => {
        // Locked before its credentials are revoked: none can be made for it in between.
        const rows = await tx.query(
          'select 1 from organizations.member where organization = $1 and id = $2 for update',
          [organization, id],
        )
        if (rows.length === 0)
          throw problem('not_found', `“${organization}” has no member “${id.slice(0, 80)}”`)
        const revoked = await revoke(tx, { member: id }, new Date(clock.now()))
        await notify(
          tx,
          revoked.map((credential) => ({ kind: 'credential', id: credential })),
        )
        await tx.query('delete from organizations.member where id = $1', [id])
      }),
  }
}
