import { spawnSync } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { root, run } from './support/installation.ts'

// docs/services.md, followed to the letter: a config from scratch, one service in Python, one check.

const folder = join(root, 'examples/greeting')
let data: string
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'rockpool-greeting-'))
  await chmod(data, 0o755)
})
afterAll(() => rm(data, { recursive: true, force: true }))

test.each(['rockpool.config.ts', 'openapi.yaml', 'server.py', 'greeting.check.ts'])(
  'the page shows %s as it is run here',
  async (file) => {
    const [page, source] = await Promise.all(
      [join(root, 'docs/services.md'), join(folder, file)].map((path) => readFile(path, 'utf8')),
    )
    expect(page).toContain(source)
  },
)

test('a service that knows nothing of Rockpool is checked through the gateway', async (context) => {
  if (spawnSync('python3', ['--version']).status !== 0)
    context.skip('python3 is missing: npm run setup installs it on Debian')
  const bin = join(root, 'packages/rockpool/bin/rockpool.mjs')
  const config = join(folder, 'rockpool.config.ts')
  const args = ['up', '--once', '--installation', 'local', '--config', config, '--data', data]
  const { code, stdout, stderr } = await run([bin, ...args])
  expect(code, stdout + stderr).toBe(0)
  expect(stdout).toMatch(/ok +a visitor is greeted by name/)
})
