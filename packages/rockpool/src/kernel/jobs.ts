import type { Log } from './log.ts'

/** The queue of work that must not be forgotten; a job is taken by one worker, and again if that worker dies. */
export interface Jobs {
  /** Makes sure the queue exists. `expireInSeconds`: a job taken for longer is given to another worker. */
  queue(name: string, options: { expireInSeconds: number; retryLimit: number }): Promise<void>
  /** Puts a job; with `singletonKey` none is put while another with that key waits or runs. True if it was put. */
  put(queue: string, data: object, options?: { singletonKey?: string }): Promise<boolean>
  /** Works on jobs of the queue, `concurrency` at a time, until it is stopped or the jobs are closed. */
  work<Data>(
    queue: string,
    options: { concurrency: number },
    handle: (data: Data, signal: AbortSignal) => Promise<void>,
  ): Promise<Work>
  close(): Promise<void>
}

/** Work on a queue that is going on. */
export interface Work {
  /** Takes no further job; resolves when those in hand are done. */
  stop(): Promise<void>
}

/** pg-boss in the schema `pgboss`; NOTIFY wakes workers within milliseconds, polling is the floor. */
export async function createJobs(options: { url: string; log: Log }): Promise<Jobs> {
  const { url, log } = options
  // Loaded by who has work to do: a gateway has none, and spares 6 MB.
  const { PgBoss } = await import('pg-boss')
  const boss = new PgBoss({
    connectionString: url,
    application_name: 'rockpool jobs',
    schema: 'pgboss',
    max: 4,
    useListenNotify: true,
  })
  boss.on('error', (error: Error) => log.warn({ error: error.message }, 'the job queue met an error'))
  await boss.start()

  return {
    async queue(name, { expireInSeconds, retryLimit }) {
      await boss.createQueue(name, {
        policy: 'exclusive',
        notify: true,
        expireInSeconds,
        retryLimit,
        retryDelay: 1,
      })
    },
    async put(queue, data, { singletonKey } = {}) {
      const id = await boss.send(queue, data, singletonKey ? { singletonKey } : {})
      return id !== null
    },
    async work(queue, { concurrency }, handle) {
      const id = await boss.work(
        queue,
        {
          batchSize: 1,
          localConcurrency: concurrency,
          pollingIntervalSeconds: 2,
          notifyPollingIntervalSeconds: 2,
        },
        async (jobs) => {
          for (const job of jobs) await handle(job.data as never, job.signal)
        },
      )
      return { stop: () => boss.offWork(queue, { id, wait: true }) }
    },
    close: () => boss.stop({ graceful: true, timeout: 5_000, close: true }),
  }
}
