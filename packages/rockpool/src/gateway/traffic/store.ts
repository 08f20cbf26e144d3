import { toPage, type Database, type Queryable } from '../../kernel/index.ts'
import { requestsIn } from './cells.ts'
import type { SummaryRow } from './summary.ts'
import type { AccessRecord, Cell, Sample, SampleKind, Shipment } from './types.ts'

/** Takes a shipment, once: one that came before changes nothing, and is no error. */
export async function keepShipment(database: Database, shipment: Shipment, at: Date): Promise<void> {
  await database.transaction(async (tx) => {
    const came = await tx.query(
      `insert into gateway.traffic_source as s (source, number, told, kept, at) values ($1, $2, $3, $4, $5)
       on conflict (source) do update set number = excluded.number, told = excluded.told,
           kept = s.kept + excluded.kept, at = excluded.at
         where s.number < excluded.number
       returning 1`,
      [shipment.source, shipment.number, shipment.told, requestsIn(shipment.cells), at],
    )
    if (came.length === 0) return
    await addCells(tx, shipment.cells)
    await addSamples(tx, shipment.samples)
  })
}

/** In one order everywhere: two controls that take shipments at once must not wait for each other in a circle. */
async function addCells(tx: Queryable, cells: readonly Cell[]): Promise<void> {
  if (cells.length === 0) return
  const values = [JSON.stringify(cells)]
  const given = `jsonb_to_recordset($1) as c (minute text, service text, organization text, environment text, actor text,
      inside boolean, method text, path text, class text, bands jsonb)`
  await tx.query(
    `insert into gateway.traffic_key (service, organization, environment, actor, inside, method, path, class)
     select distinct service, organization, environment, actor, inside, method, path, class from ${given}
      order by 1, 2, 3, 4, 5, 6, 7, 8
     on conflict do nothing`,
    values,
  )
  await tx.query(
    `with cells as materialized (
       select (c.minute || 'Z')::timestamptz as minute, k.id as key, c.bands
         from ${given}
         join gateway.traffic_key k
           on (k.service, k.organization, k.environment, k.actor, k.path) is not distinct from
              (c.service, c.organization, c.environment, c.actor, c.path)
          and (k.inside, k.method, k.class) = (c.inside, c.method, c.class)
     ), minutes as (
       insert into gateway.traffic as t (minute, key, bands, counts)
       select minute, key,
              array(select (b ->> 0)::smallint from jsonb_array_elements(bands) with ordinality as p (b, place) order by place),
              array(select (b ->> 1)::integer from jsonb_array_elements(bands) with ordinality as p (b, place) order by place)
         from cells
        order by 1, 2
       ${addBands('minute')}
     ), quarters as (
       select date_bin('15 minutes', minute, 'epoch') as quarter, key, (b ->> 0)::smallint as band,
              sum((b ->> 1)::integer)::integer as count
         from cells, jsonb_array_elements(bands) as b
        group by 1, 2, 3
     )
     insert into gateway.traffic_quarter as t (quarter, key, bands, counts)
     select quarter, key, array_agg(band order by band), array_agg(count order by band)
       from quarters
      group by 1, 2
      order by 1, 2
     ${addBands('quarter')}`,
    values,
  )
}

/** What comes on top of what is there already. */
const addBands = (time: 'minute' | 'quarter') => `on conflict (${time}, key) do update
  set (bands, counts) = (select a.bands, a.counts from gateway.add_bands(t.bands, t.counts, excluded.bands, excluded.counts) a)`

async function addSamples(tx: Queryable, samples: readonly Sample[]): Promise<void> {
  if (samples.length === 0) return
  const rows = samples.map(
    ({ kind, request, time, service, organization, parent, environment, actor, run, status, ...record }) => ({
      id: request,
      kind,
      at: time,
      service,
      organization,
      parent,
      environment,
      actor,
      run,
      status,
      record,
    }),
  )
  await tx.query(
    `insert into gateway.traffic_request (id, kind, at, service, organization, parent, environment, actor, run, status, record)
     select * from jsonb_to_recordset($1) as r (id text, kind text, at timestamptz, service text, organization text,
       parent text, environment text, actor text, run text, status integer, record jsonb)
      order by id
     on conflict do nothing`,
    [JSON.stringify(rows)],
  )
}

export interface SummaryQuery {
  from: Date
  to: Date
  /** One row for each so many seconds. */
  stepS: number
  /** Of this organization and its sandboxes; undefined: all. */
  organization: string | undefined
  service: string | undefined
  environment: string | undefined
}

const quarterS = 15 * 60

/**
 * Bands of every cell of a time, added up by key before anything is looked up: there are few keys, and many cells.
 * `step` is what they are added up by besides, of the time of a cell. Where each step is whole quarters of an hour, so
 * are its ends, and the cells of quarters say the same in a fifteenth of the rows.
 */
const added = ({ stepS }: SummaryQuery, step: (time: string) => string) => {
  const [table, time] = stepS % quarterS === 0 ? ['traffic_quarter', 't.quarter'] : ['traffic', 't.minute']
  return `with wanted as (
    select id from gateway.traffic_key
     where ($3::text is null or organization = $3) and ($4::text is null or service = $4)
       and ($5::text is null or environment = $5)
  ), added as (
    select t.key, ${step(time)} as at, b.band, sum(b.count) as count
      from gateway.${table} t, unnest(t.bands, t.counts) as b (band, count)
     where ${time} >= $1 and ${time} < $2 and t.key in (select id from wanted)
     group by 1, 2, 3
  )`
}

/** Added up by everything but the route; `at` null: over the whole time. */
export async function selectTotals(database: Queryable, query: SummaryQuery): Promise<SummaryRow[]> {
  return database.query<SummaryRow>(
    `${added(query, () => 'null::float8')}
     select a.at, k.service, k.environment, k.actor, k.inside, k.class, a.band, sum(a.count)::bigint as count
       from added a join gateway.traffic_key k on k.id = a.key
      group by 1, 2, 3, 4, 5, 6, 7`,
    valuesOf(query),
  )
}

/** Added up by the step, for a chart; `at` in milliseconds since 1970. */
export async function selectSeries(database: Queryable, query: SummaryQuery): Promise<SummaryRow[]> {
  return database.query<SummaryRow>(
    `${added(query, (time) => `date_bin(make_interval(secs => $6), ${time}, $1)`)}
     select (extract(epoch from a.at) * 1000)::float8 as at, null as service, k.environment, k.actor, k.inside, k.class,
            a.band, sum(a.count)::bigint as count
       from added a join gateway.traffic_key k on k.id = a.key
      where not k.inside
      group by a.at, k.environment, k.actor, k.inside, k.class, a.band`,
    [...valuesOf(query), query.stepS],
  )
}

const valuesOf = ({ from, to, organization, service, environment }: SummaryQuery) => [
  from,
  to,
  organization ?? null,
  service ?? null,
  environment ?? null,
]

/** When gateways last told something, what they told in all, and what of it is here. */
export async function selectReconciled(
  database: Queryable,
  from: Date,
): Promise<{ at: Date; told: number; kept: number } | null> {
  const [row] = await database.query<{ at: Date | null; told: number; kept: number }>(
    `select max(at) as at, coalesce(sum(told), 0)::bigint as told, coalesce(sum(kept), 0)::bigint as kept
       from gateway.traffic_source where at >= $1`,
    [from],
  )
  return row?.at ? { at: row.at, told: row.told, kept: row.kept } : null
}

/** One request as it was kept. */
export type KeptRequest = Omit<AccessRecord, 'time' | 'request'> & {
  id: string
  at: string
  kind: SampleKind
}

export interface RequestFilter {
  organization?: string | undefined
  service?: string | undefined
  environment?: string | undefined
  status?: 'failed' | 'refused' | undefined
  side?: 'customers' | 'own' | undefined
  run?: string | undefined
  /** ISO 8601; they began in this time. */
  from?: string | undefined
  to?: string | undefined
  cursor?: string | undefined
  limit: number
}

const requestColumns = `id, kind, to_char(at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, service,
  organization, parent, environment, actor, run, status, record`

type RequestRow = Pick<KeptRequest, 'id' | 'kind' | 'at'> & { record: object }

export async function selectRequests(database: Queryable, filter: RequestFilter) {
  const rows = await database.query<RequestRow>(
    `select ${requestColumns} from gateway.traffic_request
      where ($1::text is null or $1 in (organization, parent))
        and ($2::text is null or service = $2) and ($3::text is null or environment = $3)
        and ($4::text is null or kind = $4)
        and ($5::text is null or $5 = case when environment is distinct from 'sandbox'
               and coalesce(actor, 'anonymous') in ('customer', 'anonymous', 'service') then 'customers' else 'own' end)
        and ($6::text is null or run = $6) and ($7::text is null or id < $7)
        and ($8::timestamptz is null or at >= $8) and ($9::timestamptz is null or at < $9)
      order by id desc limit $10`,
    [
      filter.organization,
      filter.service,
      filter.environment,
      filter.status,
      filter.side,
      filter.run,
      filter.cursor,
      filter.from,
      filter.to,
      filter.limit + 1,
    ],
  )
  const { items, next } = toPage(rows, filter.limit, ({ id }) => id)
  return { items: items.map(whole), next }
}

export async function selectRequest(database: Queryable, id: string): Promise<KeptRequest | undefined> {
  const [row] = await database.query<RequestRow>(
    `select ${requestColumns} from gateway.traffic_request where id = $1`,
    [id],
  )
  return row && whole(row)
}

function whole({ record, ...row }: RequestRow): KeptRequest {
  return { ...record, ...row } as KeptRequest
}

/** How many whole requests of each kind are kept at most. */
export const mostKept: Readonly<Record<SampleKind, number>> = {
  failed: 20_000,
  refused: 10_000,
  rest: 10_000,
}

/** Takes away what is older, and the oldest requests of a kind that has too many. */
export async function forget(database: Queryable, before: Date): Promise<void> {
  await database.query('delete from gateway.traffic where minute < $1', [before])
  // Only once all of its minutes are.
  await database.query(
    `delete from gateway.traffic_quarter where quarter < $1::timestamptz - interval '15 minutes'`,
    [before],
  )
  await database.query('delete from gateway.traffic_source where at < $1', [before])
  await database.query('delete from gateway.traffic_request where at < $1', [before])
  for (const [kind, most] of Object.entries(mostKept)) {
    await database.query(
      `delete from gateway.traffic_request where kind = $1 and id <=
         (select id from gateway.traffic_request where kind = $1 order by id desc offset $2 limit 1)`,
      [kind, most],
    )
  }
  await database.query(
    `delete from gateway.traffic_key k
      where not exists (select 1 from gateway.traffic_quarter t where t.key = k.id)
        and not exists (select 1 from gateway.traffic t where t.key = k.id)`,
  )
}
