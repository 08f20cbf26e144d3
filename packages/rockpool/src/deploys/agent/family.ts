import { setTimeout as pause } from 'node:timers/promises'
import { isAlive, listProcesses, startedWith, type ProcessEntry } from './process-table.ts'

/** The environment variable that carries a family's mark to every member that does not clear it. */
export const markVariable = 'ROCKPOOL_PROCESS'

/** A family as it is remembered: `pid` and `startTime` are the leader's, null when it was killed before that was known. */
export interface Family {
  mark: string
  pid: number | null
  startTime: string | null
}

/**
 * The family's members that are alive now. A member is the leader (pid and start time), one of the leader's
 * process group while the leader lives (a living leader's group id cannot be another's), or one that carries the
 * mark, which also finds those that left the group. Never a process that merely has a pid that was ours once.
 */
export function membersOf(family: Family, options: { ownGroup?: boolean } = {}): ProcessEntry[] {
  const { pid, startTime } = family
  const byGroup =
    pid !== null && (options.ownGroup === true || (startTime !== null && isAlive(pid, startTime)))
  return listProcesses().filter(
    (entry) => (byGroup && entry.group === pid) || startedWith(entry.pid, markVariable, family.mark),
  )
}

/** Sends the signal to each that is still the process it was when it was listed. */
export function signal(members: readonly ProcessEntry[], name: 'SIGTERM' | 'SIGKILL'): void {
  for (const { pid, startTime } of members) {
    if (!isAlive(pid, startTime)) continue
    try {
      process.kill(pid, name)
    } catch {
      // it ended in between, or is not ours to signal: the next listing tells
    }
  }
}

/**
 * SIGTERM to all, SIGKILL after `graceMs` to what is left, again until nothing is (a process forks while it is
 * being listed). Returns those that outlived even that, which only the kernel can explain.
 *
 * `ownGroup`: the caller has not reaped the leader, or listed the group since; the group id is surely still ours.
 */
export async function endFamily(
  family: Family,
  options: { graceMs: number; ownGroup?: boolean },
): Promise<ProcessEntry[]> {
  let left = membersOf(family, options)
  if (options.graceMs > 0) {
    signal(left, 'SIGTERM')
    left = await until(() => membersOf(family, options), options.graceMs)
  }
  const deadline = performance.now() + 5_000
  while (left.length > 0 && performance.now() < deadline) {
    signal(left, 'SIGKILL')
    left = await until(() => membersOf(family, options), 100)
  }
  return left
}

async function until(list: () => ProcessEntry[], ms: number): Promise<ProcessEntry[]> {
  const deadline = performance.now() + ms
  let left = list()
  for (let wait = 5; left.length > 0 && performance.now() < deadline; wait = Math.min(wait * 2, 100)) {
    await pause(wait)
    left = list()
  }
  return left
}
