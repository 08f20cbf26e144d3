import { spawnSync } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path'

const passedOn = ['HOME', 'USER', 'LOGNAME', 'TZ', 'LANG', 'LC_ALL', 'LC_CTYPE', 'TMPDIR']
const trustStores = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR']

/** What every process gets of the agent's own environment; our Node comes first on PATH, whatever the machine has. */
export function baseEnvironment(own: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const environment: Record<string, string> = {
    PATH: [dirname(process.execPath), own['PATH'] ?? '/usr/local/bin:/usr/bin:/bin'].join(delimiter),
  }
  for (const name of [...passedOn, ...trustStores]) {
    const value = own[name]
    if (value !== undefined) environment[name] = value
  }
  return environment
}

/** The file that the program's name stands for, or undefined if there is none that may be run. */
export function findProgram(program: string, folder: string, path: string): string | undefined {
  if (program.includes('/'))
    return isExecutable(resolve(folder, program)) ? resolve(folder, program) : undefined
  return path
    .split(delimiter)
    .filter((entry) => isAbsolute(entry))
    .map((entry) => join(entry, program))
    .find(isExecutable)
}

/** `node` is the Node that runs Rockpool; running from source it strips the types of workspace packages too. */
export function nodeCommand(args: readonly string[], fromSource = import.meta.url.endsWith('.ts')): string[] {
  return [process.execPath, ...(fromSource ? ['--conditions=@rockpool/source'] : []), ...args]
}

/**
 * A way to spawn that has the kernel kill a process when its agent dies, however it dies: setpriv(1), where there is
 * one that knows the option (Linux, and not busybox's). It reaches the direct child alone; the rest of its family is
 * swept by the next agent.
 */
export function findBinder(): (command: readonly string[]) => string[] {
  const path =
    process.platform === 'linux' ? findProgram('setpriv', '/', '/usr/bin:/bin:/usr/local/bin') : undefined
  const knowsIt =
    path !== undefined &&
    spawnSync(path, ['--pdeathsig', 'KILL', '--', path, '--version'], { stdio: 'ignore' }).status === 0
  return (command) => (knowsIt ? [path, '--pdeathsig', 'KILL', '--', ...command] : [...command])
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
