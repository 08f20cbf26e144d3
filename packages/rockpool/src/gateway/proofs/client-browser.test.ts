import type { RequestListener } from 'node:http'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserMissing, startBrowser, type TestBrowser } from '../../../test/support/browser.ts'
import {
  credential,
  organization,
  readAll,
  sandbox,
  service,
  testGateway,
  upstream,
} from '../../../test/support/gateway.ts'
import { routes } from '../../../test/support/gateway-client.ts'
import { engines, type EngineName } from '../engines/index.ts'

// Chromium as a client: a page that a service serves through the gateway, with fetch and EventSource.

const session = credential('session')

/** A page, what it posts, and a stream of events that breaks off after two and goes on where it was. */
const site: RequestListener = (request, response) => {
  const { url, headers } = request
  if (url === '/box/open') return void response.setHeader('content-type', 'text/html').end('<p>a page</p>')
  if (url === '/box/items?events') {
    const last = Number(headers['last-event-id'] ?? 0)
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    response.write('retry: 20\n\n')
    for (const id of [last + 1, last + 2]) response.write(`id: ${id}\ndata: event ${id}\n\n`)
    return void response.end()
  }
  void readAll(request).then((body) => {
    const { method } = request
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ method, length: body.length, cookie: headers.cookie ?? null }))
  })
}

describe.skipIf(browserMissing !== undefined)(`Chromium (${browserMissing ?? 'installed'})`, () => {
  let browser: TestBrowser
  beforeAll(async () => {
    browser = await startBrowser()
  })
  afterAll(() => browser?.close())

  async function openPage(engine: EngineName): Promise<Page> {
    const { url } = await upstream(site)
    const gateway = await testGateway(engine, {
      organizations: [organization('harbor'), sandbox('box')],
      credentials: [session],
      services: [service('site', { url, routes })],
    })
    const context = await browser.open()
    await context.addCookies([{ name: 'rockpool_session', value: session.text, url: gateway.url }])
    const page = await context.newPage()
    const opened = await page.goto(`${gateway.url}/box/open`)
    expect([opened?.status(), await page.textContent('p')]).toEqual([200, 'a page'])
    return page
  }

  describe.each(Object.keys(engines) as EngineName[])('engine %s', (engine) => {
    test('its fetch gets and posts as who is signed in, many at once', async () => {
      const page = await openPage(engine)
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
    })

    test('its EventSource hears events, and goes on where it was when the stream breaks off', async () => {
      const page = await openPage(engine)
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
  })
})
