// Before a gateway is measured: that it does what its figures claim to include.
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'

/**
 * Asks for the head that the upstream received, with a key and without one. Throws when a duty is not done.
 * @param {{ name: string, port: number, tlsPort: number | undefined }} target @param {string} text of a request for `echo`
 */
export async function checkDuties({ name, port, tlsPort }, text) {
  const encrypted = tlsPort !== undefined

  const [line = '', ...fields] = text.trimEnd().split('\r\n')
  const path = line.split(' ')[1] ?? ''
  const key = /^authorization: (.*)$/im.exec(fields.join('\n'))?.[1] ?? ''
  const served = await get({ port, encrypted }, path, { authorization: key })
  if (served.status !== 200) throw new Error(`${name} answered ${served.status}: ${served.body}`)
  const head = JSON.parse(served.body).toLowerCase()
  for (const field of ['rockpool-identity', 'rockpool-request', 'traceparent'])
    if (!head.includes(`\r\n${field}: `)) throw new Error(`${name} sent no ${field} to the service:\n${head}`)
  if (head.includes('\r\nauthorization:')) throw new Error(`${name} sent the customer's key to the service`)
  if (!('ratelimit' in served.headers)) throw new Error(`${name} told nothing of its rate limits`)
  const refused = await get({ port, encrypted }, path, {})
  if (refused.status !== 401) throw new Error(`${name} answered ${refused.status} to a call without a key`)
  const lost = await get({ port, encrypted }, `/nowhere${path}`, { authorization: key })
  if (lost.status !== 404) throw new Error(`${name} answered ${lost.status} on a route that is unknown`)
}

/**
 * @param {{ port: number, encrypted: boolean }} where @param {string} path @param {Record<string, string>} headers
 * @returns {Promise<{ status: number, headers: import('node:http').IncomingHttpHeaders, body: string }>}
 */
function get({ port, encrypted }, path, headers) {
  return new Promise((resolve, reject) => {
    const options = { port, host: '127.0.0.1', path, headers, timeout: 5_000 }
    const send = encrypted ? httpsRequest : httpRequest
    const request = send({ ...options, agent: false, rejectUnauthorized: false }, (response) => {
      let body = ''
      response.on('data', (chunk) => (body += chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
    })
    request.on('timeout', () => request.destroy(new Error(`no answer from port ${port} within 5 s`)))
    request.on('error', reject)
    request.end()
  })
}
