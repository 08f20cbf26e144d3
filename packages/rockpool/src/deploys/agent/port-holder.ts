import { readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { markVariable, type Family } from './family.ts'
import { listProcesses, readEnvironment } from './process-table.ts'

/**
 * Whether the port is listened at by another family: a port is chosen before its process listens, so another Rockpool
 * may take it in between, and answer in its place. False where the system does not tell (no /proc, another user's
 * process), and for listeners that carry no mark: a container's proxy answers for the one that started it.
 */
export function isHeldByAnotherFamily(port: number, family: Family): boolean {
  const sockets = listeningSockets(port)
  const holds = (pid: number) => socketsOf(pid).some((socket) => sockets.has(socket))
  if (sockets.size === 0 || (family.pid !== null && holds(family.pid))) return false
  const marks = listProcesses()
    .filter(({ pid }) => holds(pid))
    .map(({ pid }) => readEnvironment(pid, markVariable))
  return marks.some((mark) => mark !== undefined) && !marks.includes(family.mark)
}

/** proc_pid_net(5): the second field is the local address in hexadecimal, the fourth the state, the tenth the inode. */
function listeningSockets(port: number): Set<string> {
  const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const lines = ['tcp', 'tcp6'].flatMap((table) => readOrEmpty(`/proc/net/${table}`).split('\n'))
  return new Set(
    lines
      .map((line) => line.trim().split(/\s+/))
      .filter(([, local, , state]) => local?.endsWith(end) && state === '0A')
      .map((fields) => `socket:[${fields[9]}]`),
  )
}

function socketsOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`
  try {
    return readdirSync(folder).map((descriptor) => readLink(`${folder}/${descriptor}`))
  } catch {
    return [] // it ended, or is another user's
  }
}

function readLink(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return '' // closed in between
  }
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
