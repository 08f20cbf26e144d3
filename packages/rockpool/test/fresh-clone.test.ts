import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { dataFolderPath } from '../src/kernel/index.ts'

// The README's own promise: a fresh clone, an empty HOME, one command.

const root = fileURLToPath(new URL('../../../', import.meta.url))

function freshClone() {
  const base = mkdtempSync(join(tmpdir(), 'rockpool-fresh-'))
  const clone = join(base, 'clone')
  const home = join(base, 'home')
  mkdirSync(home)
  const git = spawnSync('git', ['-c', 'safe.directory=*', 'clone', '--quiet', root, clone], {
    encoding: 'utf8',
  })
  expect(git.stderr).toBe('')
  const file = join(clone, 'examples/shop/rockpool.config.ts')
  const environment = { HOME: home }
  const data = dataFolderPath({ name: 'shop', file, installation: 'local', environment })
  onTestFinished(() => {
    rmSync(data, { recursive: true, force: true })
    rmSync(base, { recursive: true, force: true })
  })
  return { clone, home }
}

/** The machine's own Node and npm, as a newcomer's shell has them: nothing of this checkout, nothing of this test run. */
function newcomersShell(home: string, more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const path = (process.env['PATH'] ?? '').split(':').filter((folder) => !folder.includes('node_modules'))
  // What was downloaded once need not be downloaded again to prove this: the cache is npm's, not the clone's.
  const cache = spawnSync('npm', ['config', 'get', 'cache'], {
    cwd: tmpdir(),
    encoding: 'utf8',
    env: { PATH: path.join(':'), HOME: process.env['HOME'] },
  }).stdout.trim()
  return { PATH: path.join(':'), HOME: home, npm_config_cache: cache, NO_COLOR: '1', ...more }
}

function run(command: string, cwd: string, env: NodeJS.ProcessEnv) {
  const result = spawnSync('sh', ['-c', command], { cwd, env, encoding: 'utf8', timeout: 240_000 })
  return { code: result.status, output: result.stdout + result.stderr }
}

test(
  'the README’s command brings a fresh clone to its first green verdict, twice, the second time without npm’s registry',
  { timeout: 600_000 },
  () => {
    const command = /`(npm run demo -- --once)`/.exec(readFileSync(join(root, 'README.md'), 'utf8'))?.[1]
    expect(command).toBeDefined()
    const { clone, home } = freshClone()

    const first = run(command!, clone, newcomersShell(home))
    expect(first.code, first.output).toBe(0)
    expect(first.output).toContain('Is it working?')

    const second = run(command!, clone, newcomersShell(home, { npm_config_registry: 'http://127.0.0.1:9' }))
    expect(second.code, second.output).toBe(0)
    expect(second.output).not.toContain('npm ci')

    const status = spawnSync('git', ['-c', 'safe.directory=*', 'status', '--porcelain'], {
      cwd: clone,
      encoding: 'utf8',
    })
    expect(status.stdout, 'the demo writes into the clone').toBe('')
    expect(readdirSync(clone)).not.toContain('.install.lock')
  },
)
