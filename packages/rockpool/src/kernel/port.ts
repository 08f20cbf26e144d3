import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/**
 * Where a port is chosen: below those that Linux (32768 up) and macOS (49152 up) give to outgoing connections and to listeners at port 0.
 * A port that is looked for now and bound by another process a moment later stays free in between, and whoever asks at it meanwhile
 * does not find a stranger there.
 */
const [lowest, highest] = [20_000, 32_000]
const tries = 20

/** A port on 127.0.0.1 that is free now: the preferred one where possible, else one by chance. */
export async function freePort(
  preferred?: number,
  host = '127.0.0.1',
): Promise<{ port: number; preferredTaken: boolean }> {
  if (preferred && (await isFree(preferred, host))) return { port: preferred, preferredTaken: false }
  for (let n = 0; n < tries; n += 1) {
    const port = randomInt(lowest, highest)
    if (await isFree(port, host)) return { port, preferredTaken: preferred !== undefined }
  }
  throw new Error(`no free port on ${host}: ${tries} between ${lowest} and ${highest} were tried`)
}

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, host, () => server.close(() => resolve(true)))
  })
}
