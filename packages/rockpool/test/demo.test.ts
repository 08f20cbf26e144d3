import { execFileSync, spawn } from 'node:child_process'
import { chmod, chown, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { root } from './support/installation.ts'

// The README, as a newcomer follows it: a fresh clone, an empty HOME, the machine's own Node and npm.

const nobody = 65_534
const isRoot = process.getuid?.() === 0
let base: string
let clone: string
const dataFolders: string[] = []

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'rockpool-newcomer-'))
  await chmod(base, 0o755)
  clone = join(base, 'rockpool')
  execFileSync('git', ['-c', 'safe.directory=*', 'clone', '--quiet', root, clone])
})
afterAll(async () => {
  for (const folder of [base, ...dataFolders]) await rm(folder, { recursive: true, force: true })
})

interface Ran {
  code: number
  stdout: string
  stderr: string
  ms: number
}

/** Runs a command of the README in the clone, as root or as an ordinary user, with nothing in the environment but HOME and PATH. */
async function newcomer(
  command: string,
  options: { user?: boolean; home: string; env?: Record<string, string> },
): Promise<Ran> {
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((entry) => !entry.includes('node_modules'))
  const trust = Object.entries(process.env).filter(([name]) =>
    /CA_CERTS|SSL_CERT|^npm_config_registry$/i.test(name),
  )
  const began = performance.now()
  const child = spawn('sh', ['-c', command], {
    cwd: clone,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...Object.fromEntries(trust), HOME: options.home, PATH: path.join(delimiter), ...options.env },
    ...(options.user && isRoot ? { uid: nobody, gid: nobody } : {}),
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const code = await new Promise<number>((resolve) => child.once('close', (value) => resolve(value ?? -1)))
  const data = /data in (\S+)/.exec(stderr)?.[1]
  if (data) dataFolders.push(data)
  return { code, stdout, stderr, ms: performance.now() - began }
}

async function emptyHome(name: string, user: boolean): Promise<string> {
  const home = join(base, name)
  await mkdir(home)
  if (user && isRoot) await chown(home, nobody, nobody)
  return home
}

const once = 'npm run demo -- --once'
/** Nothing may be fetched: whatever tries, fails at once. */
const offline = {
  npm_config_registry: 'http://127.0.0.1:1',
  HTTP_PROXY: 'http://127.0.0.1:1',
  HTTPS_PROXY: 'http://127.0.0.1:1',
  http_proxy: 'http://127.0.0.1:1',
  https_proxy: 'http://127.0.0.1:1',
}

test('the README names the command that is tried here', async () => {
  const readme = await readFile(join(root, 'README.md'), 'utf8')
  expect(readme).toContain('npm run demo')
  expect(readme).toContain(once)
})

test(
  'from a fresh clone in an empty HOME to the first green verdict in less than 4 minutes',
  { timeout: 300_000 },
  async () => {
    const ran = await newcomer(once, { home: await emptyHome('first', false) })
    expect(ran.code, ran.stderr + ran.stdout).toBe(0)
    expect(ran.stdout).toMatch(/Is it working\? +yes +\d+ of \d+ checks pass/)
    expect(ran.stdout).toMatch(
      /Right now, in production\? +yes +the bot “order and cancel” completed its lifecycle/,
    )
    for (const question of ['Does monitoring work\\?', 'Does alerting work\\?']) {
      expect(ran.stdout).toMatch(new RegExp(`${question} +not measured yet`))
    }
    expect(ran.stderr).toContain('npm ci')
    expect(ran.ms).toBeLessThan(240_000)
    const data = dataFolders[0]!
    expect(data.startsWith(clone)).toBe(false)
  },
)

test(
  'a second time, with no network, as an ordinary user: data in the XDG folder of that user',
  { timeout: 120_000 },
  async () => {
    if (isRoot) execFileSync('chown', ['-R', `${nobody}:${nobody}`, clone])
    const home = await emptyHome('second', true)
    const ran = await newcomer(once, { home, user: true, env: offline })
    expect(ran.code, ran.stderr + ran.stdout).toBe(0)
    expect(ran.stdout).toMatch(/Is it working\? +yes/)
    expect(ran.stderr).not.toContain('npm ci')
    if (isRoot) expect(dataFolders.at(-1)).toMatch(new RegExp(`^${join(home, '.local/share/rockpool')}/`))
    expect(
      execFileSync('git', ['-c', `safe.directory=${clone}`, 'status', '--porcelain'], {
        cwd: clone,
      }).toString(),
    ).toBe('')
  },
)
