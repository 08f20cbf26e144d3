// The other side of a proxy, in one process on one core: the load client, and the upstream. One process, because two that
// share a core wait for each other's time slices, and a latency would tell of the scheduler.
// Told what to do by messages of load.mjs; ends with its parent.
import { openConnection } from './connection.mjs'
import { closedLoop, openLoop } from './loops.mjs'
import { bodies, startUpstream } from './upstream.mjs'

/** @typedef {import('./connection.mjs').Connection} Connection */
/** @typedef {{ port: number, encrypted: boolean, body: string, requests: string[], addresses?: string[] }} Opening */

/** At once; more would wait in the queue of the listening socket, and beyond it be refused. */
const openingAtOnce = 100

/** @type {Connection[]} */
let connections = []
/** @type {Promise<never>} */
let failure = new Promise(() => {})

const operations = {
  startUpstream,

  /** One connection per request text; with `addresses` from these in turn. @param {Opening} opening */
  async open({ port, encrypted, body, requests, addresses = [] }) {
    const expected = bodies[body]
    if (!expected) throw new Error(`the upstream has no "${body}"`)
    /** @type {PromiseWithResolvers<never>} */
    const failed = Promise.withResolvers()
    failed.promise.catch(() => {})
    failure = failed.promise
    for (let at = 0; at < requests.length; at += openingAtOnce) {
      const some = requests.slice(at, at + openingAtOnce).map((request, index) => {
        const localAddress = addresses[(at + index) % addresses.length]
        const options = {
          port,
          encrypted,
          request,
          body: expected,
          ...(localAddress && { localAddress }),
        }
        return openConnection(options, failed.reject)
      })
      connections.push(...(await Promise.all(some)))
    }
  },

  /** One request on each connection, a few at a time. */
  async askOnce() {
    for (let at = 0; at < connections.length; at += openingAtOnce)
      await closedLoop(connections.slice(at, at + openingAtOnce), 0, failure)
  },

  /** Rejects when a connection was lost meanwhile. */
  stillOpen: () => Promise.race([failure, Promise.resolve(connections.length)]),

  /** @param {{ ms: number }} options */
  closedLoop: ({ ms }) => closedLoop(connections, ms, failure),

  /** @param {{ rate: number, ms: number }} options */
  openLoop: ({ rate, ms }) => openLoop(connections, rate, ms, failure),

  async close() {
    for (const connection of connections) connection.close()
    connections = []
  },
}

/** @param {{ id: number, operation: keyof typeof operations, options: never }} call */
async function answer({ id, operation, options }) {
  try {
    process.send?.({ id, result: await operations[operation](options) })
  } catch (error) {
    process.send?.({ id, error: error instanceof Error ? error.message : String(error) })
  }
}

process.on('message', (message) => void answer(/** @type {Parameters<typeof answer>[0]} */ (message)))
process.on('disconnect', () => process.exit())
