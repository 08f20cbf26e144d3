import { pino } from 'pino'

export type Log = pino.Logger

/** JSON lines on stdout, one object a line, times in ISO 8601 UTC; `role` names the process; `file` takes them instead. */
export function createLog(options: { role: string; level?: string; file?: string }): Log {
  const settings: pino.LoggerOptions = {
    level: options.level ?? process.env['ROCKPOOL_LOG_LEVEL'] ?? 'info',
    base: { role: options.role, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  }
  return options.file
    ? pino(settings, pino.destination({ dest: options.file, sync: true, mkdir: true }))
    : pino(settings)
}

export const silentLog: Log = pino({ level: 'silent' })
