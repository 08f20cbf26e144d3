import { existsSync, readdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserMissing } from '../../../test/support/browser.ts'
import {
  createSite,
  createTestHost,
  processesOf,
  sessionCookie,
  signsIn,
} from '../../../test/support/browser-host.ts'
import type { Site } from '../../../test/support/browser-host.ts'
import { createWorkspace, orderFor } from '../../../test/support/checks.ts'
import type { Workspace } from '../../../test/support/checks.ts'
import type { Order } from '../child/protocol.ts'
import { defaultLimits, startCheckProcess } from '../process/check-process.ts'
import type { ProcessLimits } from '../process/check-process.ts'
import type { Entry } from '../types.ts'
import { readZip } from './zip.ts'

let workspace: Workspace
let gateway: Site
let elsewhere: Site

beforeAll(async () => {
  workspace = await createWorkspace()
  elsewhere = await createSite((_, response) => response.end('1'), 'localhost')
  gateway = await createSite((request, response) => {
    if (signsIn(request, response)) return
    if (request.url === '/missing.js') return response.writeHead(404).end()
    response.setHeader('content-type', 'text/html; charset=utf-8')
    if (request.url === '/third-party')
      return response.end(
        `<title>third</title><img src="${elsewhere.url}/pixel.png"><script>fetch('${elsewhere.url}/beacon', { mode: 'no-cors', credentials: 'include' }).finally(() => document.title = 'sent')</script>`,
      )
    if (request.url === '/broken')
      return response.end(
        `<script src="/missing.js"></script><script>console.error('it hurts', 'rp_live_0123456789'); setTimeout(() => { throw new Error('nobody caught it') })</script>`,
      )
    response.end(
      `<title>Shop</title><h1>Shop</h1><label>Card <input name="card"></label><label>Password <input type="password"></label><button onclick="document.title = 'Paid'">Pay</button>`,
    )
  })
})
afterAll(async () => {
  await gateway.close()
  await elsewhere.close()
  await workspace.remove()
})

let files = 0
interface Options {
  order?: Partial<Order>
  limits?: Partial<ProcessLimits>
  parameters?: string
  ticket?: string
  environment?: NodeJS.ProcessEnv
}

/** Runs the body of one check with a page; it begins on line 3 of its file. */
async function run(body: string, options: Options = {}) {
  const parameters = options.parameters ?? '{ page, step, expect }'
  const path = await workspace.file(
    `page-${++files}.check.ts`,
    `check('it', async (${parameters}) => {\n${body}\n})`,
  )
  const process = await startCheckProcess(path, { ...defaultLimits, ...options.limits })
  if ('message' in process) throw new Error(process.message)
  const { host, artifacts } = createTestHost(options)
  const outcome = await process.run(
    orderFor('it', gateway.url, { timeout: 30_000, ...options.order }),
    (question, argument) => host.answer(question, argument) ?? Promise.reject(new Error('not known')),
  )
  await host.close(outcome.evidence.entries)
  const reused = process.reusable
  process.kill()
  return { ...outcome, artifacts, reused }
}

const of = <T extends Entry['type']>(entries: Entry[], type: T) =>
  entries.filter((entry): entry is Extract<Entry, { type: T }> => entry.type === type)
const folders = () =>
  readdirSync(tmpdir()).filter((name) => name.startsWith(`rockpool-browser-${process.pid.toString(36)}-`))

describe.skipIf(browserMissing)('a check with a page', () => {
  test('gets one that is signed in, and leaves no process and no file behind', async () => {
    const { ending, reused, evidence } = await run(`  await step('look', async () => {
    await page.goto('/harbor-test/shop')
    expect(await page.title()).toBe('Shop')
  })`)
    expect(ending).toEqual({ type: 'returned' })
    const visit = gateway.requests.findLast(({ url }) => url === '/harbor-test/shop')
    expect(visit?.headers.cookie).toBe(`rockpool_session=${sessionCookie}`)
    expect(visit?.headers.authorization).toBeUndefined()
    expect(of(evidence.entries, 'step').map(({ name }) => name)).toEqual(['open the browser', 'look'])
    expect(reused).toBe(false)
    expect(folders()).toEqual([])
    await expect
      .poll(() => processesOf(`rockpool-browser-${process.pid.toString(36)}-`), { timeout: 5_000 })
      .toEqual([])
  }, 60_000)

  test('shows no credential to a third party that the page loads something from', async () => {
    const { ending } = await run(`  await page.goto('/third-party')
  await page.waitForFunction(() => document.title === 'sent')`)
    expect(ending).toEqual({ type: 'returned' })
    expect(new Set(elsewhere.requests.map(({ url }) => url))).toEqual(new Set(['/beacon', '/pixel.png']))
    for (const { headers } of elsewhere.requests) {
      expect(Object.keys(headers).filter((name) => /cookie|authorization|rockpool/i.test(name))).toEqual([])
      expect(JSON.stringify(headers)).not.toMatch(/rp_/)
    }
  }, 60_000)

  test('has a picture of each step that used the page, and of none that did not', async () => {
    const { evidence, artifacts } = await run(`  await step('open', () => page.goto('/'))
  const pay = page.getByRole('button', { name: 'Pay' })
  await step('outside', async () => { await step('pay', () => pay.click()) })
  await step('count', async () => expect(1).toBe(1))`)
    const steps = new Map(of(evidence.entries, 'step').map((step) => [step.id, step.name]))
    const pictures = of(evidence.entries, 'screenshot')
    expect(pictures.map(({ parent }) => steps.get(parent!))).toEqual(['open', 'pay'])
    for (const { artifact } of pictures)
      expect(artifacts.get(artifact!)?.subarray(1, 4).toString()).toBe('PNG')
    expect(artifacts.size).toBe(2)
  }, 60_000)

  test('that fails has a picture of the failing step and a trace without what nobody should read', async () => {
    const { ending, evidence, artifacts } = await run(`  await step('pay', async () => {
    await page.goto('/?token=' + 'hush-hush')
    await page.getByLabel('Card').fill('4242424242424242')
    await page.getByLabel('Password').fill(['correct horse', 'battery'].join(' '))
    await page.getByRole('button', { name: 'Refund' }).click({ timeout: 300 })
  })`)
    if (ending.type !== 'failed') throw new Error(JSON.stringify(ending))
    expect(ending.failure).toMatchObject({ steps: ['pay'], place: { line: 7 } })
    expect(ending.failure.message).toContain("getByRole('button', { name: 'Refund' })")
    expect(ending.failure.message).not.toContain('\\u001b')
    const [shot] = of(evidence.entries, 'screenshot')
    expect(of(evidence.entries, 'step').find(({ id }) => id === shot?.parent)?.name).toBe('pay')
    const [trace] = of(evidence.entries, 'trace')
    const all = readZip(artifacts.get(trace!.artifact!)!, 1e8)
    const text = all.map(({ content }) => content.toString()).join('\\n')
    expect(text).toContain('"method":"click"')
    for (const secret of [
      sessionCookie,
      '4242424242424242',
      'correct horse battery',
      'hush-hush',
      'rp_ticket_right',
    ])
      expect((text + JSON.stringify({ ending, evidence })).includes(secret), secret).toBe(false)
  }, 60_000)

  test('has what went wrong in its pages as findings, which fail nothing', async () => {
    const { ending, evidence } = await run(`  await step('look', async () => {
    await page.goto('/broken')
    await page.waitForTimeout(50)
  })`)
    expect(ending).toEqual({ type: 'returned' })
    const findings = of(evidence.entries, 'finding').map(({ kind, text, url }) => ({ kind, text, url }))
    expect(findings).toContainEqual({ kind: 'request', text: 'GET: 404', url: `${gateway.url}/missing.js` })
    expect(findings).toContainEqual(
      expect.objectContaining({ kind: 'console', text: 'it hurts rp_live_[redacted]' }),
    )
    expect(findings).toContainEqual(
      expect.objectContaining({ kind: 'console', text: 'uncaught: nobody caught it' }),
    )
    expect(findings).toHaveLength(3)
  }, 60_000)

  test('is ended with its browser when it does not end by itself', async () => {
    const { ending } = await run(
      `  await page.goto('/')\n  await step('spin', async () => { for (;;) {} })`,
      { order: { timeout: 12_000 } },
    )
    expect(ending).toMatchObject({ type: 'failed', failure: { kind: 'deadline', steps: ['spin'] } })
    expect(folders()).toEqual([])
    await expect
      .poll(() => processesOf(`rockpool-browser-${process.pid.toString(36)}-`), { timeout: 5_000 })
      .toEqual([])
  }, 60_000)

  test('fails when its browser takes too much memory, and its own limit does not count the browser', async () => {
    const eat = `  await page.goto('/')
  await page.evaluate(async () => { const all = []; for (;;) { all.push(new Array(2_000_000).fill(Math.random())); await new Promise((go) => setTimeout(go, 20)) } })`
    const { ending } = await run(eat, { limits: { browserMb: 600, residentMb: 300 } })
    expect(ending).toMatchObject({ type: 'failed', failure: { kind: 'memory' } })
    expect(JSON.stringify(ending)).toContain('the check’s browser used more than 600 MB')
  }, 60_000)

  test('cannot be checked when the browser cannot be signed in', async () => {
    const { ending } = await run(`  await page.goto('/')`, { ticket: 'rp_ticket_wrong' })
    expect(ending).toMatchObject({
      type: 'obstructed',
      obstacle: {
        message: 'the browser cannot be signed in: the gateway answered 403',
        steps: ['open the browser'],
      },
    })
  }, 60_000)
})

test('a browser that does not start makes the check uncheckable, with what it said', async () => {
  const broken = join(workspace.folder, 'broken-chromium')
  await writeFile(broken, '#!/bin/sh\necho "no usable display" >&2\nexit 1\n', { mode: 0o755 })
  const { ending } = await run(`  await page.goto('/')`, { environment: { ROCKPOOL_CHROMIUM: broken } })
  if (ending.type !== 'obstructed') throw new Error(JSON.stringify(ending))
  expect(ending.obstacle).toMatchObject({ optional: false, steps: ['open the browser'] })
  expect(ending.obstacle.message).toMatch(/^the browser does not start: no usable display/)
  expect(ending.obstacle.message.length).toBeLessThan(1_100)
  expect(folders()).toEqual([])
}, 30_000)

test('without a Chromium a check with a page is uncheckable, optional, and names the one command that mends it', async () => {
  const { ending } = await run(`  await page.goto('/')`, { environment: { PATH: '', HOME: '/nonexistent' } })
  expect(ending).toMatchObject({ type: 'obstructed', obstacle: { optional: true, retry: false } })
  expect(JSON.stringify(ending)).toMatch(
    /install it: (sudo )?(apt-get install -y --no-install-recommends|npx playwright-core install) chromium/,
  )
})

test('a check that does not name the page has none, and starts no browser, however it takes its fixtures', async () => {
  for (const parameters of ['{ step, ...rest }', 'fixtures']) {
    const { ending, reused } = await run('', { parameters, environment: { PATH: '' } })
    expect(ending).toEqual({ type: 'returned' })
    expect(reused).toBe(true)
  }
  const { ending } = await run('  await fixtures.page.goto("/")', { parameters: 'fixtures' })
  expect(ending).toMatchObject({
    failure: {
      message: 'a check gets a page where its parameters name it: async ({ page }) => { … }',
      place: { line: 3 },
    },
  })
  expect(existsSync('/proc') && processesOf(`rockpool-browser-${process.pid.toString(36)}-`)).toEqual([])
})
