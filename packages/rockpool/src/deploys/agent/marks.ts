import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Log } from '../../kernel/index.ts'
import { endFamily, membersOf, type Family } from './family.ts'

/** Where the families of this data folder are remembered: one file each, so that a killed agent's can be ended. */
export interface Marks {
  /** Written before the process is started (without a pid) and again after, so that no moment is uncovered. */
  write(name: string, family: Family): void
  remove(name: string): void
  /** Ends every remembered family; returns the names of those of which something was still alive. */
  sweep(): Promise<string[]>
}

/** @param folder the `processes` folder below the data folder; made if it is missing. */
export function createMarks(folder: string, log: Log): Marks {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = (name: string) => join(folder, `${name}.json`)

  return {
    write(name, family) {
      const temporary = `${file(name)}.new`
      writeFileSync(temporary, JSON.stringify(family), { mode: 0o600 })
      renameSync(temporary, file(name))
    },
    remove(name) {
      rmSync(file(name), { force: true })
    },
    async sweep() {
      const names = readdirSync(folder).filter((entry) => entry.endsWith('.json'))
      const swept = await Promise.all(
        names.map(async (entry) => {
          const name = entry.slice(0, -'.json'.length)
          const family = readFamily(join(folder, entry))
          const found = family ? await sweepFamily(name, family, log) : false
          rmSync(join(folder, entry), { force: true })
          return found ? [name] : []
        }),
      )
      return swept.flat()
    },
  }
}

async function sweepFamily(name: string, family: Family, log: Log): Promise<boolean> {
  const members = membersOf(family)
  if (members.length === 0) return false
  const left = await endFamily(family, { graceMs: 0 })
  log.warn(
    { process: name, pids: members.map(({ pid }) => pid), left: left.map(({ pid }) => pid) },
    'ended orphans',
  )
  return true
}

function readFamily(path: string): Family | undefined {
  try {
    const { mark, pid, startTime } = JSON.parse(readFileSync(path, 'utf8')) as Partial<Family>
    return typeof mark === 'string' ? { mark, pid: pid ?? null, startTime: startTime ?? null } : undefined
  } catch {
    return undefined
  }
}
