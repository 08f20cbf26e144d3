import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** Starts a program as the agent does, on a free port, and waits until it answers `/health`. */
export async function startProgram(
  [program, ...args]: [program: string, ...args: string[]],
  { folder, env = {} }: { folder: URL; env?: Record<string, string> },
): Promise<{ url: string; stop: () => Promise<number | null> }> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...process.env, ...env, HOST: '127.0.0.1', PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = once(child, 'exit')
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
    const [code] = (await ended) as [number | null]
    return code
  }
  const deadline = Date.now() + 30_000
  while (!(await isHealthy(url))) {
    if (Date.now() < deadline && child.exitCode === null) continue
    await stop()
    throw new Error(`${[program, ...args].join(' ')} does not answer at ${url}`)
  }
  return { url, stop }
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health`, { signal: AbortSignal.timeout(1_000) })).ok
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 20))
    return false
  }
}

const tries = 20

/** Below the ports that the system gives to others by itself, so that nobody takes it before the program does. */
async function freePort(): Promise<number> {
  for (let n = 0; n < tries; n += 1) {
    const port = randomInt(20_000, 32_000)
    const server = createServer().listen(port, '127.0.0.1')
    try {
      await once(server, 'listening')
    } catch {
      continue
    }
    server.close()
    await once(server, 'close')
    return port
  }
  throw new Error(`no free port on 127.0.0.1: ${tries} between 20000 and 32000 were tried`)
}
