import { createLog, messageOf, Problem } from '../kernel/index.ts'
import type { Log } from '../kernel/index.ts'

/** A role that runs in this process. */
export interface Role {
  /** Stops taking work, finishes what is under way, lets go of everything. */
  close(): Promise<void>
}

/**
 * Runs one role as this process: ends cleanly on SIGTERM or SIGINT, and at once on anything that nobody caught: a role
 * is crash-only, and its supervisor starts it anew.
 */
export async function runRole(name: string, start: (log: Log) => Promise<Role>): Promise<void> {
  const log = createLog({ role: name })
  process.on('uncaughtException', (error) => {
    log.fatal(
      { error: messageOf(error), stack: error.stack },
      'an error that nobody caught ends this process',
    )
    process.exit(1)
  })
  let role: Role
  try {
    role = await start(log)
  } catch (error) {
    const findings = error instanceof Problem ? error.findings : []
    log.fatal(
      { error: messageOf(error), findings, stack: error instanceof Error ? error.stack : undefined },
      `${name} cannot start`,
    )
    process.exit(1)
  }
  let closing = false
  const close = (signal: string) => {
    if (closing) return
    closing = true
    log.info({ signal }, `${name} stops`)
    role.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ error: messageOf(error) }, `${name} did not stop cleanly`)
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', () => close('SIGTERM'))
  process.on('SIGINT', () => close('SIGINT'))
}
