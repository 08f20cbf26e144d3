import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { wrongPrice } from './support/faults.ts'
import { copyShop, root, run } from './support/installation.ts'
import type { Finished, TestShop } from './support/installation.ts'

// `rockpool up --once` and its exit code: 0 every check that could run passes, 1 one fails, 2 it cannot tell.

let copy: TestShop
beforeAll(async () => {
  copy = await copyShop()
})
afterAll(() => copy.remove())

function once(env: Record<string, string> = {}): Promise<Finished> {
  const bin = join(root, 'packages/rockpool/bin/rockpool.mjs')
  const config = join(copy.folder, 'rockpool.config.ts')
  const args = ['up', '--once', '--installation', 'local', '--config', config, '--data', copy.data]
  const plain = { ...process.env, NODE_OPTIONS: '--conditions=@rockpool/source', NO_COLOR: '1' }
  return run([bin, ...args], { ...plain, ...env })
}

test('without python3 the rest runs: its check is uncheckable with the reason, and the answer is still yes', async () => {
  const { code, stdout, stderr } = await once({ PATH: dirname(process.execPath) })
  expect(code, stdout + stderr).toBe(0)
  expect(stdout).toMatch(/\?\? +a delivery can be quoted/)
  expect(stdout).toMatch(/python3/)
  expect(stdout).toMatch(/Is it working\? +yes +\d+ of \d+ checks pass, .*uncheckable here: “.+”/)
  expect(stdout).toMatch(/ok +order and cancel/)
  expect(stdout).toMatch(/1 of 1 lifecycle is complete/)
  expect(stdout).toMatch(/Right now, in production\? +yes +the bot “order and cancel” completed/)
  expect(stderr).toMatch(/delivery-quotes does not run: .*python3/)
})

test('a failing check: 1, and the answer is no', async () => {
  await copy.patch(wrongPrice.file, wrongPrice.find, wrongPrice.replace)
  const { code, stdout, stderr } = await once()
  await copy.restore(wrongPrice.file)
  expect(code, stdout + stderr).toBe(1)
  expect(stdout).toMatch(/Is it working\? +no +\d of \d+ checks fail/)
})

test('nothing that could be checked: 2', async () => {
  await copy.patch('rockpool.config.ts', "checks: ['checks/**/*.check.ts']", 'checks: []')
  const { code, stdout, stderr } = await once()
  await copy.restore('rockpool.config.ts')
  expect(code, stdout + stderr).toBe(2)
  expect(stdout).toMatch(/Is it working\? +cannot tell/)
})
