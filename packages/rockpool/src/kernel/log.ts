import { pino } from 'pino'

export type Log = pino.Logger

/** JSON lines on stdout, one object a line, times in ISO 8601 UTC; `role` names the process. */
export function createLog(options: { role: string; level?: string }): Log {
  return pino({
    level: options.level ?? process.env['ROCKPOOL_LOG_LEVEL'] ?? 'info',
    base: { role: options.role, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  })
}

export const silentLog: Log = pino({ level: 'silent' })
