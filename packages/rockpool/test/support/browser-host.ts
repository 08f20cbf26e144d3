import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createBrowserHost } from '../../src/checks/browser/host.ts'
import type { BrowserHost } from '../../src/checks/browser/host.ts'

export interface Site {
  /** With the host name that was asked for. */
  url: string
  requests: { url: string; headers: IncomingMessage['headers'] }[]
  close(): Promise<void>
}

/** A server on a loopback name: `localhost` and `127.0.0.1` are different sites for a browser's cookies. */
export async function createSite(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  name = '127.0.0.1',
): Promise<Site> {
  const requests: Site['requests'] = []
  const server = createServer((request, response) => {
    requests.push({ url: request.url ?? '', headers: request.headers })
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, name, resolve))
  return {
    url: `http://${name}:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

export const sessionCookie = 'rp_session_0123456789abcdef'

/** Answers the gateway's own sign-in as it does; true: it was that. */
export function signsIn(request: IncomingMessage, response: ServerResponse): boolean {
  const url = new URL(request.url ?? '/', 'http://gateway')
  if (url.pathname !== '/.rockpool/sign-in') return false
  const right = url.searchParams.get('ticket') === 'rp_ticket_right'
  response
    .writeHead(
      right ? 303 : 403,
      right
        ? { location: '/', 'set-cookie': `rockpool_session=${sessionCookie}; HttpOnly; SameSite=Lax; Path=/` }
        : {},
    )
    .end()
  return true
}

export interface TestHost {
  host: BrowserHost
  artifacts: Map<string, Buffer>
}

/** The parent's side of an attempt's browser, with a control that only remembers. */
export function createTestHost(options: { ticket?: string; environment?: NodeJS.ProcessEnv } = {}): TestHost {
  const artifacts = new Map<string, Buffer>()
  const host = createBrowserHost({
    control: {
      browserTicket: () => Promise.resolve(options.ticket ?? 'rp_ticket_right'),
      putArtifact: (_, name, bytes) => Promise.resolve(void artifacts.set(name, Buffer.from(bytes))),
    },
    run: 'run_1',
    organization: 'harbor-test',
    ...(options.environment ? { environment: options.environment } : {}),
  })
  return { host, artifacts }
}

/** Pids of the processes whose command line names this; dead ones that nobody has waited for have none. */
export function processesOf(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text)
      } catch {
        return false
      }
    })
    .map(Number)
}
