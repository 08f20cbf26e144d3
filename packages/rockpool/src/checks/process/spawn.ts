import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

// The entry has our own extension: .ts from the sources, .js once built.
const source = import.meta.url.endsWith('.ts')
const entry = fileURLToPath(new URL(`../child/main.${source ? 'ts' : 'js'}`, import.meta.url))
const conditions = source ? ['--conditions=@rockpool/source'] : []

// util-linux: the kernel kills the child when its parent dies, even one that spins (man 2 prctl, PR_SET_PDEATHSIG).
// Elsewhere the child leaves when its channel closes, which a spinning one does not see.
export const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find(
  (path) => process.platform === 'linux' && existsSync(path),
)

/** All that a check sees of our environment: no secret of Rockpool's, and none of the person who runs it. */
const inherited =
  /^(PATH|HOME|USER|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|SSL_CERT_DIR)$/

export interface SpawnedChild {
  readonly process: ChildProcess
  /** The end of what it wrote to stderr by itself, such as V8's last words. */
  stderr(): string
  /** Ends it and everything it started, at once. */
  kill(): void
}

/** Starts a process for checks, in a process group of its own. `heapMb`: V8's limit. */
export function spawnChild(options: { heapMb: number; environment?: NodeJS.ProcessEnv }): SpawnedChild {
  const environment = Object.fromEntries(
    Object.entries(options.environment ?? process.env).filter(([name]) => inherited.test(name)),
  )
  const nodeArguments = [
    ...conditions,
    `--max-old-space-size=${options.heapMb}`,
    '--disable-warning=ExperimentalWarning',
  ]
  const child = fork(entry, [], {
    env: { ...environment, NO_COLOR: '1' },
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    ...(setpriv
      ? { execPath: setpriv, execArgv: ['--pdeathsig', 'KILL', '--', process.execPath, ...nodeArguments] }
      : { execArgv: nodeArguments }),
  })
  let tail = ''
  child.stderr?.on('data', (chunk: Buffer) => (tail = (tail + chunk.toString('utf8')).slice(-8_192)))
  // An error event without a listener would end the runner: `exit` tells what has to be known.
  child.on('error', () => {})

  return {
    process: child,
    stderr: () => tail,
    kill() {
      if (child.pid === undefined) return
      try {
        process.kill(-child.pid, 'SIGKILL')
      } catch {
        child.kill('SIGKILL')
      }
    },
  }
}

/** Resident memory in MiB; undefined where the system does not tell (no /proc), or the process is gone. */
export async function residentMb(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1_024
}
