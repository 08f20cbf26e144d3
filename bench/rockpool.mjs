// A Rockpool of the benchmark's own: `rockpool up` with the example shop, on a data folder that is deleted at the end.
import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
export const cli = join(root, 'packages/rockpool/bin/rockpool.mjs')
export const onShop = ['--config', join(root, 'examples/shop/rockpool.config.ts'), '--installation', 'local']

/** @type {Set<() => Promise<void>>} */
const running = new Set()
/** @type {string[]} */
const folders = []

/** Ends what still runs and removes what was written; `run.mjs` calls it however the measuring ended. */
export async function cleanUp() {
  for (const stop of running) await stop()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
}

/**
 * Calls `stop` when the benchmark ends, however it ends, unless it was called before.
 * @param {() => Promise<void>} stop @returns {() => Promise<void>} what to call instead of it
 */
export function stopAtEnd(stop) {
  const once = async () => {
    if (running.delete(once)) await stop()
  }
  running.add(once)
  return once
}

/** A folder for data, removed when the benchmark ends. As root, Postgres runs as another user, who must reach it. */
export function dataFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'rockpool-bench-'))
  chmodSync(folder, 0o755)
  folders.push(folder)
  return folder
}

/**
 * @typedef {{ control: string, gateway: string, credential: string, readyMs: number, stop(): Promise<void> }} Rockpool
 * @param {string} data folder
 * @returns {Promise<Rockpool>} once it says that it is ready; `readyMs` counts from the start of the process
 */
export async function startRockpool(data) {
  const started = performance.now()
  const child = spawn(process.execPath, [cli, 'up', ...onShop, '--data', data, '--json'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (chunk) => (said += chunk))
  const ended = new Promise((resolve) => child.on('exit', resolve))
  const stop = async () => {
    running.delete(stop)
    child.kill('SIGTERM')
    await ended
  }
  running.add(stop)
  const ready = (async () => {
    for await (const line of createInterface(child.stdout)) {
      said += `${line}\n`
      const told = line.startsWith('{') ? JSON.parse(line) : {}
      if (told.ready) return told
    }
    throw new Error(`rockpool up ended before it was ready:\n${said}`)
  })()
  const { control, gateway } = await ready
  const readyMs = performance.now() - started
  return {
    control,
    gateway,
    readyMs,
    credential: readFileSync(join(data, 'owner.credential'), 'utf8').trim(),
    stop,
  }
}

/**
 * A call that must succeed.
 * @param {string} url @param {string} credential @param {{ method?: string, body?: unknown }} [options]
 * @returns {Promise<any>} the JSON answer
 */
export async function call(url, credential, { method = 'GET', body } = {}) {
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${credential}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${text}`)
  return text === '' ? undefined : JSON.parse(text)
}
