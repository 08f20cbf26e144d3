// Chromium for checks with a page. Where it can be installed (Debian, as root) the set-up does it, and `npm run demo` once;
// elsewhere such checks are uncheckable, and say the command that mends it. Plain Node 20: this runs before anything is built.
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, readdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, isAbsolute, join } from 'node:path'
import { say } from './say.mjs'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** @param {string} path */
function canRun(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * Whether the product would find one (packages/rockpool/src/checks/browser/find.ts decides; a test holds both together).
 * @param {NodeJS.ProcessEnv} environment
 */
export function hasChromium(environment = process.env) {
  const given = environment.ROCKPOOL_CHROMIUM
  if (given) return isAbsolute(given) && canRun(given)
  const folders = (environment.PATH ?? '').split(delimiter).filter((folder) => isAbsolute(folder))
  if (folders.some((folder) => names.some((name) => canRun(join(folder, name))))) return true
  const cache =
    environment.PLAYWRIGHT_BROWSERS_PATH ??
    (process.platform === 'darwin'
      ? join(environment.HOME ?? homedir(), 'Library', 'Caches', 'ms-playwright')
      : join(environment.XDG_CACHE_HOME ?? join(environment.HOME ?? homedir(), '.cache'), 'ms-playwright'))
  try {
    return readdirSync(cache).some(
      (name) =>
        /^chromium(_headless_shell)?-\d+$/.test(name) &&
        existsSync(join(cache, name, 'INSTALLATION_COMPLETE')),
    )
  } catch {
    return false
  }
}

const debianPackage = 'chromium'
// A mirror that does not answer is given up soon: whoever waits here wants to see something else.
const install = `apt-get -o Acquire::http::Timeout=10 -o Acquire::Retries=0 install -y --no-install-recommends ${debianPackage}`

/**
 * Installs Chromium if there is none and it can be done here. What came of it is kept in the clone, so that a machine
 * without a network is asked once. Says one line at most; never fails.
 * @param {string} root of the clone
 * @param {{ environment?: NodeJS.ProcessEnv, isRoot?: boolean, shell?: (command: string, timeout: number) => number | null, tell?: (line: string) => void }} [options]
 */
export function prepareChromium(root, options = {}) {
  const { environment = process.env, isRoot = process.getuid?.() === 0, tell = say } = options
  const note = join(root, 'node_modules', '.rockpool-chromium')
  if (hasChromium(environment) || existsSync(note)) return
  const shell =
    options.shell ??
    ((command, timeout) =>
      spawnSync('sh', ['-c', command], {
        env: { ...environment, DEBIAN_FRONTEND: 'noninteractive' },
        stdio: 'ignore',
        timeout,
      }).status)
  if (isRoot && shell('command -v apt-get', 5_000) === 0) {
    tell('installing Chromium, once, for checks with a page (apt-get install chromium)')
    if (shell(install, 180_000) === 0) return
    // A fresh image has no package lists.
    if (shell('apt-get -o Acquire::http::Timeout=10 -o Acquire::Retries=0 update -qq', 60_000) === 0) {
      if (shell(install, 180_000) === 0) return
    }
  }
  try {
    writeFileSync(
      note,
      'It could not be installed here. Remove this file to try again, or install it yourself.\n',
    )
  } catch {
    // A tree that cannot be written to is asked again.
  }
}
