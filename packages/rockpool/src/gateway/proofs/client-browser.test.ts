import type { IncomingHttpHeaders, RequestListener, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Socket } from 'node:net'
import { readIdentity } from '@rockpool/sdk/wire'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserMissing, startBrowser, type TestBrowser } from '../../../test/support/browser.ts'
import { makeCertificate } from '../../../test/support/certificates.ts'
import {
  credential,
  organization,
  readAll,
  sandbox,
  service,
  temporaryFolder,
  testGateway,
  upstream,
} from '../../../test/support/gateway.ts'
import { routes } from '../../../test/support/gateway-client.ts'
import { socketEngines } from '../../../test/support/gateway-http2.ts'
import { echoMessages, switchAnswer } from '../../../test/support/websocket.ts'
import { silentLog } from '../../kernel/index.ts'
import type { EngineName } from '../engines/index.ts'
import { createListener } from '../engines/listening/listener.ts'

// Chromium as a client: a page that a service serves through the gateway, with fetch, EventSource and WebSocket.

const session = credential('session')

/** As a browser speaks: without TLS HTTP/1.1, by TLS HTTP/2, beside each of the engines. */
const ways: [engine: EngineName, protocol: 'http/1.1' | 'h2'][] = [
  ['node', 'http/1.1'],
  ['splice', 'http/1.1'],
  ['node', 'h2'],
  ['splice', 'h2'],
]

/** A page, what it posts, and events: a stream that breaks off after two and goes on where it was, and one without an end. */
function site(): RequestListener {
  const listening = new Set<ServerResponse>()
  return (request, response) => {
    const { url, headers } = request
    if (url === '/box/open') return void response.setHeader('content-type', 'text/html').end('<p>a page</p>')
    if (url === '/box/items?events') {
      const last = Number(headers['last-event-id'] ?? 0)
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      response.write('retry: 20\n\n')
      for (const id of [last + 1, last + 2]) response.write(`id: ${id}\ndata: event ${id}\n\n`)
      return void response.end()
    }
    if (url?.startsWith('/box/items?live') === true) {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      response.write('data: hello\n\n')
      listening.add(response)
      return void response.once('close', () => listening.delete(response))
    }
    if (url === '/box/items?tell') for (const other of listening) other.write('data: news\n\n')
    void readAll(request).then((body) => {
      const { method } = request
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ method, length: body.length, cookie: headers.cookie ?? null }))
    })
  }
}

describe.skipIf(browserMissing !== undefined)(`Chromium (${browserMissing ?? 'installed'})`, () => {
  let browser: TestBrowser
  beforeAll(async () => {
    browser = await startBrowser()
  })
  afterAll(() => browser?.close())

  describe.each(ways)('engine %s, %s', (engine, protocol) => {
    /** A page of somebody who is signed in; `handshakes`: headers of WebSockets at the service. */
    async function openPage() {
      const { url, server } = await upstream(site())
      const handshakes: IncomingHttpHeaders[] = []
      server.on('upgrade', ({ headers }, socket: Duplex) => {
        handshakes.push(headers)
        const asked = ['Upgrade', 'Sec-WebSocket-Key']
        socket.write(
          switchAnswer(asked.map((name) => `${name}: ${String(headers[name.toLowerCase()])}`).join('\r\n')),
        )
        echoMessages(socket as Socket)
      })
      const parts = {
        organizations: [organization('harbor'), sandbox('box')],
        credentials: [session],
        services: [service('site', { url, routes })],
      }
      const secure = protocol === 'h2'
      const tls = secure ? makeCertificate(temporaryFolder()) : undefined
      const gateway = await testGateway(engine, parts, {}, { secure }, (duties, limits = {}) =>
        createListener({
          duties,
          engine: socketEngines[engine](duties, limits),
          log: silentLog,
          limits,
          tls,
        }),
      )
      const context = await browser.open({ ignoreHTTPSErrors: secure })
      await context.addCookies([{ name: 'rockpool_session', value: session.text, url: gateway.url }])
      const page = await context.newPage()
      const opened = await page.goto(`${gateway.url}/box/open`)
      expect([opened?.status(), await page.textContent('p')]).toEqual([200, 'a page'])
      const key = () => gateway.signer.publicKey
      const identityOf = (headers: IncomingHttpHeaders) =>
        readIdentity(String(headers['rockpool-identity']), {
          audience: 'site',
          trust: ['gateway'],
          key,
          now: Date.now(),
        })
      return { page, handshakes, identityOf }
    }

    /** What the page and all that it loaded came by, as Chromium tells. */
    const protocolsOf = (page: Page) =>
      page.evaluate(() => [
        ...new Set(
          performance
            .getEntries()
            .flatMap((entry) => ('nextHopProtocol' in entry ? [String(entry.nextHopProtocol)] : [])),
        ),
      ])

    test('its fetch gets and posts as who is signed in, many at once', async () => {
      const { page } = await openPage()
      const told = await page.evaluate(async () => {
        const ask = async (index: number) => {
          const init = index % 2 === 0 ? { method: 'POST', body: new Blob(['x'.repeat(50_000)]) } : {}
          const response = await fetch(`/box/items?${index}`, init)
          return [response.status, await response.json()] as unknown
        }
        return Promise.all(Array.from({ length: 20 }, (_, index) => ask(index)))
      })
      const expected = (_: unknown, index: number) => [
        200,
        { method: index % 2 === 0 ? 'POST' : 'GET', length: index % 2 === 0 ? 50_000 : 0, cookie: null },
      ]
      expect(told).toEqual(Array.from({ length: 20 }, expected))
      expect(await protocolsOf(page)).toEqual([protocol])
    })

    test('its EventSource hears events, and goes on where it was when the stream breaks off', async () => {
      const { page } = await openPage()
      const heard = await page.evaluate(
        () =>
          new Promise<string[]>((resolve) => {
            const events: string[] = []
            const source = new EventSource('/box/items?events')
            source.addEventListener('message', ({ data }) => {
              events.push(data as string)
              if (events.length < 6) return
              source.close()
              resolve(events)
            })
          }),
      )
      expect(heard).toEqual([1, 2, 3, 4, 5, 6].map((id) => `event ${id}`))
    })

    test('its EventSources hear at once what is told while they listen', async () => {
      const { page } = await openPage()
      // A browser has six connections of HTTP/1.1 to a host, and one has to be left for what the page says.
      const count = protocol === 'h2' ? 20 : 5
      const heard = await page.evaluate(async (most) => {
        const sources = Array.from({ length: most }, (_, index) => new EventSource(`/box/items?live${index}`))
        const next = () =>
          Promise.all(
            sources.map(
              (source) =>
                new Promise<string>((resolve) => {
                  source.addEventListener('message', ({ data }) => resolve(data as string), { once: true })
                }),
            ),
          )
        const first = await next()
        const second = next()
        await fetch('/box/items?tell', { method: 'POST' })
        const all = [first, await second]
        for (const source of sources) source.close()
        return all
      }, count)
      expect(heard).toEqual(['hello', 'news'].map((data) => Array.from({ length: count }, () => data)))
      expect(await protocolsOf(page)).toEqual([protocol])
    })

    test('its WebSocket is opened as who is signed in, and says and hears texts and bytes', async () => {
      const { page, handshakes, identityOf } = await openPage()
      const heard = await page.evaluate(
        () =>
          new Promise<unknown[]>((resolve, reject) => {
            const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/box/items`)
            socket.binaryType = 'arraybuffer'
            const all: unknown[] = []
            socket.addEventListener('error', () => reject(new Error('not opened')))
            socket.addEventListener('open', () => {
              socket.send('hello, Größe')
              socket.send(new Uint8Array(300_000).fill(7))
            })
            socket.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => {
              if (typeof data === 'string') return all.push(data)
              const bytes = new Uint8Array(data)
              all.push([bytes.length, bytes.every((byte) => byte === 7)])
              socket.close(1000, 'done')
            })
            socket.addEventListener('close', ({ code, reason, wasClean }) =>
              resolve([...all, [code, reason, wasClean]]),
            )
          }),
      )
      expect(heard).toEqual(['hello, Größe', [300_000, true], [1000, 'done', true]])
      expect(handshakes.map((headers) => headers['cookie'])).toEqual([undefined])
      expect(identityOf(handshakes[0]!)).toMatchObject({
        ok: true,
        claims: { organization: 'box', environment: 'sandbox', actor: 'customer' },
      })
    })
  })
})
