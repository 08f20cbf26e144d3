// Mocks as processes: ours as its command starts it, and Prism; and how many good requests they answer for a second of CPU.
import { spawn } from 'node:child_process'
import { Agent, request as httpRequest } from 'node:http'
import { fileURLToPath } from 'node:url'
import { cpuMicroseconds, freePort } from '../gateway/processes.mjs'
import { stopAtEnd } from '../rockpool.mjs'

const ours = fileURLToPath(new URL('../../packages/rockpool/dist/cli/main.js', import.meta.url))
const prism = fileURLToPath(new URL('../node_modules/@stoplight/prism-cli/dist/index.js', import.meta.url))
const startMs = 60_000
const connections = 16

/**
 * @typedef {{ name: string, port: number, pid: number, stop: () => Promise<void> }} MockProcess
 * @typedef {{ method: string, path: string, body?: string }} Ask
 */

/** @param {'rockpool' | 'prism'} name @param {string} file @returns {Promise<MockProcess>} before it serves */
export async function startMock(name, file) {
  const port = await freePort()
  const args =
    name === 'prism'
      ? [prism, 'mock', file, '--port', String(port), '--host', '127.0.0.1', '--verboseLevel', 'silent']
      : [ours, 'contract', 'mock', file, '--port', String(port), '--stateless']
  const { NODE_OPTIONS: _, ...env } = process.env
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'], env })
  let said = ''
  child.stderr.on('data', (chunk) => (said = `${said}${chunk}`.slice(-5_000)))
  const ended = new Promise((resolve) => child.once('close', resolve))
  child.once('close', (code) => {
    if (code) console.error(`${name} ended: ${said}`)
  })
  const stop = stopAtEnd(async () => {
    child.kill('SIGKILL')
    await ended
  })
  return { name, port, pid: child.pid ?? 0, stop }
}

/** Asks until there is an answer. @param {MockProcess} mock @param {Ask} what @returns {Promise<number>} seconds from now */
export async function firstAnswer(mock, what) {
  const began = performance.now()
  while (performance.now() - began < startMs) {
    const status = await ask(mock.port, what, undefined).catch(() => 0)
    if (status >= 200 && status < 300) return (performance.now() - began) / 1000
    if (status > 0) throw new Error(`${mock.name} answered ${status} to ${what.method} ${what.path}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new Error(`${mock.name} answered nothing within ${startMs / 1000} s`)
}

/**
 * Requests that were answered well, for each second of CPU of the mock. @param {MockProcess} mock @param {Ask[]} asks in turns
 * @param {number} ms
 */
export async function requestsPerCpuSecond(mock, asks, ms) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const until = performance.now() + ms
  const before = cpuMicroseconds(mock.pid)
  let answered = 0
  const worker = async (/** @type {number} */ first) => {
    for (let index = first; performance.now() < until; index++) {
      const what = asks[index % asks.length]
      if (!what) return
      const status = await ask(mock.port, what, agent)
      if (status < 200 || status >= 300)
        throw new Error(`${mock.name}: ${what.method} ${what.path}: ${status}`)
      answered++
    }
  }
  try {
    await Promise.all(Array.from({ length: connections }, (_, index) => worker(index)))
  } finally {
    agent.destroy()
  }
  return answered / ((cpuMicroseconds(mock.pid) - before) / 1e6)
}

/** @param {number} port @param {Ask} what @param {Agent | undefined} agent @returns {Promise<number>} status */
function ask(port, { method, path, body }, agent) {
  const headers = {
    accept: 'application/json',
    // Prism asks for the credentials that the document names.
    api_key: 'any',
    authorization: 'Bearer any',
    ...(body === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
  }
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { port, host: '127.0.0.1', method, path, headers, agent: agent ?? false },
      (response) => {
        response.resume()
        response.on('end', () => resolve(response.statusCode ?? 0))
      },
    )
    request.on('error', reject)
    request.end(body)
  })
}
