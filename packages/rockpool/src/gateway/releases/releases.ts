import { newId, problem } from '../../kernel/index.ts'
import type { Clock, Database, Finding, Listener, Queryable, Transaction } from '../../kernel/index.ts'
import type { PlacedService, SnapshotRelease, SnapshotService } from '../types.ts'

/*
 *   put, weigh, drain, remove ──► gateway.release ── NOTIFY ──► publisher ──► every gateway chooses by it
 *                                                                                    │ of what drains nothing is left
 *                                        may be stopped ◄── drained.ts ◄── report ───┘
 */

export interface PublishedRelease extends SnapshotRelease {
  service: string
}

export interface Release extends PublishedRelease {
  /** When the drain began, ISO 8601; null: it runs. */
  drainSince: string | null
  /** The member, or the credential, that added it, and that changed it last. ISO 8601. */
  createdBy: string
  createdAt: string
  changedBy: string
  changedAt: string
}

/** What is known of a service elsewhere, and who changes its releases. */
export interface Change {
  /** The service's own origin, which takes the calls where no release has a weight; null: it does not run. */
  own: string | null
  /** The member, or the credential. */
  by: string
}

/**
 * Versions of services that run beside each other. Whether there is such a service is the caller's to know. What would leave
 * nobody to take its calls, or send them to what is being drained, is a `conflict`.
 */
export interface Releases {
  /**
   * Says that it runs at this origin and has this weight. Of one that drains it ends the drain. `conflict` when it runs
   * elsewhere (a release does not move), another one is there, or the service has too many.
   */
  put(
    release: { service: string; name: string; url: string; weight: number },
    change: Change,
  ): Promise<Release>
  /** Of all services, or of one, by name. */
  list(service?: string): Promise<Release[]>
  /**
   * Sets several weights of a service at once; what is not named keeps its own. `invalid_input` with all findings when one
   * is not there, or drains.
   */
  weigh(service: string, weights: Readonly<Record<string, number>>, change: Change): Promise<Release[]>
  /** Weight 0, and chosen by nobody any more. Of one that drains it changes nothing. `not_found`. */
  drain(service: string, name: string, change: Change): Promise<Release>
  /** Takes it out. `conflict` when this is not the drain that it is in. */
  remove(service: string, name: string, drain: string): Promise<void>
  /**
   * Takes it out at once where nothing is to be drained: its address is the service's own, which goes on to take all calls.
   * False: that is not so, and nothing was changed.
   */
  removeInPlace(service: string, name: string, own: string | null): Promise<boolean>
  /** Calls the listener when something changed, or may have. */
  onChange(listener: () => void): Promise<Listener>
}

/** As many breakers as a service has room for (limits/limits.ts), with some to spare. */
const mostReleases = 10

const columns = `service, name, url, weight, drain, drain_since as "drainSince", created_by as "createdBy",
  created_at as "createdAt", changed_by as "changedBy", changed_at as "changedAt"`

type Row = Omit<Release, 'drainSince' | 'createdAt' | 'changedAt'> & {
  drainSince: Date | null
  createdAt: Date
  changedAt: Date
}

export function createReleases({ database, clock }: { database: Database; clock: Clock }): Releases {
  const now = () => new Date(clock.now())

  /** One at a time for each service: weights are of each other. */
  const within = <T>(service: string, work: (tx: Transaction) => Promise<T>): Promise<T> =>
    database.transaction(async (tx) => {
      await tx.query(`select pg_advisory_xact_lock(hashtextextended('rockpool.releases ' || $1, 0))`, [
        service,
      ])
      return work(tx)
    })

  return {
    put: ({ service, name, url, weight }, { own, by }) =>
      within(service, async (tx) => {
        const all = await select(tx, service)
        const others = all.filter((release) => release.name !== name)
        const before = all.find((release) => release.name === name)
        const there = others.find((release) => release.url === url)
        if (there !== undefined)
          throw problem('conflict', `release ${there.name} of ${service} is at ${url} already`)
        if (before !== undefined && before.url !== url)
          throw problem(
            'conflict',
            `release ${name} of ${service} is at ${before.url}, and a release does not move: remove it first, or add the other under a name of its own`,
          )
        if (before === undefined && others.length >= mostReleases)
          throw problem('conflict', `${service} has ${others.length} releases already: remove one first`)
        requireTaker(service, all, [...others, { weight, url, drain: null }], own)
        const [row] = await tx.query<Row>(
          `insert into gateway.release (service, name, url, weight, created_by, created_at, changed_by, changed_at)
           values ($1, $2, $3, $4, $5, $6, $5, $6)
           on conflict (service, name) do update set weight = $4, drain = null, drain_since = null,
             changed_by = $5, changed_at = $6
           returning ${columns}`,
          [service, name, url, weight, by, now()],
        )
        return toRelease(row!)
      }),

    list: (service) => select(database, service),

    weigh: (service, weights, { own, by }) =>
      within(service, async (tx) => {
        const all = await select(tx, service)
        const there = new Map(all.map((release) => [release.name, release]))
        const findings = Object.keys(weights).flatMap((name): Finding[] => {
          const release = there.get(name)
          const path = `weights.${name}`
          if (release === undefined)
            return [
              { path, message: `${service} has no such release; there are: ${[...there.keys()].join(', ')}` },
            ]
          if (release.drain === null) return []
          return [{ path, message: 'it is being drained: add it again to have it take calls' }]
        })
        if (findings.length > 0) throw problem('invalid_input', 'the weights cannot be set', { findings })
        const after = all.map((release) => ({ ...release, weight: weights[release.name] ?? release.weight }))
        requireTaker(service, all, after, own)
        await tx.query(
          `update gateway.release set weight = given.weight, changed_by = $4, changed_at = $5
             from unnest($2::text[], $3::integer[]) as given (name, weight)
            where service = $1 and release.name = given.name and release.weight <> given.weight`,
          [service, Object.keys(weights), Object.values(weights), by, now()],
        )
        return select(tx, service)
      }),

    drain: (service, name, { own, by }) =>
      within(service, async (tx) => {
        const all = await select(tx, service)
        const before = all.find((release) => release.name === name) ?? unknown(service)
        if (before.drain !== null) return before
        const others = all.filter((release) => release.name !== name)
        requireTaker(service, all, [...others, { url: before.url, weight: 0, drain: '' }], own)
        const [row] = await tx.query<Row>(
          `update gateway.release set weight = 0, drain = $3, drain_since = $5, changed_by = $4, changed_at = $5
            where service = $1 and name = $2 returning ${columns}`,
          [service, name, newId('drn'), by, now()],
        )
        return toRelease(row!)
      }),

    remove: (service, name, drain) =>
      within(service, async (tx) => {
        const gone = await tx.query(
          'delete from gateway.release where service = $1 and name = $2 and drain = $3 returning 1',
          [service, name, drain],
        )
        if (gone.length === 0)
          throw problem(
            'conflict',
            `somebody had release ${name} of ${service} take calls again: it is not removed`,
          )
      }),

    removeInPlace: (service, name, own) =>
      within(service, async (tx) => {
        const all = await select(tx, service)
        const found = all.find((release) => release.name === name) ?? unknown(service)
        const isTaken = all.some((release) => release.name !== name && release.weight > 0)
        if (found.url !== own || isTaken) return false
        await tx.query('delete from gateway.release where service = $1 and name = $2', [service, name])
        return true
      }),

    onChange: (listener) =>
      database.listen(
        'rockpool_changes',
        (topic) => {
          if (topic === 'services') listener()
        },
        listener,
      ),
  }
}

/** The services as gateways get them. Pure. */
export function withReleases(
  services: readonly PlacedService[],
  releases: readonly PublishedRelease[],
): SnapshotService[] {
  const byService = Map.groupBy(releases, ({ service }) => service)
  return services.map((service) => ({
    ...service,
    releases: (byService.get(service.name) ?? []).map(({ name, url, weight, drain }) => ({
      name,
      url,
      weight,
      drain,
    })),
  }))
}

async function select(db: Queryable, service?: string): Promise<Release[]> {
  const rows = await db.query<Row>(
    `select ${columns} from gateway.release where $1::text is null or service = $1 order by service, name collate "C"`,
    [service ?? null],
  )
  return rows.map(toRelease)
}

type Weighed = Pick<Release, 'url' | 'weight' | 'drain'>

/** Where no release has a weight, the service's own address takes the calls: there must be one, and none that drains. */
function requireTaker(
  service: string,
  before: readonly Weighed[],
  after: readonly Weighed[],
  own: string | null,
): void {
  if (after.some(({ weight }) => weight > 0)) return
  const isDrained = after.some(({ drain, url }) => drain !== null && url === own)
  const hadTaker = before.some(({ weight }) => weight > 0)
  if (!isDrained && (own !== null || !hadTaker)) return
  throw problem(
    'conflict',
    `nothing else would take the calls of ${service}: give another of its releases a weight first`,
  )
}

function unknown(service: string): never {
  throw problem('not_found', `${service} has no such release`)
}

function toRelease({ drainSince, createdAt, changedAt, ...row }: Row): Release {
  return {
    ...row,
    drainSince: drainSince?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
    changedAt: changedAt.toISOString(),
  }
}
