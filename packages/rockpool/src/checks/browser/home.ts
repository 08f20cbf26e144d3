import { mkdir, mkdtemp, lstat, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setpriv } from '../process/spawn.ts'

/*
 * The one folder of a browser: its profile, its temporary files, what it downloads, and what goes out of it. Everything
 * that a browser writes is in there, so nothing is left once it is removed. The folder's name says who made it: what a
 * process left that was killed is swept before the next browser starts.
 *
 *   rockpool-browser-<pid>-<start time>-…/
 *     chromium     a script that ties the browser's life to that of the check's process
 *     profile/  traces/  artifacts/  downloads/  out/
 */

const prefix = 'rockpool-browser-'

/** A browser makes a socket deep in it, whose whole path has 107 bytes at most (unix(7)). */
function shortTmpdir(): string {
  return tmpdir().length <= 24 ? tmpdir() : '/tmp'
}

/** Made by the check's parent, used by the check's process. */
export interface BrowserHome {
  readonly folder: string
  /** What to start as the browser. */
  readonly launcher: string
  /** Ends the browser with everything it started, where it still runs, and removes the folder. */
  close(): Promise<void>
}

export async function createBrowserHome(
  chromium: string,
  parent: string = shortTmpdir(),
): Promise<BrowserHome> {
  await sweepHomes(parent)
  const owner = [process.pid, (await startTime(process.pid)) ?? 0].map((value) => value.toString(36))
  const folder = await mkdtemp(join(parent, `${prefix}${owner.join('-')}-`))
  for (const name of ['profile', 'traces', 'artifacts', 'downloads', 'out']) await mkdir(join(folder, name))
  const launcher = join(folder, 'chromium')
  const tie = setpriv ? `${setpriv} --pdeathsig KILL -- ` : ''
  await writeFile(launcher, `#!/bin/sh\nexec ${tie}${quoted(chromium)} "$@"\n`, { mode: 0o700 })
  return { folder, launcher, close: () => removeHome(folder) }
}

/** Removes the folders of processes that are gone, with browsers that may still run there. */
export async function sweepHomes(parent: string = shortTmpdir()): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    const [, pid, started] = new RegExp(`^${prefix}([0-9a-z]+)-([0-9a-z]+)-\\w+$`).exec(name) ?? []
    if (pid === undefined || (await isAlive(Number.parseInt(pid, 36), Number.parseInt(started ?? '', 36))))
      continue
    const folder = join(parent, name)
    const { uid } = await lstat(folder).catch(() => ({ uid: -1 }))
    if (uid === process.getuid?.()) await removeHome(folder).catch(() => {})
  }
}

async function removeHome(folder: string): Promise<void> {
  const ends = performance.now() + 5_000
  // A browser is many processes, some of them outside of its process group; while one lives, it writes.
  for (let pids = await processesIn(folder); pids.length > 0; pids = await processesIn(folder)) {
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It has gone meanwhile.
      }
    }
    if (performance.now() > ends) break
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
}

/** Processes that were started with this folder in their command line: that is what makes them ours, not a remembered pid. */
async function processesIn(folder: string): Promise<number[]> {
  const pids = (await readdir('/proc').catch(() => [])).map(Number).filter((pid) => pid > 1)
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return pids.filter((pid, index) => pid !== process.pid && lines[index]!.includes(`${folder}/`))
}

async function isAlive(pid: number, started: number): Promise<boolean> {
  if (process.platform === 'linux') return (await startTime(pid)) === started
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/**
 * Ticks since the machine's start (proc(5), field 22): with it a pid is never mistaken. Undefined: there is none, or it is
 * dead and only waits to be waited for (field 3).
 */
async function startTime(pid: number): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  if (stat === undefined) return undefined
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : Number(fields[19])
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
