import { chromium } from 'playwright-core'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { findChromium } from '../../src/checks/browser/find.ts'
import { quiet } from '../../src/checks/browser/launch.ts'

/** Where Debian and others put it; a test that needs a browser is skipped with this reason where there is none. */
const found = await findChromium()
export const chromiumPath = 'path' in found ? found.path : undefined
export const browserMissing = chromiumPath === undefined ? 'there is no Chromium: npm run setup' : undefined

/** Phones are 390 px wide, and have a finger instead of a mouse. */
export const phone = { viewport: { width: 390, height: 844 }, hasTouch: true } as const
export const desk = { viewport: { width: 1280, height: 900 } } as const

export interface TestBrowser {
  /** A fresh profile: no cookie, no storage. Errors of its pages are gathered in `faults`. */
  open(options?: Parameters<Browser['newContext']>[0]): Promise<BrowserContext>
  /** Uncaught errors, console errors and requests to other hosts, with their page. */
  readonly faults: string[]
  close(): Promise<void>
}

/** A real Chromium that makes no connection of its own. */
export async function startBrowser(): Promise<TestBrowser> {
  const browser = await chromium.launch({
    executablePath: chromiumPath!,
    chromiumSandbox: process.getuid?.() !== 0,
    args: quiet,
  })
  const faults: string[] = []
  return {
    faults,
    async open(options) {
      const context = await browser.newContext({ ...desk, ...options })
      context.on('page', (page) => watch(page, faults))
      return context
    },
    close: () => browser.close(),
  }
}

function watch(page: Page, faults: string[]): void {
  const note = (text: string) => faults.push(`${page.url()}: ${text}`)
  page.on('pageerror', (error) => note(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') note(message.text())
  })
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url())
    if (/^(data|blob|about):/.test(protocol)) return
    if (hostname !== '127.0.0.1' && hostname !== 'localhost') note(`asks ${hostname}`)
  })
}
