import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserMissing, startBrowser } from './support/browser.ts'
import { startInstallation } from './support/installation.ts'
import type { Installation } from './support/installation.ts'

/*
 * A check with a page, as its author sees it: the command, the page at the gateway, what is kept, the viewer.
 */

let installation: Installation
beforeAll(async () => {
  if (!browserMissing) installation = await startInstallation()
})
afterAll(async () => {
  await installation?.stop()
  await installation?.remove()
})

interface Result {
  type: string
  verdict: string
  run: string
  attempts: {
    obstacle: { message: string; optional: boolean } | null
    failure: { message: string; steps: string[] } | null
    evidence: { entries: { type: string; name?: string; artifact?: string }[] }
  }[]
}

async function check(body: string): Promise<Result> {
  const file = join(installation.folder, 'checks', 'page.check.ts')
  await writeFile(
    file,
    `import { check } from 'rockpool'\ncheck('a page', async ({ page, sandbox, step, expect }) => {\n${body}\n})\n`,
  )
  const lines = await installation.json<Result>('check', file, '--reporter', 'json')
  return lines.find(({ type }) => type === 'result')!
}

describe.skipIf(browserMissing)('a check with a page', () => {
  test('is a signed-in client of its sandbox, and of nothing else', async () => {
    const { verdict, attempts, run } = await check(`  await step('own', async () => {
    const answer = await page.goto(\`/\${sandbox.organization}/items\`)
    expect(answer?.status()).toBe(200)
  })
  await step('the parent', async () => {
    const answer = await page.goto('/harbor/items')
    expect(answer?.status()).toBe(403)
  })
  const cookies = await page.context().cookies()
  expect(cookies).toHaveLength(1)
  expect(cookies[0]).toMatchObject({ name: 'rockpool_session', httpOnly: true, sameSite: 'Lax', domain: '127.0.0.1' })
  await page.evaluate(() => document.cookie).then((seen) => expect(seen).toBe(''))`)
    expect(attempts[0]?.failure).toBeNull()
    expect(verdict).toBe('pass')
    const pictures = attempts[0]!.evidence.entries.filter(({ type }) => type === 'screenshot')
    expect(pictures).toHaveLength(2)
    expect(await readdir(join(installation.data, 'artifacts', run))).toHaveLength(2)
  })

  test('that fails keeps a trace, which the viewer shows to who has the link', async () => {
    const { verdict, run, attempts } = await check(`  await step('refund', async () => {
    await page.goto(\`/\${sandbox.organization}/items\`)
    await page.getByRole('button', { name: 'Refund' }).click({ timeout: 300 })
  })`)
    expect(verdict).toBe('fail')
    const trace = attempts[0]!.evidence.entries.find(({ type }) => type === 'trace')!
    const { url } = await installation.api<{ url: string }>(
      'GET',
      `/runs/${run}/artifacts/${trace.artifact}/viewer`,
    )
    expect(new URL(url).origin).not.toBe(installation.control)
    const browser = await startBrowser()
    try {
      const page = await (await browser.open()).newPage()
      await page.goto(url)
      await page.getByRole('treeitem').filter({ hasText: 'Refund' }).waitFor({ timeout: 20_000 })
    } finally {
      await browser.close()
    }
  })

  test('is told on a terminal with what went wrong in its page, and where the trace is', async () => {
    const file = join(installation.folder, 'checks', 'page.check.ts')
    await writeFile(
      file,
      `import { check } from 'rockpool'\ncheck('a page', async ({ page, sandbox, expect }) => {\n  await page.goto('/nowhere')\n  expect(await page.title()).toBe('Shop')\n})\n`,
    )
    const { stdout, code } = await installation.cli('check', file)
    expect(code).toBe(1)
    expect(stdout).toMatch(/found {2}GET: 404 +\S*\/nowhere/)
    expect(stdout).toMatch(new RegExp(`trace {2}${installation.control}/runs/run_[0-9a-f-]+`))
  })
})
