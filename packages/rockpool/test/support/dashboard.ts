// What runs inside a page sees its document.
/// <reference lib="dom" />
import axe from 'axe-core'
import type { BrowserContext, Page } from 'playwright-core'
import type { Installation } from './installation.ts'

/** Opens the dashboard as a person does, by a link that works once; for the owner, or for a member of harbor. */
export async function signIn(
  context: BrowserContext,
  shop: Pick<Installation, 'api' | 'control'>,
  member?: { email: string; role: 'owner' | 'developer' | 'viewer' },
): Promise<Page> {
  if (member) await shop.api('POST', '/organizations/harbor/members', member)
  const body = member ? { organization: 'harbor', email: member.email } : {}
  const { url } = await shop.api<{ url: string }>('POST', '/sign-in-links', body)
  const page = await context.newPage()
  const { pathname, hash } = new URL(url)
  await page.goto(new URL(pathname + hash, shop.control).href)
  await page.getByRole('heading', { level: 1, name: 'Now' }).waitFor()
  return page
}

/** Goes to a page of the dashboard, and waits until nothing on it is still being read. */
export async function visit(page: Page, shop: Pick<Installation, 'control'>, path: string): Promise<void> {
  await page.goto(new URL(path, shop.control).href)
  await settled(page)
}

export async function settled(page: Page): Promise<void> {
  await page.locator('main h1').first().waitFor()
  await page.waitForFunction(() => !document.querySelector('main [aria-busy=true]'))
}

/** What axe-core finds on the page, a line each: the rule, and where. */
export async function accessibilityFindings(page: Page): Promise<string[]> {
  // By the debugger's protocol, which no content security policy concerns.
  await page.evaluate(axe.source)
  const violations = await page.evaluate(async () => {
    const { axe: engine } = globalThis as unknown as { axe: typeof axe }
    const result = await engine.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    })
    return result.violations.map(({ id, nodes }) => ({
      id,
      at: nodes.map(({ target }) => target.join(' ')).slice(0, 3),
    }))
  })
  return violations.map(({ id, at }) => `${id}: ${at.join(', ')}`)
}

/** True when the page as a whole can be scrolled sideways: then something is wider than the window. */
export async function scrollsSideways(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)
}
