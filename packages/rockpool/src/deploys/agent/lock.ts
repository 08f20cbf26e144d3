import { linkSync, mkdirSync, readFileSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { problem } from '../../kernel/index.ts'
import { isAlive, readProcess } from './process-table.ts'

/** Held by the one process that may use a data folder. */
export interface FolderLock {
  release(): void
}

interface Holder {
  pid: number
  startTime: string
  since: string
}

/**
 * Takes `<folder>/lock` for this process (the folder is made if it is missing). A lock whose holder is no longer
 * alive, by pid and start time, is taken over.
 *
 * @throws Problem `already_running` naming the holder; `not_possible_here` when the folder cannot be written.
 */
export function lockFolder(folder: string): FolderLock {
  const file = join(folder, 'lock')
  const own = JSON.stringify({
    pid: process.pid,
    startTime: readProcess(process.pid)?.startTime ?? '',
    since: new Date().toISOString(),
  } satisfies Holder)

  for (let attempt = 0; attempt < 50; attempt++) {
    if (placeExclusively(folder, file, own)) return { release: () => releaseIfOwn(file, own) }
    const holder = readHolder(file)
    if (holder && isAlive(holder.pid, holder.startTime)) {
      throw problem(
        'already_running',
        `another Rockpool (process ${holder.pid}, since ${holder.since}) uses ${folder}: ` +
          'stop that one, or give this one a folder of its own with --data',
        { extra: { folder, pid: holder.pid } },
      )
    }
    removeStale(folder, file)
  }
  throw problem('already_running', `others keep taking ${file}: try again`, { extra: { folder } })
}

/** A hard link appears with its content, or not at all: nobody ever reads a half-written lock. */
function placeExclusively(folder: string, file: string, content: string): boolean {
  const draft = join(folder, `lock.${process.pid}`)
  try {
    mkdirSync(folder, { recursive: true, mode: 0o755 })
    writeFileSync(draft, content, { mode: 0o644 })
  } catch (error) {
    throw problem(
      'not_possible_here',
      `the data folder ${folder} cannot be written (${(error as NodeJS.ErrnoException).code}): ` +
        'make it writable, or choose another with --data',
      { extra: { folder }, cause: error },
    )
  }
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

/**
 * Removes a dead process's lock. Of several that saw it dead only one may, else the second would remove the first
 * one's new lock: so it is done under a lock of its own, without a pause in between, after looking once more.
 */
function removeStale(folder: string, file: string): void {
  const takeover = `${file}.takeover`
  if (!placeExclusively(folder, takeover, String(process.pid))) {
    // Held for microseconds; one that is older than a few seconds is of a process that was killed in between.
    const age = Date.now() - (statSync(takeover, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
    if (age > 5_000) rmSync(takeover, { force: true })
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
    return
  }
  try {
    const holder = readHolder(file)
    if (!holder || !isAlive(holder.pid, holder.startTime)) rmSync(file, { force: true })
  } finally {
    unlinkSync(takeover)
  }
}

function releaseIfOwn(file: string, own: string): void {
  try {
    if (readFileSync(file, 'utf8') === own) unlinkSync(file)
  } catch {
    // gone already: nothing to release
  }
}

function readHolder(file: string): Holder | undefined {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8')) as Partial<Holder>
    return typeof holder.pid === 'number' && typeof holder.startTime === 'string'
      ? (holder as Holder)
      : undefined
  } catch {
    return undefined
  }
}
