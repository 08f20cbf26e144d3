// Bytes from one socket of node:net to another, and nothing else: no HTTP is read, no head is written. It is no proxy; it
// shows what the sockets alone cost in Node, below which nothing that is built on them can come.
import { connect, createServer } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'

/** @param {import('../peer-process.mjs').PeerOptions} options */
export function createPeer({ origin, certificate }) {
  const port = Number(new URL(origin).port)

  /** @param {import('node:net').Socket} client */
  const serve = (client) => {
    const service = connect({ port, host: '127.0.0.1', noDelay: true })
    for (const [from, to] of [
      [client, service],
      [service, client],
    ]) {
      if (!from || !to) continue
      from.on('data', (bytes) => {
        if (!to.write(bytes)) from.pause()
      })
      to.on('drain', () => from.resume())
      from.on('error', () => {})
      from.on('close', () => to.destroy())
    }
  }
  return [createServer({ noDelay: true }, serve), createTlsServer({ ...certificate, noDelay: true }, serve)]
}
