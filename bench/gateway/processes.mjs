// Processes on a core of their own, and what the operating system says of them.
import { execFileSync, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer, connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { stopAtEnd } from '../rockpool.mjs'

const startMs = 30_000

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

/**
 * The core of the proxies, and that of everything else: of those that this process may use, the last two. Interrupts
 * rather come to the first.
 */
export function pickCores() {
  const list = /^Cpus_allowed_list:\s*(.*)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? ''
  const cores = list.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number)
    return Array.from({ length: last - first + 1 }, (_, index) => first + index)
  })
  const [others, proxies] = cores.slice(-2)
  if (others === undefined || proxies === undefined)
    throw new Error('this benchmark needs two cores: one for the proxy, one for its load')
  execFileSync('taskset', ['-cp', String(others), String(process.pid)], { stdio: 'ignore' })
  return { proxies, others }
}

/**
 * @typedef {{ pid: number, ended: Promise<string>, told: Promise<any>, child: import('node:child_process').ChildProcess, stop(): Promise<void> }} Pinned
 * `told`: the first message of a Node process; `ended`: what it said on stderr
 * @param {number} core @param {string} command @param {string[]} args
 * @param {{ stdout?: number | 'ignore', cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Pinned}
 */
export function startPinned(core, command, args, { stdout = 'ignore', cwd = '/', env = process.env } = {}) {
  const child = spawn('taskset', ['-c', String(core), command, ...args], {
    stdio: [
      'ignore',
      stdout,
      'pipe',
      ...(command === process.execPath ? [/** @type {const} */ ('ipc')] : []),
    ],
    cwd,
    env,
  })
  let said = ''
  child.stderr?.on('data', (chunk) => (said = `${said}${chunk}`.slice(-10_000)))
  const ended = new Promise((/** @type {(said: string) => void} */ resolve) =>
    child.once('close', () => resolve(said)),
  )
  const stop = stopAtEnd(async () => {
    child.kill('SIGTERM')
    const hard = setTimeout(() => child.kill('SIGKILL'), 10_000)
    await ended
    clearTimeout(hard)
  })
  const told = new Promise((resolve, reject) => {
    const late = setTimeout(
      () => reject(new Error(`${command} ${args.join(' ')} told nothing`)),
      startMs,
    ).unref()
    child.once('message', (message) => (clearTimeout(late), resolve(message)))
    child.once('error', reject)
    void ended.then((text) => reject(new Error(`${command} ${args.join(' ')} ended:\n${text}`)))
  })
  told.catch(() => {})
  return { pid: /** @type {number} */ (child.pid), child, ended, told, stop }
}

/** When something listens there. @param {number} port @param {Promise<string>} ended of the process that should */
export async function untilListening(port, ended) {
  /** @type {string | undefined} */
  let said
  void ended.then((text) => (said = text))
  const deadline = performance.now() + startMs
  while (!(await canConnect(port))) {
    if (said !== undefined) throw new Error(`a proxy ended before it listened:\n${said}`)
    if (performance.now() > deadline)
      throw new Error(`nothing listens on port ${port} after ${startMs / 1000} s`)
    await pause(20)
  }
}

/** @param {number} port @returns {Promise<boolean>} */
function canConnect(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => (socket.destroy(), resolve(true)))
    socket.once('error', () => resolve(false))
  })
}

/** A port that was free a moment ago. @returns {Promise<number>} */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
      server.close(() => resolve(port))
    })
  })
}

/** CPU time of a process and of all below it, user and system, in microseconds. @param {number} pid */
export function cpuMicroseconds(pid) {
  let ticks = 0
  // proc(5): fields 14 and 15 are utime and stime; counted from the last ')', because a name may hold anything.
  for (const [, fields] of family(pid)) ticks += Number(fields[11]) + Number(fields[12])
  return (ticks / ticksPerSecond) * 1e6
}

/**
 * While `work` runs, these processes and all below them stand still.
 * @template T @param {number[]} pids @param {() => Promise<T>} work @returns {Promise<T>}
 */
export async function besideStopped(pids, work) {
  const all = pids.flatMap((pid) => [...family(pid).keys()])
  const goOn = () => {
    for (const pid of all)
      try {
        process.kill(pid, 'SIGCONT')
      } catch {} // it has ended
  }
  process.once('exit', goOn)
  for (const pid of all) process.kill(pid, 'SIGSTOP')
  try {
    return await work()
  } finally {
    process.off('exit', goOn)
    goOn()
  }
}

/** Resident memory of a process and of all below it, in bytes. @param {number} pid */
export function residentBytes(pid) {
  let kibibytes = 0
  for (const [id] of family(pid)) {
    const status = readFileSync(`/proc/${id}/status`, 'utf8')
    kibibytes += Number(/^VmRSS:\s*(\d+)/m.exec(status)?.[1] ?? 0)
  }
  return kibibytes * 1024
}

/** How many files a process may have open; Node raises its own limit to this. */
export function mostOpenFiles() {
  const limits = readFileSync('/proc/self/limits', 'utf8')
  const most = /^Max open files +\S+ +(\S+)/m.exec(limits)?.[1]
  return most === 'unlimited' ? Number.POSITIVE_INFINITY : Number(most)
}

/** A process and its descendants: pid → fields of its stat, from the state on. @param {number} root */
function family(root) {
  /** @type {Map<number, string[]>} */
  const all = new Map()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      all.set(Number(name), stat.slice(stat.lastIndexOf(')') + 2).split(' '))
    } catch {} // it has ended
  }
  const own = new Map([...all].filter(([pid]) => pid === root))
  for (let size = 0; size !== own.size;) {
    size = own.size
    for (const [pid, fields] of all) if (own.has(Number(fields[1]))) own.set(pid, fields)
  }
  if (own.size === 0) throw new Error(`process ${root} has ended`)
  return own
}
