import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { customer } from './customer.ts'

/*
 * The running product, as a test sees it: a copy of examples/shop (so that a test may break its source), a data folder
 * of its own, `rockpool up` as a process, and the CLI. Nothing here reaches round the public API, the CLI or the page.
 */

export const root = fileURLToPath(new URL('../../../../', import.meta.url))
const bin = join(root, 'packages/rockpool/bin/rockpool.mjs')

/** The Node that runs this test, with what makes our sources run. */
const environment = { ...process.env, NODE_OPTIONS: '--conditions=@rockpool/source', NO_COLOR: '1' }

export interface Finished {
  code: number
  stdout: string
  stderr: string
}

export interface TestShop {
  /** The copy of examples/shop. */
  folder: string
  data: string
  /** Replaces exact source text once; fails if it is not there exactly once. */
  patch(file: string, find: string, replacement: string): Promise<void>
  /** Writes a file of its own into the copy. */
  write(file: string, text: string): Promise<void>
  /** Puts the file back as it is in the repository. */
  restore(file: string): Promise<void>
  remove(): Promise<void>
}

export interface Installation extends TestShop {
  gateway: string
  control: string
  process: ChildProcess
  /** What the CLI is run with: a HOME of its own, where it is signed in. */
  environment: NodeJS.ProcessEnv
  /** Runs a CLI command against this installation. */
  cli(...args: string[]): Promise<Finished>
  /** The same, parsed: every line of stdout is one JSON value. */
  json<T = Record<string, unknown>>(...args: string[]): Promise<T[]>
  /** Calls the control API as whoever is signed in; throws what is not 2xx. Quicker than the CLI, for what is not its proof. */
  api<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T>
  /** The processes of a service or of a role (`rockpool-runner`), by pid. */
  pid(name: string): Promise<number>
  /** Stops it cleanly; the data stays. */
  stop(): Promise<void>
  /** Kills the supervisor alone, with -9. */
  kill(): Promise<void>
}

/** A copy of the shop in a temporary folder that resolves packages as the original does. */
export async function copyShop(): Promise<TestShop> {
  const base = await mkdtemp(join(tmpdir(), 'rockpool-shop-'))
  await makeReachable(base)
  const folder = join(base, 'shop')
  await cp(join(root, 'examples/shop'), folder, {
    recursive: true,
    filter: (source) => !source.includes('node_modules') && !source.includes('dist'),
  })
  await symlink(join(root, 'node_modules'), join(base, 'node_modules'))
  const data = join(base, 'data')
  await mkdir(data)
  await makeReachable(data)
  return {
    folder,
    data,
    async patch(file, find, replacement) {
      const path = join(folder, file)
      const text = await readFile(path, 'utf8')
      const times = text.split(find).length - 1
      if (times !== 1) throw new Error(`“${find}” stands ${times} times in ${file}`)
      await writeFile(
        path,
        text.replace(find, () => replacement),
      )
    },
    write: (file, text) => writeFile(join(folder, file), text),
    restore: (file) => cp(join(root, 'examples/shop', file), join(folder, file)),
    remove: () => rm(base, { recursive: true, force: true }),
  }
}

export interface StartOptions {
  shop?: TestShop
  /** Further arguments of `rockpool up`. */
  args?: string[]
  /** Further environment of `rockpool up`. */
  env?: Record<string, string>
  config?: string
  /** Hears what it says while it starts. */
  onProgress?: (text: string) => void
  /** Hears its results, such as the link that signs a browser in. */
  onOutput?: (text: string) => void
}

/** Starts `rockpool up` and resolves once it says that it is ready. */
export async function startInstallation(options: StartOptions = {}): Promise<Installation> {
  const shop = options.shop ?? (await copyShop())
  const home = join(shop.folder, '..', 'home')
  await mkdir(home, { recursive: true })
  const config = options.config ?? join(shop.folder, 'rockpool.config.ts')
  const target = ['--installation', 'local', '--config', config, '--data', shop.data]
  const env = { ...environment, HOME: home, XDG_CONFIG_HOME: join(home, '.config'), ...options.env }
  const child = spawn(process.execPath, [bin, 'up', '--json', ...target, ...(options.args ?? [])], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  })
  child.stderr.on('data', (chunk: Buffer) => options.onProgress?.(chunk.toString()))
  child.stdout.on('data', (chunk: Buffer) => options.onOutput?.(chunk.toString()))
  const ready = await readyLine(child)
  const cli = (...args: string[]) => run([bin, ...args, ...target], env)
  const installation: Installation = {
    ...shop,
    gateway: ready.gateway,
    control: ready.control,
    process: child,
    environment: env,
    cli,
    async json<T>(...args: string[]) {
      const { stdout, stderr, code } = await cli(...args, '--json')
      if (stdout.trim() === '')
        throw new Error(`rockpool ${args.join(' ')} said nothing (exit ${code}): ${stderr}`)
      return stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as T)
    },
    async api<T>(method: string, path: string, body?: unknown) {
      const file = join(home, '.config/rockpool/credentials.json')
      const [credential] = Object.values(JSON.parse(await readFile(file, 'utf8')) as Record<string, string>)
      const { status, body: answer } = await customer(ready.control, credential).call(method, path, body)
      if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(answer)}`)
      return answer as T
    },
    async pid(name) {
      const mark = JSON.parse(await readFile(join(shop.data, 'processes', `${name}.json`), 'utf8')) as {
        pid: number
      }
      return mark.pid
    },
    stop: () => end(child, 'SIGTERM'),
    kill: () => end(child, 'SIGKILL'),
  }
  const signedIn = await cli('login')
  if (signedIn.code !== 0) {
    await installation.stop()
    throw new Error(`rockpool login failed: ${signedIn.stderr}`)
  }
  return installation
}

/** Runs a program of ours to its end. */
export async function run(
  args: string[],
  env: NodeJS.ProcessEnv = environment,
  cwd = root,
): Promise<Finished> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env, cwd })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const code = await new Promise<number>((resolve) => child.once('close', (value) => resolve(value ?? -1)))
  return { code, stdout, stderr }
}

export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('close', resolve))
  child.kill(signal)
  await ended
}

async function readyLine(child: ChildProcess): Promise<{ gateway: string; control: string }> {
  let stdout = ''
  let stderr = ''
  child.stderr!.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-8_000)))
  return new Promise((resolve, reject) => {
    child.once('close', (code) => reject(new Error(`rockpool up ended with ${code}:\n${stdout}${stderr}`)))
    child.stdout!.on('data', (chunk: Buffer) => {
      stdout += chunk.toString()
      const line = stdout.split('\n').find((text) => text.startsWith('{"ready":true'))
      if (line) resolve(JSON.parse(line) as { gateway: string; control: string })
    })
  })
}

async function makeReachable(folder: string): Promise<void> {
  const { chmod } = await import('node:fs/promises')
  await chmod(folder, 0o755)
}
