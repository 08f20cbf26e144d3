// One of the peers that run in Node, as a process. Arguments: its name, { origin, certificate }.
import { readFileSync } from 'node:fs'

/**
 * @typedef {{ origin: string, certificate: { key: Buffer, cert: Buffer } }} PeerOptions
 * @typedef {import('node:net').Server} Server
 * @typedef {{ createPeer(options: PeerOptions): Server[] | Promise<Server[]> }} Peer a server without and one with TLS
 */

/** @type {Record<string, () => Promise<Peer>>} */
const peers = {
  bare: () => import('./peers/bare.mjs'),
  relay: () => import('./peers/relay.mjs'),
  undici: () => import('./peers/undici.mjs'),
  'reply-from': () => import('./peers/reply-from.mjs'),
  'http-proxy': () => import('./peers/http-proxy.mjs'),
}

const [, , name = '', text = '{}'] = process.argv
const { origin, key, cert } = JSON.parse(text)
const certificate = { key: readFileSync(key), cert: readFileSync(cert) }
const servers = (await (await peers[name]?.())?.createPeer({ origin, certificate })) ?? []
const ports = servers.map(
  (server) =>
    new Promise((resolve) =>
      server.listen(0, '127.0.0.1', () =>
        resolve(/** @type {import('node:net').AddressInfo} */ (server.address()).port),
      ),
    ),
)
const [port, tlsPort] = await Promise.all(ports)
process.once('disconnect', () => process.exit())
process.send?.({ port, tlsPort })
