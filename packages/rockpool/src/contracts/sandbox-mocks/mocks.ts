import { newId, problem } from '../../kernel/index.ts'
import type { Clock, Database, Listener, Transaction } from '../../kernel/index.ts'
import type { Organizations } from '../../organizations/index.ts'
import type { Asking, SandboxMock, VersionRoute } from './types.ts'

/** Which services are answered for by mocks, in which sandboxes. */
export interface SandboxMocks {
  /**
   * Has a contract answer for a service from now on, instead of what was asked for before; the same again changes nothing.
   * `organization_unknown`, `environment_mismatch` in production, `organization_deleted`, `conflict` when there are too many;
   * `invalid_input` for a version that has more routes than gateways keep of one.
   */
  ask(asking: Asking): Promise<SandboxMock>
  /** Of one sandbox, or of all; by sandbox and service. */
  list(organization?: string): Promise<SandboxMock[]>
  /** The service answers again. `not_found`. */
  end(organization: string, service: string): Promise<void>
  /** What leads to the mocks that answer by this contract; undefined: none does, or the service's own routes do. */
  routes(address: string): Promise<VersionRoute[] | undefined>
  /** The text of a contract that one of them answers by; undefined: none does. */
  contract(address: string): Promise<string | undefined>
  /** For deletions (`OwnData` of the sandboxes part). */
  count(organization: string): Promise<{ table: string; rows: number }[]>
  erase(tx: Transaction, organization: string): Promise<void>
  /** Calls the listener when something changed, or may have. */
  onChange(listener: () => void): Promise<Listener>
}

/** Of all sandboxes together: gateways and the role that answers keep them in memory. */
const mostMocks = 500
/** Of routes as JSON: of one version, and of all that are mocked. Each gateway keeps them, ready, in some ten times that. */
const mostRouteBytes = 1024 * 1024
const mostRouteBytesInAll = 8 * 1024 * 1024

const columns =
  'id, organization, service, address, version, seed, asked_by as "askedBy", asked_at as "askedAt"'
type Row = Omit<SandboxMock, 'askedAt'> & { askedAt: Date }

export function createSandboxMocks({
  database,
  organizations,
  clock,
}: {
  database: Database
  organizations: Pick<Organizations, 'hold'>
  clock: Clock
}): SandboxMocks {
  return {
    async ask({ organization, service, address, version, seed, askedBy, routes }) {
      const text = JSON.stringify(routes)
      const bytes = Buffer.byteLength(text)
      if (bytes > mostRouteBytes)
        throw problem(
          'invalid_input',
          `${service} ${version} has ${routes.length} operations: the list of their routes has ${bytes} bytes, and gateways keep ${mostRouteBytes} of one that is mocked`,
        )
      return database.transaction(async (tx) => {
        // From here to the commit it cannot begin to be deleted: its deletion finds this row, or this finds it deleted.
        requireSandbox(await organizations.hold(tx, organization))
        // One at a time: otherwise each of many would see few.
        await tx.query(`select pg_advisory_xact_lock(hashtextextended('rockpool.sandbox-mocks', 0))`)
        const [same] = await tx.query<Row>(
          `select ${columns} from contracts.sandbox_mock where organization = $1 and service = $2
              and address = $3 and version = $4 and seed = $5 and routes is not null`,
          [organization, service, address, version, seed],
        )
        if (same !== undefined) return toMock(same)
        await requireRoom(tx, { organization, service })
        await requireRoomForRoutes(tx, { organization, service, address, bytes })
        const row = await tx.one<Row>(
          `insert into contracts.sandbox_mock
             (id, organization, service, address, version, seed, asked_by, asked_at, routes, route_bytes)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
           on conflict (organization, service) do update set id = excluded.id, address = excluded.address,
             version = excluded.version, seed = excluded.seed, asked_by = excluded.asked_by, asked_at = excluded.asked_at,
             routes = excluded.routes, route_bytes = excluded.route_bytes
           returning ${columns}`,
          [
            newId('mck'),
            organization,
            service,
            address,
            version,
            seed,
            askedBy,
            new Date(clock.now()),
            text,
            bytes,
          ],
        )
        return toMock(row)
      })
    },

    async list(organization) {
      const rows = await database.query<Row>(
        `select ${columns} from contracts.sandbox_mock
          where ($1::text is null or organization = $1) order by organization, service`,
        [organization],
      )
      return rows.map(toMock)
    },

    async end(organization, service) {
      const gone = await database.query(
        'delete from contracts.sandbox_mock where organization = $1 and service = $2 returning 1',
        [organization, service],
      )
      if (gone.length === 0)
        throw problem('not_found', `no mock answers for “${service.slice(0, 80)}” in “${organization}”`)
    },

    async routes(address) {
      const [found] = await database.query<{ routes: VersionRoute[] }>(
        'select routes from contracts.sandbox_mock where address = $1 and routes is not null limit 1',
        [address],
      )
      return found?.routes
    },

    async contract(address) {
      const [found] = await database.query<{ bundle: string }>(
        `select bundle from contracts.contract c
          where address = $1 and exists (select from contracts.sandbox_mock m where m.address = c.address)`,
        [address],
      )
      return found?.bundle
    },

    async count(organization) {
      const { rows } = await database.one<{ rows: number }>(
        'select count(*)::int as rows from contracts.sandbox_mock where organization = $1',
        [organization],
      )
      return [{ table: 'contracts.sandbox_mock', rows }]
    },

    async erase(tx, organization) {
      await tx.query('delete from contracts.sandbox_mock where organization = $1', [organization])
    },

    onChange: (listener) =>
      database.listen(
        'rockpool_changes',
        (topic) => {
          if (topic === 'mocks') listener()
        },
        listener,
      ),
  }
}

function requireSandbox({ slug, environment, status }: Awaited<ReturnType<Organizations['hold']>>): void {
  if (environment !== 'sandbox')
    throw problem(
      'environment_mismatch',
      `“${slug}” is ${environment}, and mocks answer in sandboxes alone: make one with rockpool sandbox create --organization ${slug}`,
    )
  if (status !== 'active')
    throw problem('organization_deleted', `“${slug}” is ${status}: mocks answer in sandboxes that are active`)
}

type Place = Pick<SandboxMock, 'organization' | 'service'>

/** Room for one more, but for the one that it is in the place of. */
async function requireRoom(tx: Transaction, { organization, service }: Place): Promise<void> {
  const { count } = await tx.one<{ count: number }>(
    'select count(*)::int as count from contracts.sandbox_mock where (organization, service) <> ($1, $2)',
    [organization, service],
  )
  if (count >= mostMocks)
    throw problem(
      'conflict',
      `${count} mocks answer in sandboxes already: turn some off, or delete sandboxes`,
    )
}

/** Each version counts once, for gateways keep its routes once, in however many sandboxes it is mocked. */
async function requireRoomForRoutes(
  tx: Transaction,
  { organization, service, address, bytes }: Place & { address: string; bytes: number },
): Promise<void> {
  const { kept } = await tx.one<{ kept: number }>(
    `select coalesce(sum(bytes), 0)::int as kept from (
       select max(route_bytes) as bytes from contracts.sandbox_mock
        where (organization, service) <> ($1, $2) and (service, address) <> ($2, $3) group by service, address
     ) each_version`,
    [organization, service, address],
  )
  if (kept + bytes > mostRouteBytesInAll)
    throw problem(
      'conflict',
      `the versions that are mocked in sandboxes have more routes than gateways keep (${mostRouteBytesInAll} bytes): turn some off, or delete sandboxes`,
    )
}

function toMock({ askedAt, ...row }: Row): SandboxMock {
  return { ...row, askedAt: askedAt.toISOString() }
}
