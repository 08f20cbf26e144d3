// How requests are sent: as fast as answers come (closed), or by the clock whatever becomes of the answers (open).
import { setTimeout as pause } from 'node:timers/promises'

/** @typedef {import('./connection.mjs').Connection} Connection */

/** How long answers may be missing after the last request was sent. */
const graceMs = 5_000

/**
 * Each connection sends its next request when its answer has come, for `ms`.
 * @param {Connection[]} connections @param {number} ms @param {Promise<never>} failure
 * @returns {Promise<{ requests: number }>} when all have their answers
 */
export async function closedLoop(connections, ms, failure) {
  const end = performance.now() + ms
  let requests = 0
  const all = connections.map(
    (connection) =>
      new Promise((/** @type {(value?: unknown) => void} */ resolve) => {
        const next = () => {
          requests += 1
          if (performance.now() < end) connection.ask(next)
          else resolve()
        }
        connection.ask(next)
      }),
  )
  const late = pause(ms + graceMs, undefined, { ref: false }).then(() => {
    throw new Error(`not all answers came within ${ms + graceMs} ms`)
  })
  late.catch(() => {}) // when nobody waits for it any more
  await Promise.race([failure, Promise.all(all), late])
  return { requests }
}

/**
 * `rate` requests per second for `ms`, each due at its own moment. A latency counts from there, also when no connection
 * was free then: what a slow proxy holds up is not left out.
 * @param {Connection[]} connections @param {number} rate @param {number} ms @param {Promise<never>} failure
 * @returns {Promise<{ p50: number, p99: number, lateP99: number, unanswered: number }>} milliseconds; `lateP99`: how late this
 *   client itself got to a request; `unanswered`: of these the latency is what they had waited for in the end
 */
export async function openLoop(connections, rate, ms, failure) {
  const total = Math.round((rate * ms) / 1000)
  const latencies = new Float64Array(total).fill(Number.NaN)
  const late = new Float64Array(total)
  // Requests wait in the order of their numbers: what waits is all from `sent` to `next`.
  const free = [...connections]
  let sent = 0
  let next = 0
  let answered = 0
  const start = performance.now() + 1
  const dueAt = (/** @type {number} */ number) => start + (number * 1000) / rate

  const all = new Promise((/** @type {(value?: unknown) => void} */ resolve) => {
    const send = (/** @type {Connection} */ connection) => {
      const number = sent++
      connection.ask(() => {
        latencies[number] = performance.now() - dueAt(number)
        answered += 1
        if (sent < next) send(connection)
        else free.push(connection)
        if (answered === total) resolve()
      })
    }
    const pump = () => {
      const now = performance.now()
      for (; next < total && dueAt(next) <= now; next++) late[next] = now - dueAt(next)
      while (sent < next) {
        const connection = free.shift()
        if (!connection) break
        send(connection)
      }
      // A timer is exact to the millisecond only.
      if (next < total) setImmediate(pump)
    }
    pump()
  })
  await Promise.race([failure, all, pause(ms + graceMs)])
  const now = performance.now()
  const waited = latencies.map((latency, number) => (Number.isNaN(latency) ? now - dueAt(number) : latency))
  return {
    p50: percentile(waited, 0.5),
    p99: percentile(waited, 0.99),
    lateP99: percentile(late, 0.99),
    unanswered: total - answered,
  }
}

/** @param {Float64Array} values @param {number} share */
function percentile(values, share) {
  values.sort()
  return values[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN
}
