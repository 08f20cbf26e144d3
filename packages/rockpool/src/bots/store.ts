import type { Queryable } from '../kernel/index.ts'

/** One bot's runs are counted and begun one after the other, whoever asks. */
export async function lockBot(tx: Queryable, bot: string): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('rockpool.bots ' || $1, 0))`, [bot])
}

/** Runs that began since; times in milliseconds since 1970. */
export async function selectSlices(
  db: Queryable,
  bot: string,
  since: Date,
): Promise<{ run: string; at: number; slice: number; endedAt: number | null }[]> {
  const rows = await db.query<{ run: string; at: Date; slice: number; endedAt: Date | null }>(
    `select run, started_at as at, slice, ended_at as "endedAt"
       from bots.run where bot = $1 and started_at > $2 and slice > 0`,
    [bot, since],
  )
  return rows.map((row) => ({ ...row, at: row.at.getTime(), endedAt: row.endedAt?.getTime() ?? null }))
}

/** False: it has its slice already. */
export async function insertRun(
  db: Queryable,
  run: { run: string; bot: string; organization: string; slice: number; now: Date },
): Promise<boolean> {
  const rows = await db.query(
    `insert into bots.run (run, bot, organization, slice, started_at) values ($1, $2, $3, $4, $5)
       on conflict (run) do nothing returning run`,
    [run.run, run.bot, run.organization, run.slice, run.now],
  )
  return rows.length > 0
}

export interface BotRun {
  run: string
  bot: string
  slice: number
  isEnded: boolean
}

export async function selectRun(db: Queryable, run: string): Promise<BotRun | undefined> {
  const [row] = await db.query<BotRun>(
    'select run, bot, slice, ended_at is not null as "isEnded" from bots.run where run = $1',
    [run],
  )
  return row
}

export async function endRun(
  db: Queryable,
  ended: { run: string; now: Date; isSettled: boolean },
): Promise<void> {
  await db.query(
    `update bots.run set ended_at = $2, settled_at = case when $3 then $2::timestamptz end
       where run = $1 and ended_at is null`,
    [ended.run, ended.now, ended.isSettled],
  )
}

/** Ended runs that may have left something, by their bot. */
export async function selectUnsettled(
  db: Queryable,
  bots: readonly string[],
): Promise<{ run: string; bot: string; endedAt: Date }[]> {
  return db.query(
    `select run, bot, ended_at as "endedAt" from bots.run
       where settled_at is null and ended_at is not null and bot = any($1::text[]) order by started_at`,
    [bots],
  )
}

/** Ids of entries of these runs that were put back. */
export async function selectPutBack(db: Queryable, runs: readonly string[]): Promise<string[]> {
  const rows = await db.query<{ entry: string }>(
    'select entry from bots.put_back where run = any($1::text[])',
    [runs],
  )
  return rows.map(({ entry }) => entry)
}

export async function insertPutBack(
  db: Queryable,
  put: { entry: string; run: string; byRun: string; now: Date },
): Promise<void> {
  await db.query(
    'insert into bots.put_back (entry, run, by_run, at) values ($1, $2, $3, $4) on conflict (entry) do nothing',
    [put.entry, put.run, put.byRun, put.now],
  )
}

export async function settleRuns(db: Queryable, runs: readonly string[], now: Date): Promise<void> {
  if (runs.length === 0) return
  await db.query(
    'update bots.run set settled_at = $2 where run = any($1::text[]) and settled_at is null and ended_at is not null',
    [runs, now],
  )
}

/** Settled ones that no budget counts any more. */
export async function deleteSettled(db: Queryable, bot: string, before: Date): Promise<void> {
  await db.query('delete from bots.run where bot = $1 and settled_at < $2', [bot, before])
}
