// node:http towards clients and undici's dispatcher towards the service, by hand: the least that a proxy on them does.
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { Agent } from 'undici'
import { hopByHop } from './hop-by-hop.mjs'

/** @param {import('../peer-process.mjs').PeerOptions} options */
export function createPeer({ origin, certificate }) {
  const agent = new Agent({ connections: 256, pipelining: 1 })

  /** @type {import('node:http').RequestListener} */
  const serve = (request, response) => {
    const headers = []
    for (let index = 0; index < request.rawHeaders.length; index += 2) {
      const [name = '', value = ''] = request.rawHeaders.slice(index, index + 2)
      if (!hopByHop.has(name.toLowerCase())) headers.push(name, value)
    }
    const hasBody = 'content-length' in request.headers || 'transfer-encoding' in request.headers
    const options = {
      origin,
      path: request.url ?? '/',
      method: /** @type {import('undici').Dispatcher.HttpMethod} */ (request.method),
      headers,
      body: hasBody ? request : null,
    }
    agent.dispatch(options, {
      onRequestStart() {},
      onResponseStart(_controller, status, fields) {
        for (const name of Object.keys(fields)) if (hopByHop.has(name)) delete fields[name]
        response.writeHead(status, fields)
      },
      onResponseData(controller, chunk) {
        if (response.write(chunk)) return
        controller.pause()
        response.once('drain', () => controller.resume())
      },
      onResponseEnd: () => void response.end(),
      onResponseError() {
        if (response.headersSent) response.destroy()
        else response.writeHead(502).end()
      },
    })
  }
  return [createServer(serve), createTlsServer(certificate, serve)]
}
