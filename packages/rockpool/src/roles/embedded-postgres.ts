import { join } from 'node:path'
import { messageOf, startPostgres } from '../kernel/index.ts'
import type { Log, PostgresServer } from '../kernel/index.ts'

/** A Postgres that `rockpool up` looks after. */
export interface KeptPostgres {
  url: string
  version: string
  port: number
  close(): Promise<void>
}

/**
 * Starts the embedded Postgres of the data folder, and starts it again, on the same port, whenever it ends unasked:
 * everything that uses it reconnects by itself.
 */
export async function keepEmbeddedPostgres(options: {
  folder: string
  password: string
  log: Log
}): Promise<KeptPostgres> {
  const { folder, password, log } = options
  const start = (port?: number) =>
    startPostgres({ folder: join(folder, 'postgres'), password, log, port: port ?? 5432 })
  let closing = false
  let server: PostgresServer = await start()
  const { url, version, port } = server

  const watch = async () => {
    for (;;) {
      await server.ended
      if (closing) return
      log.error('PostgreSQL ended unasked: starting it again')
      server = await startAgain()
    }
  }
  const startAgain = async (): Promise<PostgresServer> => {
    for (let pause = 200; ; pause = Math.min(pause * 2, 5_000)) {
      try {
        const next = await start(port)
        if (next.port === port && !closing) return next
        await next.stop()
        if (closing) return server
        log.warn({ port }, 'the port of PostgreSQL is taken: waiting for it')
      } catch (error) {
        log.error({ error: messageOf(error) }, 'PostgreSQL does not start')
      }
      if (closing) return server
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }
  const watching = watch()

  return {
    url,
    version,
    port,
    async close() {
      closing = true
      await server.stop()
      await watching
    },
  }
}
