import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ExitCode } from './failure.ts'
import { shown } from './terminal.ts'
import type { Terminal } from './terminal.ts'

/** Each whole or not at all: a file that is read meanwhile is the old one or the new one. Names may lead below the folder. */
async function writeFiles(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  for (const [name, text] of files) {
    const path = join(folder, name)
    await mkdir(dirname(path), { recursive: true })
    const beside = `${path}.${process.pid}.new`
    await writeFile(beside, text)
    await rename(beside, path)
  }
}

/** Those of the files that say something else on disk, or are not there. */
async function differing(folder: string, files: ReadonlyMap<string, string>): Promise<string[]> {
  const found: string[] = []
  for (const [name, text] of files) {
    const there = await readFile(join(folder, name), 'utf8').catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
      throw error
    })
    if (there !== text) found.push(name)
  }
  return found
}

export interface Generated {
  folder: string
  files: ReadonlyMap<string, string>
  /** What they are made of, for messages. */
  source: string
  /** Write nothing, and tell what is different. */
  isCheck: boolean
}

/** Writes the files, or tells which of them are not on disk as they would be written: then the exit code is 1. */
export async function writeOrCheck(
  { mark, print }: Terminal,
  { folder, files, source, isCheck }: Generated,
): Promise<ExitCode> {
  if (!isCheck) {
    await writeFiles(folder, files)
    print(`${mark.pass} ${shown(folder)}: ${[...files.keys()].map((name) => shown(name)).join(', ')}`)
    return 0
  }
  const others = await differing(folder, files)
  for (const name of others)
    print(`${mark.fail} ${shown(folder)}/${shown(name)} is not what ${shown(source)} gives`)
  if (others.length === 0) print(`${mark.pass} ${shown(folder)} is what ${shown(source)} gives`)
  return others.length === 0 ? 0 : 1
}
