import { EventEmitter, once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'

/** Says whom the caller works for, as the code under test knows it. */
export type Look = (n: number) => void

// Shared by all requests, as a service's own emitters and queues are.
const shared = new EventEmitter()
shared.setMaxListeners(0)

/**
 * Work of a request by everything that may lose or swap a context: awaits, timers, immediates, microtasks, a shared
 * emitter, two pools of few connections (by promise and by callback), a transaction; one in five fails in the end.
 */
export async function mixedWork(n: number, look: Look, pools: readonly pg.Pool[]): Promise<void> {
  const seen = (): void => look(n)
  const steps: (() => Promise<unknown>)[] = [
    () => pause(Math.random() * 5),
    () => new Promise((resolve) => setImmediate(resolve)),
    () => new Promise((resolve) => queueMicrotask(() => (seen(), resolve(undefined)))),
    () => new Promise((resolve) => setTimeout(() => (seen(), resolve(undefined)), Math.random() * 3)),
    () => emitted(n, seen),
    ...pools.flatMap((pool) => [
      () => queried(pool, seen),
      () => calledBack(pool, seen),
      () => transacted(pool, seen),
    ]),
  ]
  seen()
  for (const step of shuffled(steps)) {
    await step()
    seen()
  }
  await Promise.all(
    shuffled(steps)
      .slice(0, 3)
      .map(async (step) => step().then(seen)),
  )
  if (n % 5 === 0) throw new Error(`request ${n} fails on purpose`)
}

async function emitted(n: number, seen: () => void): Promise<void> {
  const answer = once(shared, `answer-${n}`)
  setTimeout(() => shared.emit(`answer-${n}`), Math.random() * 2)
  await answer
  seen()
}

async function queried(pool: pg.Pool, seen: () => void): Promise<void> {
  await pool.query('select pg_sleep(random() * 0.002)')
  seen()
}

function calledBack(pool: pg.Pool, seen: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    pool.query('select 1', (error) => {
      seen()
      if (error) reject(error)
      else resolve()
    })
  })
}

function transacted(pool: pg.Pool, seen: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    pool.connect((error, client, release) => {
      seen()
      if (!client) return reject(error ?? new Error('no client'))
      client.query('begin', () => {
        seen()
        client.query('commit', (failed) => {
          seen()
          release()
          if (failed) reject(failed)
          else resolve()
        })
      })
    })
  })
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item)
}
