import type { ChildProcess } from 'node:child_process'
import { chown, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from './log.ts'
import { freePort } from './port.ts'
import { binaries, exists, requireReachable } from './postgres-binaries.ts'
import { loadDriver } from './postgres-driver.ts'
import { endPredecessor } from './postgres-predecessor.ts'
import { finished, nobody, run } from './postgres-run.ts'
import { messageOf, problem } from './problem.ts'

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
  // A first start that was killed left its own, with a password in it.
  for (const name of await readdir(folder))
    if (/^(data|password)\.\d+$/.test(name)) await rm(join(folder, name), { recursive: true, force: true })
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

async function ready(url: string, child: ChildProcess, output: () => string): Promise<string> {
  const deadline = Date.now() + 30_000
  const target = new URL(url)
  target.pathname = '/postgres'
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw problem('internal', `PostgreSQL ended while it started: ${output().trim().slice(-1_000)}`)
    }
    const { Client } = loadDriver()
    const client = new Client({ connectionString: target.href, connectionTimeoutMillis: 2_000 })
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
