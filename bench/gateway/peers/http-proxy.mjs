import { Agent, createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import httpProxy from 'http-proxy'

/** @param {import('../peer-process.mjs').PeerOptions} options */
export function createPeer({ origin, certificate }) {
  const agent = new Agent({ keepAlive: true, maxSockets: 256, maxFreeSockets: 256 })
  const proxy = httpProxy.createProxyServer({ target: origin, agent })
  proxy.on('error', (_error, _request, response) => response.destroy())
  /** @type {import('node:http').RequestListener} */
  const serve = (request, response) => proxy.web(request, response)
  return [createServer(serve), createTlsServer(certificate, serve)]
}
