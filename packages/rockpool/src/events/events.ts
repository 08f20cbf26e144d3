import { randomUUIDv7 } from 'node:crypto'
import { problem } from '../kernel/index.ts'
import type { Clock, Database, Transaction } from '../kernel/index.ts'
import { registerConsumers } from './consumer-store.ts'
import { holdLog } from './source-store.ts'
import {
  barrierState,
  countRows,
  deleteRows,
  readConsumers,
  readDelivery,
  readHeld,
  readHead,
  readSources,
} from './event-store.ts'
import type { BarrierOptions, Events, NewEvent } from './types.ts'

export interface EventsOptions {
  /** Rockpool's own database. */
  database: Database
  clock: Clock
}

/** The log as every part sees it: publish, ask how far consumers are, erase. The relay does the moving. */
export function createEvents({ database, clock }: EventsOptions): Events {
  async function append(tx: Transaction, { type, key, identity, data }: NewEvent): Promise<string> {
    const id = randomUUIDv7()
    const { organization, environment, actor, run } = identity
    await tx.query(
      `with counter as (
         insert into events.outbox_key as k (organization, key, number) values ($2, $7, 1)
         on conflict (organization, key) do update set number = k.number + 1 returning number
       )
       insert into events.outbox (id, organization, environment, actor, run, type, key, number, data)
       select $1, $2, $3, $4, $5, $6, $7, counter.number, $8::jsonb from counter`,
      [id, organization, environment, actor, run ?? null, type, key, JSON.stringify(data)],
    )
    await tx.query(`select pg_notify('rockpool_events', 'outbox')`)
    return id
  }

  /*
   *   call ──► time t ──► wake all relays ──► every source was read to its end by a reading begun after t
   *                                            └──► the log's end is h ──► the consumer is past h
   */
  async function barrier(
    consumer: string,
    { deadline = 5_000, organization }: BarrierOptions = {},
  ): Promise<void> {
    const end = clock.now() + deadline
    const { at } = await database.one<{ at: string }>(
      `select clock_timestamp()::text as at, pg_notify('rockpool_events', 'barrier')`,
    )
    let target: number | undefined
    for (let pause = 5; ; pause = Math.min(pause * 2, 50)) {
      const state = await barrierState(database, consumer, at)
      if (!state) throw problem('not_found', `there is no consumer “${consumer}”`)
      if (state.behind.length === 0) target ??= state.head
      if (target !== undefined && state.position >= target) {
        const [stuck] =
          organization === undefined ? [] : await readHeld(database, { consumer, organization, limit: 1 })
        if (!stuck) return
        const why = stuck.error ? `: ${stuck.error.message}` : ''
        throw problem(
          'deadline_exceeded',
          `${consumer} could not apply the event ${stuck.id} (${stuck.type})${why}`,
          {
            extra: { consumer, held: stuck },
          },
        )
      }
      if (clock.now() + pause > end) {
        const why = state.error ? `: ${state.error}` : ''
        const which =
          target === undefined
            ? `the outbox of ${state.behind.map(({ name, error }) => (error ? `${name} (${error})` : name)).join(', ')} was not read to its end`
            : `${consumer} is behind the end of the log${why}`
        throw problem('deadline_exceeded', `${which} within ${deadline} ms`, { extra: { consumer } })
      }
      await clock.sleep(pause)
    }
  }

  return {
    registerConsumer: (name, types) => registerConsumers(database, [{ name, types }], false),
    append,
    head: () => readHead(database),
    async passed(consumer, position, organization) {
      const row = await database.one<{ passed: boolean }>(
        `select c.position >= $2 and not exists (
             select from events.held h
              where h.consumer = c.name and h.position <= $2 and h.organization = coalesce($3, h.organization)) as passed
           from events.consumer c where c.name = $1`,
        [consumer, position, organization ?? null],
      )
      return row.passed
    },
    delivery: (id) => readDelivery(database, id),
    barrier,
    held: (filter = {}) => readHeld(database, filter),
    consumers: () => readConsumers(database),
    sources: () => readSources(database),
    count: (organization) => countRows(database, organization),
    async eraseOrganization(tx, organization) {
      // Whoever appends asks while holding the log whether the organization is gone: after this nothing comes any more.
      await holdLog(tx)
      return deleteRows(tx, organization)
    },
  }
}
