import { spawn } from 'node:child_process'
import { readdir, readFile, readlink, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from './log.ts'
import { finished } from './postgres-run.ts'

/**
 * A Postgres that outlived its killed supervisor still holds the data: it is told to stop, and waited for. Of one that
 * was killed outright its children may live on for a moment, and it may stay a zombie where nobody reaps: Postgres would
 * take its pid for a running server.
 */
export async function endPredecessor(data: string, log: Log): Promise<void> {
  const pidFile = join(data, 'postmaster.pid')
  const pid = Number((await readFile(pidFile, 'utf8').catch(() => '')).split('\n')[0])
  if (!pid) return
  if (process.platform !== 'linux') return endOnOtherSystems(pid, data, log)
  const deadline = Date.now() + 15_000
  let told = false
  for (let holders = await processesIn(data); holders.length > 0; holders = await processesIn(data)) {
    if (holders.includes(pid) && !told) {
      log.info({ pid }, 'a PostgreSQL of an earlier start still runs here: stopping it')
      signal(pid, 'SIGINT')
      told = true
    }
    if (Date.now() > deadline) for (const holder of holders) signal(holder, 'SIGKILL')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  if (await isZombie(pid)) await rm(pidFile, { force: true })
}

/** Postgres and all its children work in the data folder; others that do, a shell say, are no business of ours. Zombies have no folder any more. */
async function processesIn(data: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const ours = await Promise.all(
    pids.map(
      async (pid) =>
        (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === data &&
        (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).startsWith('postgres'),
    ),
  )
  return pids.filter((_, index) => ours[index]).map(Number)
}

/** It may have ended in between. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

async function isZombie(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z')
}

async function endOnOtherSystems(pid: number, data: string, log: Log): Promise<void> {
  const isPostgres = async () => {
    const child = spawn('ps', ['-o', 'command=', '-p', String(pid)], { stdio: ['ignore', 'pipe', 'ignore'] })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    await finished(child)
    return output.includes('postgres') && output.includes(data)
  }
  if (!(await isPostgres())) return
  log.info({ pid }, 'a PostgreSQL of an earlier start still runs here: stopping it')
  signal(pid, 'SIGINT')
  const deadline = Date.now() + 15_000
  while ((await isPostgres()) && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 100))
}
