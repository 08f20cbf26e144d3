import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'

/** One live process. A pid alone says nothing, for pids are used again: pid and start time together do. */
export interface ProcessEntry {
  pid: number
  /** The process group's id. */
  group: number
  /** Opaque; equal for the same process only. */
  startTime: string
}

const procfs = process.platform === 'linux'
/** A start time counts ticks since boot, so it identifies a process within one boot only. */
const boot = procfs ? readOrEmpty('/proc/sys/kernel/random/boot_id').trim() : ''

/** The process with this pid, or undefined; one that has ended and was not yet reaped counts as gone. */
export function readProcess(pid: number): ProcessEntry | undefined {
  if (procfs) return parseStat(pid, readOrEmpty(`/proc/${pid}/stat`))
  return listByPs(['-p', String(pid)])[0]
}

/** Whether this very process still lives. */
export function isAlive(pid: number, startTime: string): boolean {
  return readProcess(pid)?.startTime === startTime
}

export function listProcesses(): ProcessEntry[] {
  if (!procfs) return listByPs(['-ax'])
  const entries: ProcessEntry[] = []
  for (const name of readdirSync('/proc')) {
    const pid = Number(name)
    const entry = Number.isInteger(pid) ? readProcess(pid) : undefined
    if (entry) entries.push(entry)
  }
  return entries
}

/** An environment variable that the process was started with; undefined where it has none, or the system does not tell. */
export function readEnvironment(pid: number, variable: string): string | undefined {
  if (!procfs) return undefined
  const entries = readOrEmpty(`/proc/${pid}/environ`).split('\0')
  return entries.find((entry) => entry.startsWith(`${variable}=`))?.slice(variable.length + 1)
}

/** Whether the process was started with this environment variable; false where the system does not tell. */
export function startedWith(pid: number, variable: string, value: string): boolean {
  return readEnvironment(pid, variable) === value
}

/** proc_pid_stat(5): the name in parentheses may hold blanks and parentheses, so the fields count from the last one. */
export function parseStat(pid: number, stat: string): ProcessEntry | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state, , group] = fields
  const startTime = fields[19] // field 22; the first two are cut off, and the count starts at 1
  if (startTime === undefined || state === 'Z' || state === 'X') return undefined
  return { pid, group: Number(group), startTime: `${boot}:${startTime}` }
}

function listByPs(selection: readonly string[]): ProcessEntry[] {
  let text: string
  try {
    text = execFileSync('ps', [...selection, '-o', 'pid=,pgid=,stat=,lstart='], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  } catch {
    return []
  }
  return text.split('\n').flatMap((line) => {
    const [, pid, group, state, startTime] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(line) ?? []
    if (pid === undefined || startTime === undefined || state?.startsWith('Z')) return []
    return [{ pid: Number(pid), group: Number(group), startTime }]
  })
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
