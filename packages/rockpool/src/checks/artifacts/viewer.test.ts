import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserMissing, startBrowser } from '../../../test/support/browser.ts'
import type { TestBrowser } from '../../../test/support/browser.ts'
import { createSite, createTestHost, signsIn } from '../../../test/support/browser-host.ts'
import type { Site } from '../../../test/support/browser-host.ts'
import { createWorkspace, orderFor } from '../../../test/support/checks.ts'
import type { Workspace } from '../../../test/support/checks.ts'
import { silentLog, systemClock } from '../../kernel/index.ts'
import { defaultLimits, startCheckProcess } from '../process/check-process.ts'
import { createArtifactLinks } from './links.ts'
import { createArtifactFolder } from './store.ts'
import { startTraceViewer } from './viewer.ts'

let workspace: Workspace
let gateway: Site
let browser: TestBrowser
let folder: string
beforeAll(async () => {
  if (browserMissing) return
  workspace = await createWorkspace()
  folder = await mkdtemp(join(tmpdir(), 'rockpool-viewer-'))
  browser = await startBrowser()
  gateway = await createSite((request, response) => {
    if (signsIn(request, response)) return
    // What a hostile page would like the viewer to run on its own origin.
    response
      .setHeader('content-type', 'text/html')
      .end(
        `<h1>Shop</h1><img src=x onerror="window.top.document.title = 'taken'"><script>window.top.document.title = 'taken'</script>`,
      )
  })
})
afterAll(async () => {
  if (browserMissing) return
  await browser.close()
  await gateway.close()
  await workspace.remove()
  await rm(folder, { recursive: true, force: true })
})

test('where control listens on every address, a link has the name by which the caller came, if it is served', async () => {
  const options = {
    artifacts: { get: () => Promise.reject(new Error('nobody asks')) },
    links: createArtifactLinks({ key: 'k', clock: systemClock }),
    log: silentLog,
    hosts: ['rockpool.harbor.example'],
  }
  const nameOf = async (host: string, reached: string | null) => {
    const viewer = await startTraceViewer({ ...options, host })
    const { url } = viewer.linkTo('run_1', 'trace.zip', reached)
    await viewer.close()
    const trace = new URL(new URL(url).searchParams.get('trace')!)
    expect(trace.host).toBe(new URL(url).host)
    return new URL(url).hostname
  }
  expect(await nameOf('0.0.0.0', 'Rockpool.harbor.example:8471')).toBe('rockpool.harbor.example')
  expect(await nameOf('0.0.0.0', '[::1]:8471')).toBe('[::1]')
  expect(await nameOf('::', '127.0.0.1:8471')).toBe('127.0.0.1')
  for (const reached of ['evil.example:8471', '0.0.0.0:8471', null])
    expect(await nameOf('0.0.0.0', reached), String(reached)).toBe('localhost')
  expect(await nameOf('127.0.0.1', 'rockpool.harbor.example:8471')).toBe('127.0.0.1')
})

describe.skipIf(browserMissing)('the trace of a check that failed', () => {
  test('is opened by the viewer that we serve, which lists what the failing step did and runs nothing of the page', async () => {
    const file = await workspace.file(
      'a.check.ts',
      `check('it', async ({ page, step }) => {
  await page.goto('/')
  await step('refund', () => page.getByRole('button', { name: 'Refund' }).click({ timeout: 200 }))
})`,
    )
    const process = await startCheckProcess(file, defaultLimits)
    if ('message' in process) throw new Error(process.message)
    const { host, artifacts: kept } = createTestHost()
    const { ending, evidence } = await process.run(
      orderFor('it', gateway.url, { timeout: 30_000 }),
      (question, argument) => host.answer(question, argument) ?? Promise.reject(new Error('not known')),
    )
    await host.close(evidence.entries)
    expect(ending.type).toBe('failed')

    const artifacts = createArtifactFolder({ folder, clock: systemClock })
    await artifacts.put('run_1', 'trace.zip', kept.get('attempt-1-trace.zip')!)
    const links = createArtifactLinks({ key: 'k', clock: systemClock })
    const viewer = await startTraceViewer({ artifacts, links, log: silentLog, host: '127.0.0.1' })
    try {
      const context = await browser.open()
      const page = await context.newPage()
      await page.goto(viewer.linkTo('run_1', 'trace.zip').url)
      const action = page.getByRole('treeitem').filter({ hasText: 'Refund' })
      await action.waitFor({ timeout: 20_000 })
      await action.click()
      await page.getByRole('tab', { name: 'Errors' }).click()
      await page.getByText('Timeout 200ms exceeded').first().waitFor({ timeout: 10_000 })
      await page
        .frameLocator('iframe.snapshot-visible')
        .getByRole('heading', { name: 'Shop' })
        .waitFor({ timeout: 20_000 })
      expect(await page.title()).not.toBe('taken')
      expect(browser.faults.filter((fault) => /asks |Content Security/i.test(fault))).toEqual([])
      await context.close()
    } finally {
      await viewer.close()
    }
  }, 90_000)
})
