import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { count, limitMs } from './support/counts.ts'
import { eventually } from './support/eventually.ts'
import { copyShop, end, root, startInstallation } from './support/installation.ts'
import type { Installation, TestShop } from './support/installation.ts'
import { ledgerOf, receiptOf, sandboxes } from './support/shop.ts'

// Whoever runs a check may be killed in the middle of it: what the run made is gone within 60 s, with a receipt of zeros.

let copy: TestShop
let shop: Installation

const wait = `await step('wait', () => new Promise((resolve) => signal.addEventListener('abort', resolve)))`

beforeAll(async () => {
  copy = await copyShop()
  await copy.patch(
    'rockpool.config.ts',
    "checks: ['checks/**/*.check.ts']",
    "checks: ['checks/slow.check.ts']",
  )
  await writeFile(
    join(copy.folder, 'checks/slow.check.ts'),
    `import { check } from 'rockpool'
check('a slow one', { every: '2s', timeout: '5m' }, async ({ api, step, signal }) => {
  await step('put an item on sale', () => api.catalog.createItem({ body: { name: 'Log line', price: 100, currency: 'EUR', stock: 1 } }))
  ${wait}
})\n`,
  )
  await writeFile(
    join(copy.folder, 'by-hand.check.ts'),
    `import { check } from 'rockpool'
check('a slow one by hand', { timeout: '5m' }, async ({ api, step, signal }) => {
  await step('leave a card', () => api.payments.tokenizeCard({ body: { number: '4242424242424242' } }))
  ${wait}
})\n`,
  )
  shop = await startInstallation({ shop: copy })
})
afterAll(async () => {
  await shop?.stop()
  await copy?.remove()
})

/** A sandbox, not among `known`, in which a slow check has made what it makes before it waits. */
function inTheMiddle(of: '/items' | '/cards', known: ReadonlySet<string>): Promise<string> {
  return eventually(
    'a slow check is in its middle',
    async () => {
      for (const { slug, state } of (await sandboxes(shop)).filter((sandbox) => !known.has(sandbox.slug))) {
        const ledger = await ledgerOf(shop, slug)
        if (state === 'active' && ledger.some(({ path, status }) => path.endsWith(of) && status === 201))
          return slug
      }
      return false
    },
    30_000,
  )
}

async function goneWithin60s(slug: string, table: string, killedAt: number): Promise<void> {
  await eventually(
    `${slug} is deleted`,
    async () =>
      (await sandboxes(shop)).some((sandbox) => sandbox.slug === slug && sandbox.state === 'deleted'),
    65_000,
  )
  expect(performance.now() - killedAt).toBeLessThan(60_000)
  const receipt = await receiptOf(shop, slug)
  const tables = receipt.services.flatMap(({ tables }) => tables)
  expect(receipt.complete).toBe(true)
  expect(tables.every(({ after }) => after === 0)).toBe(true)
  expect(tables.find((row) => row.table === table)?.before).toBe(1)
}

const kills = count('runnerKills', 1)

test(`the role runner is killed with -9, ${kills} times`, { timeout: limitMs(120_000) }, async () => {
  const known = new Set<string>()
  for (let kill = 0; kill < kills; kill++) {
    const slug = await inTheMiddle('/items', known)
    known.add(slug)
    const pid = await shop.pid('rockpool-runner')
    const killedAt = performance.now()
    process.kill(pid, 'SIGKILL')
    await goneWithin60s(slug, 'public.items', killedAt)
    // Its supervisor has started another one.
    expect(
      await eventually('there is a new runner', async () => (await shop.pid('rockpool-runner')) !== pid),
    ).toBe(true)
  }
})

test('rockpool check is killed with -9', { timeout: 120_000 }, async () => {
  const bin = join(root, 'packages/rockpool/bin/rockpool.mjs')
  const target = [
    '--installation',
    'local',
    '--config',
    join(copy.folder, 'rockpool.config.ts'),
    '--data',
    copy.data,
  ]
  const checking = spawn(
    process.execPath,
    ['--conditions=@rockpool/source', bin, 'check', 'by-hand.check.ts', ...target],
    {
      cwd: copy.folder,
      stdio: 'ignore',
      env: shop.environment,
    },
  )
  const slug = await inTheMiddle('/cards', new Set())
  const killedAt = performance.now()
  await end(checking, 'SIGKILL')
  await goneWithin60s(slug, 'public.cards', killedAt)
})

test('a clean stop in the middle of a check gives it back: nobody is blamed, and its sandbox goes after the next start', async () => {
  const slug = await inTheMiddle('/items', new Set())
  await shop.stop()
  shop = await startInstallation({ shop: copy })
  const { run } = (await sandboxes(shop)).find((sandbox) => sandbox.slug === slug)!
  expect(await shop.api('GET', `/runs/${run}`)).toMatchObject({ verdict: null, endedBy: 'stopped' })
  await eventually(
    `${slug} is deleted`,
    async () => (await sandboxes(shop)).find((sandbox) => sandbox.slug === slug)?.state === 'deleted',
    30_000,
  )
})
