// A lock file held by a process: taken over when its owner is dead, also after a kill -9.
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { say } from './say.mjs'

/** A process is its pid and its start time: pids are used again. @param {number} pid */
function startTime(pid) {
  try {
    // Field 22 of /proc/<pid>/stat (proc(5)); the command in field 2 may hold spaces, so count from its last ')'.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}

/** @param {string} text */
function ownerLives(text) {
  const [pid, started] = text.split(' ')
  try {
    process.kill(Number(pid), 0)
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'
  }
  return startTime(Number(pid)) === started
}

/** @param {string} file @param {string} mine */
function take(file, mine) {
  try {
    writeFileSync(file, mine, { flag: 'wx' })
    return undefined
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error)
    if (code !== 'EEXIST') {
      throw new Error(
        `${dirname(file)} cannot be written to (${code}), and the dependencies have to be installed into it. ` +
          'Make it yours, or make a clone of your own, and start again.',
        { cause: error },
      )
    }
  }
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return '' // released in between
  }
}

/**
 * Runs `work` while holding the lock; waits for a living owner, says so once.
 * @template T
 * @param {string} file @param {string} reason what the owner is doing @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, reason, work) {
  const mine = `${process.pid} ${startTime(process.pid)}`
  let said = false
  let unreadable = 0
  for (;;) {
    const owner = take(file, mine)
    if (owner === undefined) break
    unreadable = owner === '' ? unreadable + 1 : 0
    if (owner !== '' ? !ownerLives(owner) : unreadable > 20) {
      // Renamed, not deleted, and looked at again: of two who find the same dead owner, only one may remove it.
      const aside = `${file}.${process.pid}`
      try {
        renameSync(file, aside)
        if (readFileSync(aside, 'utf8') !== owner) renameSync(aside, file)
        else rmSync(aside)
      } catch {} // the other one was faster
      continue
    }
    if (!said && owner !== '') say(`${reason} (process ${owner.split(' ')[0]}); waiting for it`)
    said ||= owner !== ''
    await sleep(150)
  }
  const release = () => rmSync(file, { force: true })
  process.once('exit', release)
  try {
    return await work()
  } finally {
    process.off('exit', release)
    release()
  }
}
