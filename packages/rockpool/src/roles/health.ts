import { createServer } from 'node:http'

/** Answers GET /health for a role that serves nothing else, so that its supervisor can tell that it is ready. */
export async function serveHealth(
  at: { host: string; port: number },
  ready: () => boolean,
): Promise<{ close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const found = request.url === '/health'
    response.writeHead(found ? (ready() ? 200 : 503) : 404, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ ready: found && ready() }))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(at.port, at.host, resolve)
  })
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
