import type { Log } from './types.ts'

/** JSON lines on standard output, in the manner of pino. */
export function createLog(service: string, write: (line: string) => void = toStandardOutput): Log {
  const at = (level: string) => (fields: object, message: string) =>
    write(`${JSON.stringify({ level, time: new Date().toISOString(), service, ...fields, msg: message })}\n`)
  return { info: at('info'), warn: at('warn'), error: at('error') }
}

function toStandardOutput(line: string): void {
  process.stdout.write(line)
}
