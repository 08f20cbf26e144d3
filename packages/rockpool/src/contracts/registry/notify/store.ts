import { newId } from '../../../kernel/index.ts'
import type { Queryable, Transaction } from '../../../kernel/index.ts'
import type { Notice } from '../types.ts'
import type { Delivery } from './types.ts'

/** Told when there is something to send. */
export const channel = 'rockpool_contract_deliveries'

/** A delivery as JSON, for a query that has it as `d`; null: the notice is sent nowhere. `toDelivery` reads it. */
export const deliveryJson = `case when d.notice is not null then json_build_object('attempts', d.attempts, 'toldAt', d.told_at,
  'givenUpAt', d.given_up_at, 'nextAt', d.next_at, 'failure', d.failure, 'failedAt', d.failed_at) end`

export type DeliveryRow = Omit<Delivery, 'state'> & { givenUpAt: string | null }

export function toDelivery({ givenUpAt, ...row }: DeliveryRow): Delivery {
  const iso = (time: string | null) => (time === null ? null : new Date(time).toISOString())
  return {
    state: row.toldAt !== null ? 'told' : givenUpAt === null ? 'waiting' : 'given up',
    attempts: row.attempts,
    toldAt: iso(row.toldAt),
    nextAt: iso(row.nextAt),
    failure: row.failure,
    failedAt: iso(row.failedAt),
  }
}

/** With the notices, in their transaction: what is committed is sent. */
export async function insertDeliveries(
  tx: Transaction,
  notices: readonly { notice: number; watcher: string }[],
  at: Date,
): Promise<void> {
  if (notices.length === 0) return
  await tx.query(
    `insert into contracts.delivery (notice, watcher, message, next_at)
     select notice, watcher, message, $4 from unnest($1::bigint[], $2::text[], $3::text[]) as n (notice, watcher, message)`,
    [
      notices.map(({ notice }) => notice),
      notices.map(({ watcher }) => watcher),
      notices.map(() => newId('ntc')),
      at,
    ],
  )
  await wake(tx)
}

/** Where the watcher is told is new: what waits for it begins anew, now. */
export async function hurryDeliveries(tx: Transaction, watcher: string, at: Date): Promise<void> {
  await tx.query(
    'update contracts.delivery set next_at = $2, attempts = 0, failure = null, failed_at = null where watcher = $1 and next_at is not null',
    [watcher, at],
  )
  await wake(tx)
}

const wake = (db: Queryable) => db.query(`select pg_notify('${channel}', '')`)

export interface Due {
  notice: number
  watcher: string
  origin: string
}

/**
 * What could be sent now, the longest due first: of a watcher one that nobody is at, of an origin so many at most, for one
 * that does not answer shall not keep others waiting.
 */
export function selectDue(db: Queryable, now: Date, mostOfOrigin: number): Promise<Due[]> {
  return db.query<Due>(
    `with free as (
       select distinct on (d.watcher) d.notice, d.watcher, d.next_at, w.origin
         from contracts.delivery d join contracts.watcher w on w.id = d.watcher
        where d.next_at <= $1 and not exists (
          select from contracts.delivery busy where busy.watcher = d.watcher and busy.leased_until > $1)
        order by d.watcher, d.next_at, d.notice),
     placed as (select *, row_number() over (partition by origin order by next_at, notice) as place from free)
     select notice, watcher, origin from placed where place <= $2 order by next_at, notice`,
    [now, mostOfOrigin],
  )
}

/** Takes those of them that nobody else has taken meanwhile; an attempt of each has begun. */
export async function claimDeliveries(
  db: Queryable,
  claim: { notices: readonly number[]; sender: string; now: Date; until: Date },
): Promise<number[]> {
  const rows = await db.query<{ notice: number }>(
    `update contracts.delivery set sender = $2, leased_until = $4, attempts = attempts + 1
      where notice in (
        select notice from contracts.delivery
         where notice = any($1::bigint[]) and next_at <= $3 and (leased_until is null or leased_until <= $3)
           for update skip locked)
      returning notice`,
    [claim.notices, claim.sender, claim.now, claim.until],
  )
  return rows.map(({ notice }) => notice)
}

/** All that an attempt needs. */
export interface Sendable extends Omit<Notice, 'delivery' | 'watcher'> {
  message: string
  attempts: number
  watcher: { id: string; consumer: string | null; isGone: boolean; sealed: Buffer }
}

/** Undefined: nobody watches any more. */
export async function selectSendable(db: Queryable, notice: number): Promise<Sendable | undefined> {
  const [row] = await db.query<
    Omit<Sendable, 'watcher'> & {
      watcher: string
      consumer: string | null
      isGone: boolean
      sealed: Buffer
    }
  >(
    `select n.id, d.message, d.attempts, n.base, n.counts, n.differences, w.id as watcher, w.consumer,
            w.gone_at is not null as "isGone", w.sealed,
            json_build_object('service', p.service, 'address', p.address, 'name', p.name, 'pushedBy', p.pushed_by,
              'pushedAt', p.pushed_at) as push
       from contracts.delivery d join contracts.notice n on n.id = d.notice
       join contracts.watcher w on w.id = n.watcher join contracts.push p on p.id = n.push
      where d.notice = $1`,
    [notice],
  )
  if (row === undefined) return undefined
  const { watcher, consumer, isGone, sealed, push, ...rest } = row
  return {
    ...rest,
    push: { ...push, pushedAt: new Date(push.pushedAt).toISOString() },
    watcher: { id: watcher, consumer, isGone, sealed },
  }
}

/** It arrived, whoever holds it by now: it is never sent again. */
export async function setTold(db: Queryable, notice: number, at: Date): Promise<void> {
  await db.query(
    `update contracts.delivery set told_at = $2, next_at = null, given_up_at = null, sender = null, leased_until = null
      where notice = $1 and told_at is null`,
    [notice, at],
  )
}

/** It did not arrive; `nextAt` null: it is given up. Only of who still holds it. */
export async function setFailed(
  db: Queryable,
  failed: { notice: number; sender: string; failure: string; at: Date; nextAt: Date | null },
): Promise<void> {
  await db.query(
    `update contracts.delivery set failure = $3, failed_at = $4, next_at = $5, sender = null, leased_until = null,
        given_up_at = case when $5::timestamptz is null then $4::timestamptz end
      where notice = $1 and sender = $2 and next_at is not null`,
    [failed.notice, failed.sender, failed.failure, failed.at, failed.nextAt],
  )
}

/**
 * Nothing is sent to the watcher any more, and what waits is given up. False: it is told elsewhere by now, and nothing
 * changed. `sealed`: of the address that answered so.
 */
export async function setGone(
  tx: Transaction,
  gone: { watcher: string; sealed: Buffer; failure: string; at: Date },
): Promise<boolean> {
  const rows = await tx.query(
    `update contracts.watcher set gone_at = coalesce(gone_at, $3) where id = $1 and sealed = $2 returning 1`,
    [gone.watcher, gone.sealed, gone.at],
  )
  if (rows.length === 0) return false
  await tx.query(
    `update contracts.delivery set given_up_at = $2, next_at = null, failure = $3, failed_at = $2, sender = null,
        leased_until = null
      where watcher = $1 and next_at is not null`,
    [gone.watcher, gone.at, gone.failure],
  )
  return true
}

/** Gives back what a sender holds and does not bring to its end: another one sends it. */
export async function releaseDelivery(db: Queryable, notice: number, sender: string): Promise<void> {
  await db.query(
    'update contracts.delivery set sender = null, leased_until = null where notice = $1 and sender = $2',
    [notice, sender],
  )
  await wake(db)
}
