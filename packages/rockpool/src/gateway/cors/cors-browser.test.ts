import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserMissing, startBrowser, type TestBrowser } from '../../../test/support/browser.ts'
import { organization, service, testGateway, until, upstream } from '../../../test/support/gateway.ts'
import { live, routes } from '../../../test/support/gateway-client.ts'

let browser: TestBrowser
beforeAll(async () => {
  if (!browserMissing) browser = await startBrowser()
})
afterAll(() => browser?.close())

const pageServer = () =>
  upstream((_, response) => response.setHeader('Content-Type', 'text/html').end('<p>page</p>'))

describe.skipIf(browserMissing)('a real browser', () => {
  test('reads an answer for a page of an allowed origin, and for no other', async () => {
    const [page, foreign] = [await pageServer(), await pageServer()]
    const { url } = await upstream((_, response) => response.setHeader('X-Total', '3').end('[1,2,3]'))
    const cors = { origins: [page.url], credentials: false, headers: [], expose: ['X-Total'], maxAgeS: 0 }
    const gateway = await testGateway('splice', {
      organizations: [organization('harbor')],
      credentials: [live],
      services: [service('catalog', { url, routes, cors })],
    })
    const read = async (origin: string) => {
      const tab = await (await browser.open()).newPage()
      await tab.goto(origin)
      return tab.evaluate(
        async ([target, authorization]) => {
          const ask = async (path: string, init: object) => {
            try {
              const answer = await fetch(target! + path, init)
              return `${answer.status} ${answer.headers.get('x-total')} ${await answer.text()}`
            } catch (error) {
              return (error as Error).name
            }
          }
          // One that a browser sends at once, and one for which it asks first.
          return [
            await ask('/open', {}),
            await ask('/items', { method: 'PUT', headers: { authorization: authorization! } }),
          ]
        },
        [`${gateway.url}/harbor`, `Bearer ${live.text}`],
      )
    }
    expect(await read(page.url)).toEqual(['200 3 [1,2,3]', '200 3 [1,2,3]'])
    expect(await read(foreign.url)).toEqual(['TypeError', 'TypeError'])
    await until('logged', () => gateway.records.length === 5)
    // What it asked first for the foreign page, it did not send.
    expect(gateway.records.map(({ method, status }) => `${method} ${status}`)).toEqual([
      'GET 200',
      'OPTIONS 204',
      'PUT 200',
      'GET 200',
      'OPTIONS 204',
    ])
  })
})
