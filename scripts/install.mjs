// Makes sure that the dependencies of this lock file are installed, once, whoever starts first. Runs on Node 20.
//
//     stamp current? ──yes──► nothing to do (no network, one file read)
//          │ no
//     take .install.lock ──► npm installed this very lock? ──yes──► write the stamp
//                                    │ no
//                              npm ci ──► judge by the tree, not by npm's exit code ──► write the stamp
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { withLock } from './lock.mjs'
import { say } from './say.mjs'

/** What must be in the tree for it to count as installed: one direct dependency of each kind. */
const witnesses = [
  'zod/package.json',
  'typescript/package.json',
  '@rockpool/sdk/package.json',
  'rockpool/package.json',
]

/**
 * The name of what belongs in node_modules: the lock file on this platform.
 * @param {string} root @returns {string}
 */
function wantedStamp(root) {
  const lock = readFileSync(join(root, 'package-lock.json'))
  return createHash('sha256').update(lock).update(`${process.platform}-${process.arch}`).digest('hex')
}

const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])

/** @param {string} root */
const stampFile = (root) => join(root, 'node_modules', '.rockpool-stamp')

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/** @param {string} root */
const isComplete = (root) => witnesses.every((file) => existsSync(join(root, 'node_modules', file)))

/**
 * True when a plain `npm install` has just brought the tree to this lock file: npm keeps its own record of what it
 * installed, and there is no reason to throw that away.
 * @param {string} root
 */
function npmInstalledThisLock(root) {
  const [have, want] = [
    join(root, 'node_modules', '.package-lock.json'),
    join(root, 'package-lock.json'),
  ].map((file) => JSON.parse(read(file) ?? '{}').packages)
  if (!have || !want || !isComplete(root)) return false
  const same = Object.entries(have).every(([path, entry]) => {
    const wanted = want[path]
    return wanted && wanted.version === entry.version && wanted.integrity === entry.integrity
  })
  return (
    same &&
    Object.entries(want).every(
      ([path, entry]) => path === '' || !path.startsWith('node_modules/') || entry.optional || have[path],
    )
  )
}

/**
 * Installs what the lock file names, unless that is there already.
 * @param {string} root the clone
 * @returns {Promise<void>} rejects with one clear message
 */
export async function ensureInstalled(root) {
  const current = () => read(stampFile(root)) === wantedStamp(root) && isComplete(root)
  if (current()) return
  await withLock(join(root, '.install.lock'), 'another start is installing the dependencies', async () => {
    if (current()) return // whoever held the lock has done it
    if (!npmInstalledThisLock(root)) await runNpmCi(root)
    writeFileSync(stampFile(root), wantedStamp(root))
  })
}

/** @param {string} root */
async function runNpmCi(root) {
  const started = Date.now()
  say('installing the dependencies (npm ci)')
  const alive = setInterval(
    () => say(`still installing, ${Math.round((Date.now() - started) / 1000)} s`),
    10_000,
  )
  const { code, output } = await npm(root, [
    'ci',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    '--include=dev',
    '--include=optional',
  ])
  clearInterval(alive)
  if (!isComplete(root)) {
    throw new Error(
      `npm ci did not install the dependencies (exit code ${code}).\n${output.trim()}\n` +
        'The first start needs the npm registry, and a clone that you may write to. Mend that and start again.',
    )
  }
  say(`dependencies installed in ${((Date.now() - started) / 1000).toFixed(1)} s`)
}

/**
 * Runs the npm that started us, on a Node outside of node_modules: npm ci deletes the one inside.
 * @param {string} root @param {string[]} args
 * @returns {Promise<{ code: number | null, output: string }>}
 */
function npm(root, args) {
  const inside = join(root, 'node_modules')
  const path = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((entry) => !entry.startsWith(inside))
    .join(delimiter)
  const outerNode = [process.env.npm_node_execpath, process.execPath].find(
    (file) => file && !file.startsWith(inside) && existsSync(file),
  )
  const cli = process.env.npm_execpath
  const [command, first] =
    outerNode && cli?.endsWith('.js') && existsSync(cli) ? [outerNode, [cli]] : ['npm', []]
  // The lock's hashes make every cached tarball as good as a fresh one: asking the registry again only costs time.
  // Killed outright, we cannot stop it: it watches us itself, lest it write into the tree beside the next start's npm.
  const follow = `--import=${new URL('follow-parent.mjs', import.meta.url).href}`
  const env = { ...process.env, PATH: path, npm_config_prefer_offline: 'true', NODE_OPTIONS: follow }
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...first, ...args], {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (output += chunk))
    const parent = process.ppid
    let stoppedBy = 0
    const stop = (/** @type {NodeJS.Signals} */ signal) => {
      if (stoppedBy !== 0) return
      stoppedBy = signal === 'SIGINT' ? 130 : 143
      process.kill(-(child.pid ?? 0), 'SIGTERM')
      setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), 3000).unref()
    }
    const orphaned = setInterval(() => process.ppid !== parent && stop('SIGTERM'), 250)
    for (const signal of signals) process.on(signal, stop)
    const finish = () => {
      clearInterval(orphaned)
      for (const signal of signals) process.off(signal, stop)
      // The lock is released only now: nothing of ours writes into the tree any more.
      if (stoppedBy !== 0) process.exit(stoppedBy)
    }
    child.on('error', (error) => {
      finish()
      reject(
        new Error(
          `npm could not be started (${error.message}): install npm, which comes with Node, and start again.`,
        ),
      )
    })
    child.on('close', (code) => {
      finish()
      resolve({ code, output })
    })
  })
}
