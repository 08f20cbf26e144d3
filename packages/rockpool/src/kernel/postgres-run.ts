import { spawn } from 'node:child_process'
import type { ChildProcess, SpawnOptions } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants as osConstants, tmpdir } from 'node:os'

/** Whom Postgres runs as when we are root, which it refuses. */
export const nobody = { uid: 65_534, gid: 65_534 }

/**
 * As root the program runs as nobody. Where setpriv(1) is there, a server also gets SIGINT (Postgres' fast shutdown)
 * from the kernel when this process dies, however it dies; elsewhere the next start stops what was left.
 */
export function run(program: string, args: string[], asRoot: boolean, bound = false): ChildProcess {
  const options: SpawnOptions = {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    cwd: tmpdir(),
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
  }
  if (bound && process.platform === 'linux' && existsSync('/usr/bin/setpriv')) {
    const drop = asRoot ? [`--reuid=${nobody.uid}`, `--regid=${nobody.gid}`, '--clear-groups'] : []
    return spawn('/usr/bin/setpriv', ['--pdeathsig', 'INT', ...drop, '--', program, ...args], options)
  }
  return spawn(program, args, { ...options, ...(asRoot ? nobody : {}) })
}

/** The exit code of a child; 127 when it could not be started. */
export function finished(child: ChildProcess): Promise<{ code: number }> {
  return new Promise((resolve) => {
    child.once('error', () => resolve({ code: 127 }))
    child.once('close', (code, signal) =>
      resolve({ code: code ?? 128 + (signal ? osConstants.signals[signal] : 0) }),
    )
  })
}
