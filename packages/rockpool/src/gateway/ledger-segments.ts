import { mkdir, open, readdir, readFile, unlink } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { LedgerEntry } from './types.ts'

/** The ledger's files: lines of JSON, an entry in each of its states; the last line of an id counts. */
export interface Segments {
  /** Entries that were found on opening, each in its last state. */
  readonly leftovers: LedgerEntry[]
  /** Resolves once the line is written, and with `durable` once it is on the disk (fdatasync). */
  append(entry: LedgerEntry, options: { durable: boolean }): Promise<void>
  /** These entries, all of whose lines are written, need not be kept any longer. A file goes when nothing in it, or in an older one, is needed. */
  release(ids: readonly string[]): Promise<void>
  /** Resolves once everything appended so far is on the disk. */
  flush(): Promise<void>
  close(): Promise<void>
}

interface Segment {
  path: string
  handle: FileHandle | undefined
  bytes: number
  needed: Set<string>
}

interface Line {
  id: string
  text: string
  durable: boolean
  resolve: () => void
  reject: (error: unknown) => void
}

const segmentBytes = 1024 * 1024

export async function openSegments(folder: string): Promise<Segments> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const names = (await readdir(folder)).filter((name) => /^\d+\.ndjson$/.test(name)).toSorted()
  const segments: Segment[] = []
  const found = new Map<string, LedgerEntry>()
  for (const name of names) {
    const path = join(folder, name)
    const needed = new Set<string>()
    for (const entry of readLines(await readFile(path, 'utf8'))) {
      // Files of gateways that are gone may have come out of their order: no intent follows what became of it.
      if (entry.outcome !== 'intent' || !found.has(entry.id)) found.set(entry.id, entry)
      needed.add(entry.id)
    }
    segments.push({ path, handle: undefined, bytes: 0, needed })
  }
  let next = names.length === 0 ? 1 : Number.parseInt(names.at(-1)!, 10) + 1
  let active: Segment | undefined
  let lines: Line[] = []
  let writing: Promise<void> | undefined

  return {
    leftovers: [...found.values()],
    append: (entry, { durable }) =>
      new Promise((resolve, reject) => {
        lines.push({ id: entry.id, text: `${JSON.stringify(entry)}\n`, durable, resolve, reject })
        writing ??= writeAll()
      }),
    async release(ids) {
      for (const segment of segments) for (const id of ids) segment.needed.delete(id)
      await removeReleased()
    },
    flush: async () => {
      await writing
      await active?.handle?.datasync()
    },
    close: async () => {
      await writing
      await active?.handle?.close()
      active = undefined
    },
  }

  /** Group commit: whatever gathers while one write is on its way to the disk goes with the next. */
  async function writeAll(): Promise<void> {
    while (lines.length > 0) {
      const group = lines
      lines = []
      try {
        const segment = (active ??= await newSegment())
        for (const line of group) segment.needed.add(line.id)
        const text = group.map((line) => line.text).join('')
        await segment.handle!.appendFile(text)
        if (group.some((line) => line.durable)) await segment.handle!.datasync()
        segment.bytes += Buffer.byteLength(text)
        for (const line of group) line.resolve()
        if (segment.bytes >= segmentBytes) await leave(segment)
      } catch (error) {
        for (const line of group) line.reject(error)
        // Its last line may be torn: nothing may be written behind it.
        if (active) await leave(active)
      }
    }
    writing = undefined
  }

  async function newSegment(): Promise<Segment> {
    const path = join(folder, `${String(next++).padStart(8, '0')}.ndjson`)
    const segment: Segment = { path, handle: await open(path, 'ax', 0o600), bytes: 0, needed: new Set() }
    const directory = await open(folder)
    try {
      await directory.datasync()
    } finally {
      await directory.close()
    }
    segments.push(segment)
    return segment
  }

  async function leave(segment: Segment): Promise<void> {
    if (active === segment) active = undefined
    await segment.handle?.close().catch(() => {})
    segment.handle = undefined
  }

  // Oldest first, and never one behind a needed one: an older file's intent must not outlive the line that finished it.
  async function removeReleased(): Promise<void> {
    for (;;) {
      const oldest = segments[0]
      if (oldest === undefined || oldest.needed.size > 0) return
      if (oldest === active && writing !== undefined) return
      segments.shift()
      await leave(oldest)
      await unlink(oldest.path)
    }
  }
}

/** The entries of a file. A process that died while it wrote leaves a torn last line: what it was about never went out. */
function* readLines(text: string): Generator<LedgerEntry> {
  for (const line of text.split('\n')) {
    if (line === '') continue
    try {
      const entry = JSON.parse(line) as Partial<LedgerEntry>
      if (typeof entry.id === 'string' && typeof entry.outcome === 'string') yield entry as LedgerEntry
    } catch {
      continue
    }
  }
}
