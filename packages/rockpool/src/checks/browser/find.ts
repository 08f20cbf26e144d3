import { access, constants, readdir } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, isAbsolute, join } from 'node:path'

/** Where a Chromium is, or in one sentence why there is none and the one command that brings it. */
export type FoundChromium = { path: string } | { missing: string }

export interface FindOptions {
  environment?: NodeJS.ProcessEnv
  platform?: NodeJS.Platform
  /** Where Playwright keeps the browsers that it downloaded; default: its own folder of this platform. */
  cache?: string
}

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** Looks where ROCKPOOL_CHROMIUM says; else on the PATH; else among the browsers that Playwright downloaded. */
export async function findChromium(options: FindOptions = {}): Promise<FoundChromium> {
  const { environment = process.env, platform = process.platform } = options
  const given = environment.ROCKPOOL_CHROMIUM
  if (given) {
    if (isAbsolute(given) && (await canRun(given))) return { path: given }
    return { missing: `ROCKPOOL_CHROMIUM names “${given}”, which is no program here: give an absolute path` }
  }
  const folders = (environment.PATH ?? '').split(delimiter).filter(isAbsolute)
  for (const name of names) {
    for (const folder of folders) {
      const path = join(folder, name)
      if (await canRun(path)) return { path }
    }
  }
  const downloaded = await findDownloaded(options.cache ?? cacheFolder(environment, platform))
  if (downloaded) return { path: downloaded }
  return { missing: `there is no Chromium for the page; install it: ${mendCommand(platform)}` }
}

/** The one command that brings a Chromium to this machine. */
export function mendCommand(platform: NodeJS.Platform = process.platform, root = isRoot()): string {
  const apt = 'apt-get install -y --no-install-recommends chromium'
  if (platform !== 'linux' || !existsSync('/usr/bin/apt-get')) return 'npx playwright-core install chromium'
  return root ? apt : `sudo ${apt}`
}

/** Chromium has a sandbox of its own; it refuses it to root, and a container often has no user namespaces for it. */
export function hasOwnSandbox(): boolean {
  const container =
    existsSync('/.dockerenv') || existsSync('/run/.containerenv') || Boolean(process.env.container)
  return !isRoot() && !container
}

function isRoot(): boolean {
  return process.getuid?.() === 0
}

async function canRun(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}

function cacheFolder(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const given = environment.PLAYWRIGHT_BROWSERS_PATH
  if (given && isAbsolute(given)) return given
  const home = environment.HOME ?? homedir()
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'ms-playwright')
  return join(environment.XDG_CACHE_HOME ?? join(home, '.cache'), 'ms-playwright')
}

/** `chromium-1200/chrome-linux64/chrome`, `chromium_headless_shell-1200/…`: the newest one that was downloaded whole. */
async function findDownloaded(cache: string): Promise<string | undefined> {
  const entries = await readdir(cache).catch(() => [])
  const builds = entries
    .map((name) => ({ name, build: Number(/^chromium(?:_headless_shell)?-(\d+)$/.exec(name)?.[1]) }))
    .filter(({ name, build }) => build > 0 && existsSync(join(cache, name, 'INSTALLATION_COMPLETE')))
    .toSorted((a, b) => b.build - a.build)
  for (const { name } of builds) {
    for (const inner of await readdir(join(cache, name)).catch(() => [])) {
      for (const program of programs) {
        const path = join(cache, name, inner, program)
        if (await canRun(path)) return path
      }
    }
  }
  return undefined
}

const programs = [
  'chrome',
  'headless_shell',
  'chrome-headless-shell',
  'Chromium.app/Contents/MacOS/Chromium',
  'Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
]
