import { lstat, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunControl } from '../control.ts'
import type { Entry } from '../types.ts'
import { artifactName, maxArtifactBytes } from '../artifacts/names.ts'
import { findChromium, hasOwnSandbox } from './find.ts'
import { createBrowserHome } from './home.ts'
import type { BrowserHome } from './home.ts'

/** The folder is the browser's own; `sandbox`: whether it may use its own. */
export interface FoundPlace {
  folder: string
  launcher: string
  sandbox: boolean
}

/** What the check's process gets to start a browser; or why there is none. */
export type BrowserPlace = FoundPlace | { missing: string }

/** What an attempt's browser may leave as artifacts. */
const limits = { count: 40, bytes: 64 * 1_024 * 1_024, uploadMs: 20_000 } as const

/** The parent's side of an attempt's browser: finds it, gives it a folder, signs it in, keeps what it leaves. */
export interface BrowserHost {
  /** Answers a question of the check's process; undefined: it is not about the browser. */
  answer(question: string, argument: unknown): Promise<unknown> | undefined
  /** Ends the browser and removes its folder; then entries name only artifacts that control has. */
  close(entries: readonly Entry[]): Promise<void>
}

export interface BrowserHostOptions {
  control: Pick<RunControl, 'browserTicket' | 'putArtifact'>
  run: string
  organization: string
  environment?: NodeJS.ProcessEnv
}

export function createBrowserHost(options: BrowserHostOptions): BrowserHost {
  const { control, run, organization, environment } = options
  const kept = new Set<string>()
  let home: BrowserHome | undefined
  let left: number = limits.bytes
  let uploads: Promise<void> = Promise.resolve()
  let closed = false

  async function open(): Promise<BrowserPlace> {
    const found = await findChromium(environment ? { environment } : {})
    if ('missing' in found) return found
    home ??= await createBrowserHome(found.path)
    if (closed) await home.close()
    const { folder, launcher } = home
    return { folder, launcher, sandbox: hasOwnSandbox() }
  }

  /** Takes a file of the folder `out`. False: it is not kept, because it is too large or too many. */
  async function keep(argument: unknown): Promise<boolean> {
    const name = artifactName.safeParse((argument as { name?: unknown } | null)?.name)
    if (!home || !name.success || kept.size >= limits.count || kept.has(name.data)) return false
    const path = join(home.folder, 'out', name.data)
    const stat = await lstat(path).catch(() => undefined)
    if (!stat?.isFile() || stat.size > maxArtifactBytes || stat.size > left) return false
    left -= stat.size
    kept.add(name.data)
    const bytes = await readFile(path)
    await rm(path, { force: true })
    uploads = uploads.then(() =>
      control.putArtifact(run, name.data, bytes).catch(() => void kept.delete(name.data)),
    )
    return true
  }

  return {
    answer(question, argument) {
      if (question === 'browser') return open()
      if (question === 'browser-ticket') return control.browserTicket(run, organization)
      if (question === 'artifact') return keep(argument)
      if (question === 'browser-ending') return Promise.resolve(true)
      return undefined
    },
    async close(entries) {
      closed = true
      const timer = Promise.withResolvers<void>()
      const late = setTimeout(timer.resolve, limits.uploadMs)
      await Promise.all([home?.close().catch(() => {}), Promise.race([uploads, timer.promise])])
      clearTimeout(late)
      for (const entry of entries) {
        if ((entry.type === 'screenshot' || entry.type === 'trace') && !kept.has(entry.artifact ?? ''))
          entry.artifact = null
      }
    },
  }
}
