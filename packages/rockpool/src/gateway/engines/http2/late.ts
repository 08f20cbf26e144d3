import type { Socket } from 'node:net'
import type { Log } from '../../../kernel/index.ts'
import type { Duties, EngineLimits } from '../engine.ts'
import type { createHttp2Server, Http2Server } from './server.ts'

export interface LateHttp2 extends Http2Server {
  /** Rejects where it cannot be loaded; who comes next tries again. */
  load(): Promise<void>
}

export interface LateOptions {
  log: Pick<Log, 'error'>
  limits?: Partial<EngineLimits>
  /** Tests have their own. */
  importServer?: () => Promise<typeof createHttp2Server>
}

/**
 * HTTP/2, loaded with the first connection that speaks it unless it was before: with it comes a whole client of HTTP towards
 * services, and a gateway whose clients speak HTTP/1.1 alone keeps none of that in its memory. Where that fails (no file
 * may be opened, or its files are not there any more), the connections that waited for it are closed, and nothing else is.
 */
export function createLateHttp2(
  duties: Duties,
  { log, limits = {}, importServer = importHttp2Server }: LateOptions,
): LateHttp2 {
  let loading: Promise<Http2Server> | undefined
  let server: Http2Server | undefined
  let isRetiring = false
  let isTold = false

  async function create(): Promise<Http2Server> {
    const createServer = await importServer()
    server = createServer(duties, limits)
    if (isRetiring) server.retire()
    return server
  }

  function load(): Promise<Http2Server> {
    loading ??= create().catch((error: unknown) => {
      loading = undefined
      throw error
    })
    return loading
  }

  async function serveLate(socket: Socket): Promise<void> {
    // Nobody else listens yet.
    socket.on('error', ignore)
    const loaded = await load().catch(tell)
    if (loaded === undefined) return void socket.destroy()
    socket.off('error', ignore)
    if (!socket.destroyed) loaded.serve(socket)
  }

  function tell(error: unknown): undefined {
    if (isTold) return
    isTold = true
    log.error({ err: error }, 'HTTP/2 cannot be loaded: connections that speak it are closed')
  }

  return {
    load: async () => void (await load()),
    serve(socket) {
      if (server !== undefined) server.serve(socket)
      else if (isRetiring && loading === undefined) socket.destroy()
      else void serveLate(socket)
    },
    forget: async (origin) => server?.forget(origin),
    retire() {
      isRetiring = true
      server?.retire()
    },
    async close(graceMs) {
      isRetiring = true
      const loaded = await loading?.catch(() => undefined)
      await loaded?.close(graceMs)
    },
  }
}

const importHttp2Server = async () => (await import('./server.ts')).createHttp2Server

const ignore = () => {}
