// The load process as the area sees it.
import { fileURLToPath } from 'node:url'
import { startPinned } from './processes.mjs'

const script = fileURLToPath(new URL('load-process.mjs', import.meta.url))

/**
 * @typedef {import('./load-process.mjs').Opening} Opening
 * @typedef {{ p50: number, p99: number, lateP99: number, unanswered: number }} Latencies milliseconds
 * @typedef {object} Load every call rejects when an answer was not 200, not complete or not what the upstream sent
 * @property {number} upstream port
 * @property {(opening: Opening) => Promise<void>} open
 * @property {() => Promise<void>} askOnce one request on each connection
 * @property {() => Promise<number>} stillOpen
 * @property {(ms: number) => Promise<number>} closedLoop how many requests were answered
 * @property {(rate: number, ms: number) => Promise<Latencies>} openLoop `rate`: per second
 * @property {() => Promise<void>} close its connections
 */

/** @param {number} core @returns {Promise<Load>} */
export async function startLoad(core) {
  const { child, ended } = startPinned(core, process.execPath, [script])
  /** @type {Map<number, PromiseWithResolvers<any>>} */
  const open = new Map()
  let last = 0
  child.on('message', (message) => {
    const { id, result, error } = /** @type {{ id: number, result: unknown, error?: string }} */ (message)
    if (error === undefined) open.get(id)?.resolve(result)
    else open.get(id)?.reject(new Error(error))
    open.delete(id)
  })
  /** @type {Error | undefined} */
  let over
  void ended.then((said) => {
    over = new Error(`the load process ended:\n${said}`)
    for (const { reject } of open.values()) reject(over)
  })

  /** @param {string} operation @param {unknown} [options] */
  const call = (operation, options) => {
    if (over) return Promise.reject(over)
    const id = ++last
    const answer = Promise.withResolvers()
    open.set(id, answer)
    // Where it cannot be sent the process has ended, and what it said then tells more.
    child.send({ id, operation, options }, () => {})
    return answer.promise
  }

  return {
    upstream: await call('startUpstream'),
    open: (opening) => call('open', opening),
    askOnce: () => call('askOnce'),
    stillOpen: () => call('stillOpen'),
    closedLoop: async (ms) => (await call('closedLoop', { ms })).requests,
    openLoop: (rate, ms) => call('openLoop', { rate, ms }),
    close: () => call('close'),
  }
}
