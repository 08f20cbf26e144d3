#!/usr/bin/env node
// The one launcher behind `npm run …`: installs what is missing, then runs the command on Node 24 from our sources.
// Needs nothing but Node 20.
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { ensureInstalled } from './install.mjs'
import { launch } from './launch.mjs'
import { prepareChromium } from './chromium.mjs'
import { findNode } from './node.mjs'
import { ensurePages } from './pages.mjs'
import { say } from './say.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const condition = '--conditions=@rockpool/source'
const cli = 'packages/rockpool/bin/rockpool.mjs'
/** Every process strips and compiles our sources anew otherwise, which is half of its start. */
const compileCache = join(root, 'node_modules', '.cache', 'node')

/** What each `npm run <name>` starts: a script with its first arguments; the user's own follow. */
const commands = {
  demo: [cli, 'up', '--config', 'examples/shop/rockpool.config.ts', '--installation', 'local'],
  rockpool: [cli],
  test: ['scripts/test.mjs'],
  setup: ['scripts/setup.mjs'],
  campaign: ['scripts/campaign.mjs'],
  bench: ['bench/run.mjs'],
  build: ['scripts/build.mjs'],
  screenshots: ['scripts/screenshots.mjs'],
  format: ['node_modules/oxfmt/bin/oxfmt'],
}

const [name = '', ...args] = process.argv.slice(2)
const command = /** @type {Record<string, string[] | undefined>} */ (commands)[name]

try {
  if (!command)
    throw new Error(`there is no command "${name}": try one of ${Object.keys(commands).join(', ')}`)
  await ensureInstalled(root)
  if (name === 'demo') prepareChromium(root)
  const node = findNode(root)
  if (!['setup', 'format'].includes(name)) await ensurePages(root, node)
  const bin = join(root, 'node_modules', '.bin')
  const [script = '', ...first] = command
  const follow = pathToFileURL(join(root, 'scripts', 'follow-parent.mjs')).href
  process.exitCode = await launch(node, ['--import', follow, join(root, script), ...first, ...args], {
    // The CLI belongs where the user stands; the house's own commands belong in the house.
    cwd: name === 'rockpool' ? (process.env.INIT_CWD ?? root) : root,
    env: {
      ...process.env,
      PATH: `${dirname(node)}${delimiter}${bin}${delimiter}${process.env.PATH ?? ''}`,
      NODE_OPTIONS: [process.env.NODE_OPTIONS, condition].filter(Boolean).join(' '),
      // A figure of a benchmark is of a process that starts without.
      ...(name === 'bench' ? {} : { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? compileCache }),
    },
  })
} catch (error) {
  say(error instanceof Error ? error.message : String(error))
  process.exitCode = 2
}
