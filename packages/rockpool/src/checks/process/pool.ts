import type { RawFinding } from '../child/protocol.ts'
import { defaultLimits, startCheckProcess } from './check-process.ts'
import type { CheckProcess, ProcessLimits } from './check-process.ts'

export interface PoolOptions {
  /** Idle processes that are kept, about 50 MB each; default 8. The one that was idle longest goes first. */
  maxIdle?: number
  limits?: Partial<ProcessLimits>
}

/** Processes that run checks. One is used again only for the same files with the same contents, and only after a clean pass. */
export interface Pool {
  /** A process with the file loaded, warm where there is one; or what is wrong with the file. */
  take(file: string): Promise<CheckProcess | RawFinding>
  /** Gives it back; it is kept warm, or ended. */
  giveBack(process: CheckProcess): void
  /** Ends every process, those at work too. */
  close(): void
}

export function createPool(options: PoolOptions = {}): Pool {
  const { maxIdle = 8 } = options
  const limits = { ...defaultLimits, ...options.limits }
  const idle: CheckProcess[] = []
  const taken = new Set<CheckProcess>()
  let closed = false

  return {
    async take(file) {
      for (;;) {
        const index = idle.findLastIndex((process) => process.file === file && process.reusable)
        const [warm] = index < 0 ? [] : idle.splice(index, 1)
        if (!warm) break
        taken.add(warm)
        if (await warm.isCurrent()) return warm
        taken.delete(warm)
        warm.kill()
      }
      const started = await startCheckProcess(file, limits)
      if ('message' in started) return started
      if (closed) {
        started.kill()
        return { message: 'the pool of processes is closed', line: null }
      }
      taken.add(started)
      return started
    },
    giveBack(process) {
      taken.delete(process)
      if (!process.reusable || closed) return process.kill()
      idle.push(process)
      if (idle.length > maxIdle) idle.shift()!.kill()
    },
    close() {
      closed = true
      for (const process of [...idle, ...taken]) process.kill()
      idle.length = 0
    },
  }
}
