import type { Socket } from 'node:net'
import type { Duties, EngineLimits } from '../engine.ts'
import type { Http2Server } from './server.ts'

export interface LateHttp2 extends Http2Server {
  load(): Promise<void>
}

/**
 * HTTP/2, loaded with the first connection that speaks it unless it was before: with it comes a whole client of HTTP towards
 * services, and a gateway whose clients speak HTTP/1.1 alone keeps none of that in its memory.
 */
export function createLateHttp2(duties: Duties, limits: Partial<EngineLimits> = {}): LateHttp2 {
  let loading: Promise<Http2Server> | undefined
  let server: Http2Server | undefined
  let isRetiring = false

  async function create(): Promise<Http2Server> {
    const { createHttp2Server } = await import('./server.ts')
    server = createHttp2Server(duties, limits)
    if (isRetiring) server.retire()
    return server
  }

  async function serveLate(socket: Socket): Promise<void> {
    // Nobody else listens yet.
    socket.on('error', ignore)
    loading ??= create()
    const loaded = await loading
    socket.off('error', ignore)
    if (!socket.destroyed) loaded.serve(socket)
  }

  return {
    async load() {
      loading ??= create()
      await loading
    },
    serve(socket) {
      if (server === undefined) void serveLate(socket)
      else server.serve(socket)
    },
    forget: async (origin) => server?.forget(origin),
    retire() {
      isRetiring = true
      server?.retire()
    },
    async close(graceMs) {
      const loaded = await loading
      await loaded?.close(graceMs)
    },
  }
}

const ignore = () => {}
