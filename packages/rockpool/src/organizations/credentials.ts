import {
  newCredential,
  parseCredential,
  problem,
  sha256Hex,
  toPage,
  type Clock,
  type Database,
  type Queryable,
  type Transaction,
} from '../kernel/index.ts'
import {
  findById,
  findBySha256,
  insertCredential,
  revoke,
  selectCredentials,
  selectUsableCredentials,
  updateLastUsed,
} from './credential-store.ts'
import { checkNewCredential } from './rules.ts'
import { findOrganization, notify } from './store.ts'
import type {
  CreatedCredential,
  Credential,
  CredentialFilter,
  NewCredentialInput,
  Page,
  PageRequest,
  RevokeFilter,
} from './types.ts'

export interface Credentials {
  /**
   * Makes a credential; its text is in the answer and nowhere else. `environment_mismatch` when kind, environment and
   * organization contradict each other; `invalid_input` with all findings when its kind cannot bind what is given.
   */
  createCredential(tx: Transaction | null, input: NewCredentialInput): Promise<CreatedCredential>
  getCredential(id: string): Promise<Credential>
  listCredentials(filter?: CredentialFilter, db?: Queryable): Promise<Page<Credential>>
  /** Revokes it, at once and for ever; again is no error. `not_found` when there is none. */
  revokeCredential(id: string): Promise<Credential>
  /** How many it revoked. */
  revokeWhere(tx: Transaction | null, filter: RevokeFilter): Promise<number>
  /** By its text; also one that is revoked or has ended: see `credentialState`. */
  findCredential(text: string): Promise<Credential | undefined>
  /** Keeps when credentials were last used, by id; unknown ids are passed over. */
  touch(lastUsed: ReadonlyMap<string, Date>): Promise<void>
  /** Those of the data plane that count now. */
  usable(db?: Queryable): Promise<Credential[]>
  /** The same in pages, in the order they were made. */
  usablePage(page: PageRequest): Promise<Page<Credential>>
}

/** Refuses by the rules, then writes it down and tells it; within the transaction of what it belongs to. */
export async function makeCredential(
  tx: Transaction,
  input: NewCredentialInput,
  now: Date,
): Promise<CreatedCredential> {
  checkNewCredential(input)
  const { text, sha256, hint } = newCredential(input.kind)
  await checkOrganizations(tx, input)
  const credential = await insertCredential(tx, input, { sha256, hint, now })
  await notify(tx, [changed(credential.id)])
  return { credential, text }
}

export function createCredentials({ database, clock }: { database: Database; clock: Clock }): Credentials {
  const now = () => new Date(clock.now())
  const within = <T>(tx: Transaction | null, work: (tx: Transaction) => Promise<T>): Promise<T> =>
    tx ? work(tx) : database.transaction(work)

  const getCredential = async (id: string) => {
    const found = await findById(database, id)
    if (!found) throw problem('not_found', `there is no credential “${id.slice(0, 80)}”`)
    return found
  }

  return {
    createCredential: async (tx, input) => {
      checkNewCredential(input)
      return within(tx, (inner) => makeCredential(inner, input, now()))
    },

    getCredential,

    async listCredentials(filter = {}, db = database) {
      const limit = filter.limit ?? 50
      return toPage(await selectCredentials(db, { ...filter, limit, now: now() }), limit, ({ id }) => id)
    },

    async revokeCredential(id) {
      await database.transaction(async (tx) => notify(tx, (await revoke(tx, { id }, now())).map(changed)))
      return getCredential(id)
    },

    revokeWhere: (tx, filter) =>
      within(tx, async (inner) => {
        const ids = await revoke(inner, filter, now())
        await notify(inner, ids.map(changed))
        return ids.length
      }),

    async findCredential(text) {
      return parseCredential(text) ? findBySha256(database, sha256Hex(text)) : undefined
    },

    async touch(lastUsed) {
      if (lastUsed.size > 0) await updateLastUsed(database, lastUsed)
    },

    usable: (db = database) => selectUsableCredentials(db, now()),

    async usablePage({ cursor, limit = 50 }) {
      return toPage(await selectUsableCredentials(database, now(), { cursor, limit }), limit, ({ id }) => id)
    },
  }
}

const changed = (id: string) => ({ kind: 'credential', id }) as const

/** What the credential would touch exists, is not on its way out, and is what the credential says it is. */
export async function checkOrganizations(tx: Transaction, input: NewCredentialInput): Promise<void> {
  const { allows, kind } = input
  const allowed =
    'organization' in allows ? allows.organization : 'sandboxesOf' in allows ? allows.sandboxesOf : null
  for (const slug of new Set([allowed, input.organization ?? null])) {
    if (slug === null) continue
    // Shared: it cannot begin to be deleted before this credential is there to be revoked.
    const found = await findOrganization(tx, slug, 'for share')
    if (!found) throw problem('organization_unknown', `there is no organization “${slug.slice(0, 80)}”`)
    if (found.status !== 'active')
      throw problem('organization_deleted', `organization “${slug}” is ${found.status}`)
    if (slug !== allowed) continue
    if ('sandboxesOf' in allows) {
      if (found.parent !== null)
        throw problem('environment_mismatch', `“${slug}” is a sandbox, and has none of its own`)
    } else if (found.environment !== input.environment) {
      const wanted =
        kind === 'live' || kind === 'sandbox'
          ? `a ${kind} key`
          : `a ${kind} credential for ${input.environment}`
      throw problem(
        'environment_mismatch',
        `“${slug}” is a ${found.environment} organization: ${wanted} cannot be made for it` +
          (kind === 'sandbox' ? ', but one for all its sandboxes can (--all-sandboxes)' : ''),
      )
    } else if (input.run && !input.grant && found.environment === 'production') {
      throw problem(
        'organization_not_allowed',
        `a run touches the production organization “${slug}” only by a grant`,
      )
    }
  }
}
