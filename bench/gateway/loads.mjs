// The kinds of load, and one turn of each.
import { setTimeout as pause } from 'node:timers/promises'
import { cpuMicroseconds, residentBytes } from './processes.mjs'

/**
 * @typedef {import('./load.mjs').Load} Load
 * @typedef {import('./targets.mjs').Target} Target
 * @typedef {(count: number, name: string) => string[]} Requests
 */

const connections = 32
/** More than are ever busy at half load. */
const openLoopConnections = 64
export const idleConnections = 10_000
/** A gateway may bound the connections of one address: these come from many. */
const idleAddresses = Array.from({ length: 200 }, (_, index) => `127.0.1.${index + 1}`)
const turnMs = 1_200
/** What is compiled while it runs (V8) costs for some seconds what it will never cost again. */
export const settleMs = 5_000
const openTurnMs = 1_300
const warmMs = 200

/** What `cpu_us_per_request_…` measures: `body` of the answer, by TLS or not. */
export const cpuLoads = {
  '1k': { figure: 'cpu_us_per_request_1k', body: '1k', encrypted: false },
  '64k': { figure: 'cpu_us_per_request_64k', body: '64k', encrypted: false },
  tls: { figure: 'cpu_us_per_request_tls', body: '1k', encrypted: true },
}

/**
 * Microseconds of CPU per request, over one turn of 32 connections that ask as fast as they are answered.
 * @param {Target} target @param {Load} load @param {Requests} requests
 * @param {{ body: string, encrypted: boolean, ms?: number }} options
 */
export async function cpuTurn(target, load, requests, { body, encrypted, ms = turnMs }) {
  const port = encrypted ? target.tlsPort : target.port
  if (port === undefined) throw new Error(`${target.name} has no TLS`)
  await load.open({ port, encrypted, body, requests: requests(connections, body) })
  try {
    await load.closedLoop(warmMs)
    const before = cpuMicroseconds(target.pid)
    const answered = await load.closedLoop(ms)
    return (cpuMicroseconds(target.pid) - before) / answered
  } finally {
    await load.close()
    target.emptyLog?.()
  }
}

/**
 * Latencies at a constant rate. @param {Target} target @param {Load} load @param {Requests} requests
 * @param {number} rate per second
 */
export async function latencyTurn(target, load, requests, rate) {
  const { port } = target
  await load.open({ port, encrypted: false, body: '1k', requests: requests(openLoopConnections, '1k') })
  try {
    await load.openLoop(rate, warmMs)
    return await load.openLoop(rate, openTurnMs)
  } finally {
    await load.close()
    target.emptyLog?.()
  }
}

/**
 * Memory of a gateway with 10,000 idle connections, each of which was used twice, and before they came.
 * @param {Target} target @param {Load} load @param {Requests} requests
 * @returns {Promise<{ before: number, idle: number }>} megabytes (10⁶ bytes)
 */
export async function idleMemory(target, load, requests) {
  const { port } = target
  const before = residentBytes(target.pid) / 1e6
  const texts = requests(idleConnections, '1k')
  await load.open({ port, encrypted: false, body: '1k', requests: texts, addresses: idleAddresses })
  try {
    // From the second request on it may remember something of them.
    await load.askOnce()
    await load.askOnce()
    await pause(5_000)
    const idle = residentBytes(target.pid) / 1e6
    await load.stillOpen()
    return { before, idle }
  } finally {
    await load.close()
  }
}
