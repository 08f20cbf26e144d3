import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { ApiServer } from './types.ts'

/** How long a close waits for what is under way; streams to the gateways would never end by themselves. */
const graceMs = 2_000

/** `fetch` answers each request; `onClose` is called before the server stops. */
export async function listen(
  fetch: (request: Request) => Response | Promise<Response>,
  { host = '127.0.0.1', port }: { host?: string; port: number },
  onClose: () => Promise<void>,
): Promise<ApiServer> {
  const server = createAdaptorServer({ fetch, createServer }) as Server
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const { port: actual } = server.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}`,
    port: actual,
    async close() {
      await onClose()
      await new Promise<void>((resolve) => {
        const grace = setTimeout(() => server.closeAllConnections(), graceMs)
        server.close(() => {
          clearTimeout(grace)
          resolve()
        })
        server.closeIdleConnections()
      })
    },
  }
}
