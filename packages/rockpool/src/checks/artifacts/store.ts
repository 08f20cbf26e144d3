import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { problem } from '../../kernel/index.ts'
import type { Clock } from '../../kernel/index.ts'
import { artifactName, maxArtifactBytes } from './names.ts'

/**
 * Where pictures and traces of runs are kept: by run and name, for a while. Written against a folder now; an object store
 * can stand in its place, as nothing else is asked of it.
 */
export interface ArtifactStore {
  /** Keeps it; the same name again replaces it. `body_too_large` when it, or all of its run, is. */
  put(run: string, name: string, content: Uint8Array): Promise<void>
  /** `not_found` when there is none, or none any more. */
  get(run: string, name: string): Promise<Uint8Array>
  /** Removes what is too old or too much, the oldest runs first. How many runs it removed. */
  sweep(): Promise<number>
}

export interface ArtifactLimits {
  /** Milliseconds that a run's artifacts are kept; default 7 days. */
  keptMs: number
  /** Bytes of all runs together; default 1 GB. */
  allBytes: number
  /** Bytes and number of the artifacts of one run; default 128 MB, 200. */
  runBytes: number
  runCount: number
}

const defaults: ArtifactLimits = {
  keptMs: 7 * 86_400_000,
  allBytes: 1_024 ** 3,
  runBytes: 128 * 1_024 ** 2,
  runCount: 200,
}

/** `<folder>/<run>/<name>`; both parts are checked here again, whoever calls. */
export function createArtifactFolder(options: {
  folder: string
  clock: Clock
  limits?: Partial<ArtifactLimits>
}): ArtifactStore {
  const { folder, clock } = options
  const limits = { ...defaults, ...options.limits }
  /** Bytes since the last sweep. */
  let added = 0

  const store: ArtifactStore = {
    async put(run, name, content) {
      const path = pathOf(folder, run, name)
      const of = join(folder, run)
      const others = (await sizes(of)).filter((other) => other.name !== name)
      const all = others.reduce((sum, { size }) => sum + size, content.length)
      if (content.length > maxArtifactBytes || all > limits.runBytes || others.length >= limits.runCount)
        throw problem('body_too_large', `the artifacts of ${run} are too large, or too many`)
      await mkdir(of, { recursive: true, mode: 0o700 })
      // Whole or not at all: nobody reads half of one.
      const draft = join(of, `.${randomUUID()}`)
      await writeFile(draft, content, { mode: 0o600, flag: 'wx' })
      await rename(draft, path)
      const now = new Date(clock.now())
      await utimes(of, now, now)
      added += content.length
      // The keeper looks once a minute; a disk is full sooner.
      if (added > limits.allBytes / 8) await store.sweep()
    },

    async get(run, name) {
      return readFile(pathOf(folder, run, name)).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error
        throw problem('not_found', `there is no artifact “${name}” of ${run}, or none any more`)
      })
    },

    async sweep() {
      added = 0
      const runs: { run: string; at: number; size: number }[] = []
      for (const run of await readdir(folder).catch(() => [])) {
        const of = join(folder, run)
        const { mtimeMs } = await stat(of).catch(() => ({ mtimeMs: 0 }))
        const size = (await sizes(of)).reduce((sum, one) => sum + one.size, 0)
        runs.push({ run, at: mtimeMs, size })
      }
      let total = runs.reduce((sum, { size }) => sum + size, 0)
      let removed = 0
      for (const { run, at, size } of runs.toSorted((a, b) => a.at - b.at)) {
        if (at > clock.now() - limits.keptMs && total <= limits.allBytes) continue
        await rm(join(folder, run), { recursive: true, force: true })
        total -= size
        removed++
      }
      return removed
    },
  }
  return store
}

/** @throws Problem `not_found` for what cannot be a run or an artifact: it would name another place on the disk. */
function pathOf(folder: string, run: string, name: string): string {
  if (!/^run_[0-9a-f-]{1,60}$/.test(run) || !artifactName.safeParse(name).success)
    throw problem('not_found', 'there is no such artifact')
  return join(folder, run, name)
}

async function sizes(folder: string): Promise<{ name: string; size: number }[]> {
  const names = await readdir(folder).catch(() => [])
  return Promise.all(
    names.map(async (name) => ({
      name,
      size: await stat(join(folder, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    })),
  )
}
