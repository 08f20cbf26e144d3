import { once } from 'node:events'
import { connect } from 'node:net'
import { Worker } from 'node:worker_threads'
import { onTestFinished } from 'vitest'
import { until } from './gateway.ts'

const backlog = 1
/** Linux keeps one more than the backlog; what is opened beyond that makes sure. */
const kept = backlog + 1
const opened = kept + 4

/** Listens, and never accepts: its thread sleeps. */
const listener = `
  const { parentPort } = require('node:worker_threads')
  const server = require('node:net').createServer()
  server.listen({ port: 0, host: '127.0.0.1', backlog: ${backlog} }, () => {
    parentPort.postMessage(server.address().port)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  })`

/** An address on loopback that answers nothing at all to whoever connects, and refuses nobody. Gives its origin. */
export async function silentAddress(): Promise<string> {
  const worker = new Worker(listener, { eval: true })
  onTestFinished(async () => void (await worker.terminate()))
  const [port] = (await once(worker, 'message')) as [number]
  let connected = 0
  for (let index = 0; index < opened; index++) {
    const socket = connect(port, '127.0.0.1', () => (connected += 1)).on('error', () => {})
    onTestFinished(() => void socket.destroy())
  }
  await until('its queue is full', () => connected >= kept)
  return `http://127.0.0.1:${port}`
}
