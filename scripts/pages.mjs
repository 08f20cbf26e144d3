// Builds the pages of packages/dashboard when their sources have changed since they were built last. Runs on Node 20.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { withLock } from './lock.mjs'
import { say } from './say.mjs'

/** What a build is made of, besides the installed packages. */
const sources = ['index.html', 'vite.config.ts', 'tsconfig.json', 'package.json', 'src', '../client/src']

/** @param {string} folder @param {string} name @returns {string[]} paths in the folder, in a fixed order */
function filesOf(folder, name) {
  const path = join(folder, name)
  if (!existsSync(path)) return []
  if (statSync(path).isFile()) return [path]
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .map((file) => join(path, file))
    .filter((file) => !/\.test\.tsx?$/.test(file) && statSync(file).isFile())
    .toSorted()
}

/** The name of what belongs in dist. @param {string} root @param {string} folder */
function wantedStamp(root, folder) {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')))
  for (const file of sources.flatMap((name) => filesOf(folder, name))) {
    hash.update(`\0${relative(folder, file)}\0`).update(readFileSync(file))
  }
  return hash.digest('hex')
}

/**
 * Builds them, unless what is built is made of these very sources; one at a time, whoever starts.
 * @param {string} root the clone @param {string} node a Node that Vite runs on
 * @returns {Promise<void>} rejects with what the build says
 */
export async function ensurePages(root, node) {
  const folder = join(root, 'packages', 'dashboard')
  if (!existsSync(join(folder, 'index.html'))) return // a part of the house alone, as its own tests have it
  const stampFile = join(root, 'node_modules', '.rockpool-pages-stamp')
  const wanted = wantedStamp(root, folder)
  const current = () =>
    existsSync(join(folder, 'dist', 'index.html')) &&
    existsSync(stampFile) &&
    readFileSync(stampFile, 'utf8') === wanted
  if (current()) return
  await withLock(
    join(root, 'node_modules', '.pages.lock'),
    'another start is building the pages',
    async () => {
      if (current()) return
      const started = Date.now()
      const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
      const { status, stdout, stderr } = spawnSync(node, [vite, 'build', '--logLevel', 'warn'], {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, NODE_OPTIONS: '', NODE_ENV: 'production' },
      })
      if (status !== 0) throw new Error(`the pages could not be built:\n${`${stdout}${stderr}`.trim()}`)
      writeFileSync(stampFile, wanted)
      say(`pages built in ${((Date.now() - started) / 1000).toFixed(1)} s`)
    },
  )
}
