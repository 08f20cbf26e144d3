import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { loadSecret } from '../../src/kernel/index.ts'

/*
 * Months of runs, for the pages that have to stay quick with them. They are written into the embedded Postgres of an
 * installation, since to make them by runs would take hours: a seed, not a proof.
 */

/** Adds `count` finished runs of the checks that the installation knows, a minute apart, one in fifty of them failing. */
export async function seedRuns(data: string, count: number): Promise<void> {
  const secret = await loadSecret(data, {})
  const lines = (await readFile(join(data, 'postgres/data/postmaster.pid'), 'utf8')).split('\n')
  const password = encodeURIComponent(secret.derive('database/rockpool'))
  const client = new pg.Client({
    connectionString: `postgres://rockpool:${password}@127.0.0.1:${lines[3]}/rockpool`,
  })
  await client.connect()
  try {
    await client.query(
      `insert into checks.run (id, check_name, trigger, parent, ttl, started_at, lease_until, ended_at, ended_by, verdict, ms,
                               attempts, cleaned_at)
       select 'run_0190aaaa-0000-7000-8000-' || lpad(to_hex(n), 12, '0'), names.name, 'command', 'harbor', 3600000,
              at, at, at + interval '1 second', 'runner', case when n % 50 = 0 then 'fail' else 'pass' end, 900 + n % 700,
              '[]', at
         from generate_series(1, $1::integer) as n
         cross join lateral (select now() - make_interval(mins => $1 - n + 10) as at) as times
         join (select name, row_number() over (order by name) - 1 as place, count(*) over () as all_of_them
                 from checks.definition) as names on names.place = n % names.all_of_them
        order by n`,
      [count],
    )
    await client.query('analyze checks.run')
  } finally {
    await client.end()
  }
}
