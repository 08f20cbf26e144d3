import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { send, startApi, type TestApi } from '../../../test/support/api.ts'
import { browserMissing, startBrowser, type TestBrowser } from '../../../test/support/browser.ts'

// What a real browser makes of a session: SameSite, HttpOnly, CORS and the policy are its work.

describe.skipIf(browserMissing)('in a real browser', () => {
  let t: TestApi
  let origin: string
  let browser: TestBrowser
  let folder: string
  /** Another server on this host, of somebody else; cookies are shared between the two. */
  let other: Server
  let elsewhere: string
  const otherHeard: string[] = []
  const requests: { method: string; path: string; status: number }[] = []

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rockpool-pages-'))
    await writeFile(
      join(folder, 'index.html'),
      '<!doctype html><title>Rockpool</title><p id="page">the page</p>',
    )
    const ignore = () => {}
    const info = (entry: unknown) => void requests.push(entry as (typeof requests)[number])
    t = await startApi({
      pagesFolder: folder,
      log: { info, warn: ignore, error: ignore, debug: ignore } as never,
    })
    origin = `http://127.0.0.1:${t.server.port}`
    other = createServer((request, response) => {
      otherHeard.push(request.headers.cookie ?? '')
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>Other</title>')
    })
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}`
    browser = await startBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    other?.close()
    await t?.close()
    await rm(folder, { recursive: true, force: true })
  })

  /** A page that is signed in, and its key. */
  async function signedIn() {
    const credential = await t.control(['read', 'write', 'admin'])
    const link = await send(t.server, 'POST', '/sign-in-links', { credential, body: {} })
    const context = await browser.open()
    const page = await context.newPage()
    await page.goto(link.body['url'] as string)
    const { key } = await page.evaluate<{ key: string }>(`fetch('/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ticket: location.hash.slice(1) }),
    }).then((answer) => answer.json())`)
    return { context, page, key }
  }

  /** The status of what a page's script asks for, or why it gets none. */
  const ask = (page: Page, url: string, method: string, key: string | null) => {
    const headers = key === null ? {} : { 'rockpool-session-key': key }
    const options = JSON.stringify({ method, headers, credentials: 'include' })
    return page.evaluate<number | string>(
      `fetch(${JSON.stringify(url)}, ${options}).then((answer) => answer.status, String)`,
    )
  }

  test('the link signs in, no script sees the cookie, and a reload is still signed in', async () => {
    const { page, key, context } = await signedIn()
    expect(await page.evaluate('document.cookie')).toBe('')
    expect(await ask(page, '/session', 'GET', key)).toBe(200)
    await page.reload()
    expect(await ask(page, '/organizations', 'GET', key)).toBe(200)
    expect(await ask(page, '/organizations', 'GET', null)).toBe(401)
    const stranger = await (await browser.open()).newPage()
    await stranger.goto(origin)
    expect(await ask(stranger, '/organizations', 'GET', key)).toBe(401)
    expect(await ask(page, '/session', 'DELETE', key)).toBe(204)
    expect(await context.cookies()).toEqual([])
  })

  test('a page on another port of this host gets nothing and does nothing, although it shares the cookie', async () => {
    const { context, page, key } = await signedIn()
    const evil = await context.newPage()
    await evil.goto(elsewhere)
    const shared = otherHeard.find((cookie) => cookie.includes(`rockpool_control_${t.server.port}=`))
    expect(shared).toBeDefined()
    requests.length = 0

    // Read, with the header (a preflight that nobody allows), and without.
    expect(await ask(evil, `${origin}/session`, 'GET', key)).toContain('Failed to fetch')
    expect(await ask(evil, `${origin}/session`, 'GET', null)).toContain('Failed to fetch')
    // Write, as a form does it: no preflight, and the cookie goes with it.
    await evil.evaluate(
      `fetch('${origin}/organizations', { method: 'POST', mode: 'no-cors', credentials: 'include', body: '{}' })`,
    )
    expect(requests.filter(({ method }) => method === 'POST')).toMatchObject([
      { path: '/organizations', status: 403 },
    ])
    expect(requests.every(({ status }) => status >= 400)).toBe(true)

    // What it received is worth nothing, whatever it claims to be.
    const headers = { cookie: shared!, origin }
    expect((await send(t.server, 'GET', '/session', { headers })).body.code).toBe('credential_missing')
    expect(await ask(page, '/session', 'GET', key)).toBe(200)
  })

  test('no frame holds the page', async () => {
    const { context } = await signedIn()
    const evil = await context.newPage()
    await evil.goto(elsewhere)
    await evil.setContent(`<iframe src="${origin}/" onload="document.title = 'loaded'"></iframe>`)
    await evil.waitForFunction(`document.title === 'loaded'`)
    expect(await evil.frames()[1]!.locator('#page').count()).toBe(0)
  })

  test('what is written into the page runs no script and reaches no other server', async () => {
    const { page } = await signedIn()
    const heard = otherHeard.length
    await page.evaluate(`
      window.refused = []
      document.addEventListener('securitypolicyviolation', (event) => refused.push(event.effectiveDirective))
      const script = document.createElement('script')
      script.textContent = 'window.ran = true'
      document.body.append(script)
      document.body.insertAdjacentHTML('beforeend', \`
        <img src="${elsewhere}/picture" onerror="window.ran = true">
        <form action="${elsewhere}/form"></form>\`)
      document.querySelector('form').submit()
      fetch('${elsewhere}/fetch').catch(() => {})`)
    const wanted = ['script-src-elem', 'script-src-attr', 'img-src', 'form-action', 'connect-src']
    // Asked from outside: what asks again from within the page is a string that its policy refuses to evaluate.
    await vi.waitFor(
      async () => expect(await page.evaluate('refused')).toEqual(expect.arrayContaining(wanted)),
      { timeout: 10_000 },
    )
    expect(await page.evaluate(`'ran' in window`)).toBe(false)
    expect(page.url()).toContain(origin)
    expect(otherHeard.length).toBe(heard)
  })
})
