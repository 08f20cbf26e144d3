import { createServer } from 'node:net'

/** A port on 127.0.0.1 that is free now: the preferred one where possible, else one that the system chooses. */
export async function freePort(
  preferred?: number,
  host = '127.0.0.1',
): Promise<{ port: number; preferredTaken: boolean }> {
  if (preferred) {
    const port = await tryPort(preferred, host)
    if (port) return { port, preferredTaken: false }
  }
  const port = await tryPort(0, host)
  if (!port) throw new Error(`no free port on ${host}`)
  return { port, preferredTaken: preferred !== undefined }
}

function tryPort(port: number, host: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen(port, host, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : undefined))
    })
  })
}
