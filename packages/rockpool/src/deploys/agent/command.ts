import { spawnSync } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path'
import { markVariable } from './family.ts'
import type { ProcessSpec } from './types.ts'

const passedOn = ['HOME', 'USER', 'LOGNAME', 'TZ', 'LANG', 'LC_ALL', 'LC_CTYPE', 'TMPDIR']
/** Where Node keeps what it compiled: a start from sources takes half the time. */
const compileCache = 'NODE_COMPILE_CACHE'
const trustStores = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR']

/** What every process gets of the agent's own environment; our Node comes first on PATH, whatever the machine has. */
function baseEnvironment(own: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const environment: Record<string, string> = {
    PATH: [dirname(process.execPath), own['PATH'] ?? '/usr/local/bin:/usr/bin:/bin'].join(delimiter),
  }
  for (const name of [...passedOn, ...trustStores, compileCache]) {
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
function nodeCommand(args: readonly string[], fromSource = import.meta.url.endsWith('.ts')): string[] {
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

/** The command with its program found, or what is missing on this machine, in words. */
export function resolveCommand(spec: ProcessSpec): { found: string[] } | { missing: string } {
  const { PATH = '' } = baseEnvironment()
  for (const program of spec.requires ?? []) {
    if (!findProgram(program, spec.folder, PATH))
      return { missing: `${program} is not installed on this machine` }
  }
  const [program = '', ...args] = spec.command
  if (program === 'node') return { found: nodeCommand(args) }
  const found = findProgram(program, spec.folder, PATH)
  return found ? { found: [found, ...args] } : { missing: `there is no program ${program} on this machine` }
}

/** All that a process gets: its own variables cannot move its port, nor take off its mark. */
export function environmentOf(spec: ProcessSpec, port: number | null, url: string | null, mark: string) {
  const own = typeof spec.env === 'function' ? spec.env({ port: port ?? 0, url: url ?? '' }) : spec.env
  const address = port === null ? {} : { PORT: String(port), HOST: '127.0.0.1' }
  return { ...baseEnvironment(), ...own, ...address, [markVariable]: mark }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
