import {
  problem,
  toPage,
  type Clock,
  type Database,
  type Listener,
  type Log,
  type Queryable,
  type Transaction,
} from '../kernel/index.ts'
import { insertNew, known } from './creation.ts'
import { selectChangedCredentials, selectGoneCredentials } from './credential-store.ts'
import { createCredentials, type Credentials } from './credentials.ts'
import { createMembers, type Members } from './members.ts'
import { createSigningKeys, type SigningKeys } from './signing-keys.ts'
import {
  channel,
  notify,
  selectChangedOrganizations,
  selectLiveOrganizations,
  selectLiving,
  selectOrganizations,
  updateOrganization,
} from './store.ts'
import { createTickets, type Tickets } from './tickets.ts'
import type {
  Change,
  Changes,
  Doubts,
  NewOrganization,
  Organization,
  OrganizationFilter,
  OrganizationStatus,
  Page,
  Snapshot,
} from './types.ts'

/*
 *   mutation ── one transaction: row + NOTIFY ──► commit ──► every listener (control, which tells the gateways)
 *                                                              a lost connection: `resync`, read everything anew
 */

/** Organizations, members, credentials and signing keys. Where `tx` is null, a mutation is its own transaction. */
export interface Organizations extends Members, Credentials, Tickets {
  readonly signingKeys: SigningKeys
  /** Creates it. `invalid_input` with all findings; `conflict` when the slug was ever given. */
  create(tx: Transaction | null, input: NewOrganization): Promise<Organization>
  /** Creates it, or brings its name up to date. `environment_fixed` when it exists with another environment. */
  ensure(input: NewOrganization): Promise<Organization>
  /** `organization_unknown` when there is none; deleted ones are still told. */
  get(slug: string): Promise<Organization>
  /** As it is, and stays until the transaction ends. `organization_unknown` when there is none. */
  hold(tx: Transaction, slug: string): Promise<Organization>
  list(filter?: OrganizationFilter): Promise<Page<Organization>>
  /** Which of these are active, as the transaction sees it. */
  living(tx: Queryable, slugs: readonly string[]): Promise<ReadonlySet<string>>
  /** Moves forward only. Deleted: all credentials that are its own, or allow it, are revoked with it. */
  setStatus(tx: Transaction | null, slug: string, status: OrganizationStatus): Promise<Organization>
  /** Calls the listener for each change of whatever process. Resolves once no further change can be missed. */
  onChange(listener: (change: Change) => void): Promise<Listener>
  /** All that gateways need, as of one moment. */
  snapshot(): Promise<Snapshot>
  /**
   * What of it was committed since a moment that an earlier call gave: exactly the rows of transactions which that call did
   * not see, however long they took, and those in doubt. Without `since`, or where it is ahead of this server (another one took
   * over, or a backup was restored): everything.
   */
  changes(since?: string, doubts?: Doubts): Promise<Changes>
}

export interface OrganizationsOptions {
  database: Database
  clock: Clock
  log: Log
}

export function createOrganizations({ database, clock, log }: OrganizationsOptions): Organizations {
  const within = <T>(tx: Transaction | null, work: (tx: Transaction) => Promise<T>): Promise<T> =>
    tx ? work(tx) : database.transaction(work)
  const signingKeys = createSigningKeys({ database, clock })
  const credentials = createCredentials({ database, clock })

  const atOneMoment = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    database.transaction(async (tx) => {
      await tx.query('set transaction isolation level repeatable read read only')
      return work(tx)
    })
  const everything = async (tx: Transaction): Promise<Snapshot> => ({
    organizations: await selectLiveOrganizations(tx),
    credentials: await credentials.usable(tx),
    keys: await signingKeys.list(tx),
  })

  const create = (tx: Transaction | null, input: NewOrganization) =>
    within(tx, async (inner) => {
      const created = await insertNew(inner, input)
      if (!created)
        throw problem(
          'conflict',
          `the slug “${input.slug}” is taken, or was once; a slug is never given twice`,
        )
      return created
    })

  return {
    ...createMembers({ database, clock }),
    ...credentials,
    ...createTickets({ database, clock }),
    signingKeys,
    create,

    ensure: (input) =>
      database.transaction(async (tx) => {
        const created = await insertNew(tx, input)
        if (created) return created
        const found = await known(tx, input.slug, 'for update')
        if (found.environment !== input.environment || found.parent !== (input.parent ?? null)) {
          const is = `${found.environment}${found.parent ? ` of “${found.parent}”` : ''}`
          const wanted = `${input.environment}${input.parent ? ` of “${input.parent}”` : ''}`
          throw problem(
            'environment_fixed',
            `organization “${input.slug}” is ${is} for ever and cannot become ${wanted}`,
          )
        }
        if (found.status !== 'active')
          throw problem('organization_deleted', `organization “${input.slug}” is ${found.status}`)
        const name = input.name.trim()
        if (found.name === name) return found
        await notify(tx, [{ kind: 'organization', slug: input.slug }])
        return updateOrganization(tx, input.slug, { name, status: found.status })
      }),

    get: (slug) => known(database, slug),
    // Shared: many may hold it at once, and its status waits for all of them.
    hold: (tx, slug) => known(tx, slug, 'for share'),

    async list(filter = {}) {
      const limit = filter.limit ?? 50
      return toPage(await selectOrganizations(database, { ...filter, limit }), limit, ({ slug }) => slug)
    },

    living: (tx, slugs) => selectLiving(tx, slugs),

    setStatus: (tx, slug, status) =>
      within(tx, async (inner) => {
        const found = await known(inner, slug, 'for update')
        if (found.status === status) return found
        const order: OrganizationStatus[] = ['active', 'deleting', 'deleted']
        if (order.indexOf(status) < order.indexOf(found.status)) {
          throw problem(
            'organization_deleted',
            `organization “${slug}” is ${found.status} and cannot become ${status} again`,
          )
        }
        if (status === 'deleted') await credentials.revokeWhere(inner, { organization: slug })
        await notify(inner, [{ kind: 'organization', slug }])
        return updateOrganization(inner, slug, { name: found.name, status })
      }),

    onChange: (listener) =>
      database.listen(
        channel,
        (payload) => listener(parseChange(payload)),
        () => {
          log.info('listening to changes of organizations again')
          listener({ kind: 'resync' })
        },
      ),

    snapshot: () => atOneMoment(everything),

    changes: (since, doubts = { organizations: [], credentials: [] }) =>
      atOneMoment(async (tx) => {
        const { moment, follows } = await tx.one<{ moment: string; follows: boolean }>(
          `select pg_current_snapshot()::text as moment,
             coalesce(pg_snapshot_xmax($1::pg_snapshot) <= pg_snapshot_xmax(pg_current_snapshot()), false) as follows`,
          [since ?? null],
        )
        if (since === undefined || !follows)
          return { moment, whole: true, ...(await everything(tx)), gone: [] }
        return {
          moment,
          whole: false,
          organizations: await selectChangedOrganizations(tx, since, doubts.organizations),
          credentials: await selectChangedCredentials(tx, since, doubts.credentials),
          gone: await selectGoneCredentials(tx, since, doubts.credentials),
          // Few, and some leave by time alone.
          keys: await signingKeys.list(tx),
        }
      }),
  }
}

function parseChange(payload: string): Change {
  try {
    return JSON.parse(payload) as Change
  } catch {
    // From someone else's NOTIFY: reading everything anew is always right.
    return { kind: 'resync' }
  }
}
