import { PassThrough } from 'node:stream'
import type { TerminalStreams } from '#src/cli/terminal.ts'

/** Streams as a command writes to them, with what was written so far. */
export function fakeStreams(
  options: { isTTY?: boolean; columns?: number; environment?: NodeJS.ProcessEnv } = {},
): { streams: TerminalStreams; out(): string; err(): string } {
  const { isTTY = false, columns = 80, environment = {} } = options
  const written = { stdout: '', stderr: '' }
  const stream = (name: keyof typeof written) => {
    const through = new PassThrough().on('data', (chunk: Buffer) => (written[name] += chunk.toString()))
    return Object.assign(through, { isTTY, columns })
  }
  return {
    streams: { stdout: stream('stdout'), stderr: stream('stderr'), environment },
    out: () => written.stdout,
    err: () => written.stderr,
  }
}
