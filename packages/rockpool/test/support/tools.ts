import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { TestContext } from 'vitest'

/** True when `program` stands in PATH and may be run. */
export function hasTool(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/**
 * Skips the test, with the reason, where a program that npm cannot bring is missing. In CI (`CI=true`) that is a failure:
 * there a proof that was skipped looks like one that was made.
 */
export function needsTool(context: TestContext, program: string): void {
  if (hasTool(program)) return
  const reason = `${program} is missing (npm run setup installs it on Debian, as root)`
  if (process.env['CI'] === 'true') throw new Error(reason)
  context.skip(reason)
}
