import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { freshDatabase } from '../../test/support/database.ts'
import { createJobs } from './jobs.ts'
import type { Jobs } from './jobs.ts'
import { silentLog } from './log.ts'

let fresh: Awaited<ReturnType<typeof freshDatabase>>
let jobs: Jobs
beforeAll(async () => {
  fresh = await freshDatabase()
  jobs = await createJobs({ url: fresh.url, log: silentLog })
})
afterAll(async () => {
  await jobs.close()
  await fresh.drop()
})

test('a job is done once, a second with its key is not put while the first waits or runs, and it may come again after', async () => {
  await jobs.queue('greet', { expireInSeconds: 60, retryLimit: 2 })
  expect(await jobs.put('greet', { name: 'a' }, { singletonKey: 'a' })).toBe(true)
  expect(await jobs.put('greet', { name: 'a' }, { singletonKey: 'a' })).toBe(false)
  expect(await jobs.put('greet', { name: 'b' }, { singletonKey: 'b' })).toBe(true)
  const done: string[] = []
  await jobs.work<{ name: string }>('greet', { concurrency: 2 }, async ({ name }) => void done.push(name))
  await vi.waitFor(() => expect(done.toSorted()).toEqual(['a', 'b']), { timeout: 10_000 })
  await vi.waitFor(
    async () => expect(await jobs.put('greet', { name: 'a' }, { singletonKey: 'a' })).toBe(true),
    { timeout: 10_000 },
  )
  await vi.waitFor(() => expect(done).toHaveLength(3), { timeout: 10_000 })
})

test('a job whose work fails is tried again', async () => {
  await jobs.queue('shaky', { expireInSeconds: 60, retryLimit: 2 })
  let attempts = 0
  await jobs.work('shaky', { concurrency: 1 }, async () => {
    attempts += 1
    if (attempts === 1) throw new Error('first')
  })
  await jobs.put('shaky', {})
  await vi.waitFor(() => expect(attempts).toBe(2), { timeout: 15_000 })
})
