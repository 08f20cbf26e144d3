// What must be there before anything is measured: the peers from npm are installed here, those of Debian are asked for.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const bench = fileURLToPath(new URL('..', import.meta.url))

/** Program → the Debian package that brings it; `for` names the target that needs it, '' all. */
const programs = [
  { program: 'taskset', from: 'util-linux', for: '' },
  { program: 'openssl', from: 'openssl', for: '' },
  { program: 'nginx', from: 'nginx', for: 'nginx' },
  { program: 'haproxy', from: 'haproxy', for: 'haproxy' },
]

/** Says in one line what is missing and how to get it. @param {string[]} targets */
export function demandPrograms(targets) {
  const missing = programs
    .filter((entry) => entry.for === '' || targets.includes(entry.for))
    .filter(({ program }) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0)
  if (missing.length === 0) return
  const packages = missing.map(({ from }) => from).join(' ')
  throw new Error(
    `missing: ${missing.map(({ program }) => program).join(', ')}; on Debian, as root: ` +
      `apt-get update && apt-get install -y --no-install-recommends ${packages} (or leave peers out with --only)`,
  )
}

/** The packages of bench/package-lock.json, once. @param {(text: string) => void} progress */
export function installPackages(progress) {
  const lock = readFileSync(join(bench, 'package-lock.json'))
  const wanted = createHash('sha256').update(lock).digest('hex')
  const stamp = join(bench, 'node_modules', '.rockpool-stamp')
  try {
    if (readFileSync(stamp, 'utf8') === wanted) return
  } catch {} // never installed
  progress('installing the peers from npm (npm ci in bench/)')
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const { status, stderr, error } = spawnSync('npm', args, { cwd: bench, encoding: 'utf8' })
  if (status !== 0) throw new Error(`npm ci in bench/ failed: ${error?.message ?? stderr}`)
  writeFileSync(stamp, wanted)
}

/** What is published of the gateway, from the sources as they are. @param {(text: string) => void} progress */
export function buildOurs(progress) {
  progress('building dist/')
  const root = join(bench, '..')
  const args = [join(root, 'scripts', 'build.mjs'), 'packages/rockpool']
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`npm run build -- packages/rockpool failed:\n${stdout}${stderr}`)
}
