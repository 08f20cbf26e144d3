// A control that only knows one snapshot: a gateway is fed by it as in production, and needs no Postgres here.
import { createServer } from 'node:http'

/**
 * @typedef {import('../../packages/rockpool/src/gateway/types.ts').Snapshot} Snapshot
 * @param {Omit<Snapshot, 'version' | 'at'>} snapshot
 * @returns {Promise<string>} its origin
 */
export async function startControl(snapshot) {
  /** @type {Set<import('node:http').ServerResponse>} */
  const streams = new Set()
  const keys = [...snapshot.keys]
  let version = 1
  const now = () => new Date().toISOString()
  const tell = (/** @type {object} */ message) => {
    for (const stream of streams) stream.write(`${JSON.stringify(message)}\n`)
  }
  setInterval(() => tell({ type: 'heartbeat', now: now(), asOf: now() }), 1_000).unref()

  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0]
    if (path === '/internal/gateway/stream') {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' })
      streams.add(response)
      response.once('close', () => streams.delete(response))
      const whole = { type: 'snapshot', ...snapshot, keys, version, now: now(), at: now() }
      response.write(`${JSON.stringify(whole)}\n`)
      return
    }
    let body = ''
    request.on('data', (chunk) => (body += chunk))
    request.on('end', () => {
      if (path === '/internal/keys') {
        const { holder: _, ...key } = JSON.parse(body)
        keys.push(key)
        version += 1
        tell({ type: 'change', version, set: { keys: [key] }, removed: {} })
      }
      // Reports, figures of traffic and the ledger are taken, and nobody reads them.
      response.writeHead(204).end()
    })
  })
  await new Promise((/** @type {(value?: unknown) => void} */ resolve) =>
    server.listen(0, '127.0.0.1', () => resolve()),
  )
  server.unref()
  return `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`
}
