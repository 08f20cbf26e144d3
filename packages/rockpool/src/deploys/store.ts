import { problem, type Queryable } from '../kernel/index.ts'
import type { DesiredState, Observation, Service, ServiceKind } from './types.ts'

export const channel = 'rockpool_services'

const columns = `name, kind, desired, desired_by as "desiredBy", generation, state, reason, url, pid,
  to_char(since at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as since, observed_generation as "observedGeneration"`

export function selectServices(db: Queryable): Promise<Service[]> {
  return db.query<Service>(`select ${columns} from deploys.service order by name`)
}

/** `not_found` when there is none. */
export async function selectService(db: Queryable, name: string): Promise<Service> {
  const [service] = await db.query<Service>(`select ${columns} from deploys.service where name = $1`, [name])
  if (!service) throw problem('not_found', `there is no service “${name.slice(0, 80)}”`)
  return service
}

/** Makes the rows be these: what somebody asked for stays, what is no longer configured goes. */
export async function replaceServices(
  db: Queryable,
  declared: readonly { name: string; kind: ServiceKind }[],
): Promise<void> {
  const names = declared.map(({ name }) => name)
  const kinds = declared.map(({ kind }) => kind)
  await db.query(`delete from deploys.service where name <> all($1::text[])`, [names])
  await db.query(
    `insert into deploys.service (name, kind) select * from unnest($1::text[], $2::text[])
       on conflict (name) do update set kind = excluded.kind where service.kind <> excluded.kind`,
    [names, kinds],
  )
  await notify(db, '')
}

export async function updateDesired(
  db: Queryable,
  name: string,
  change: { desired: DesiredState; by: string | null; restart: boolean },
): Promise<void> {
  await db.query(
    `update deploys.service set desired = $2, desired_by = $3, generation = generation + $4 where name = $1`,
    [name, change.desired, change.by, change.restart ? 1 : 0],
  )
  await notify(db, name)
}

export async function updateObserved(db: Queryable, name: string, seen: Observation): Promise<void> {
  const changed = await db.query(
    `update deploys.service set state = $2, reason = $3, url = $4, pid = $5, since = $6, observed_generation = $7
      where name = $1
        and (state, reason, url, pid, since, observed_generation) is distinct from ($2, $3, $4, $5::int, $6::timestamptz, $7::bigint)
      returning name`,
    [name, seen.state, seen.reason, seen.url, seen.pid, seen.since, seen.observedGeneration],
  )
  if (changed.length > 0) await notify(db, name)
}

export async function forgetObserved(db: Queryable): Promise<void> {
  await db.query(
    `update deploys.service set state = default, reason = default, url = default, pid = default, since = default,
        observed_generation = default where observed_generation > 0 or state <> 'stopped' or url is not null`,
  )
  await notify(db, '')
}

async function notify(db: Queryable, name: string): Promise<void> {
  await db.query(`select pg_notify('${channel}', $1)`, [name])
}
