import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Each whole or not at all: a file that is read meanwhile is the old one or the new one. Names may lead below the folder. */
export async function writeFiles(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  for (const [name, text] of files) {
    const path = join(folder, name)
    await mkdir(dirname(path), { recursive: true })
    const beside = `${path}.${process.pid}.new`
    await writeFile(beside, text)
    await rename(beside, path)
  }
}

/** Those of the files that say something else on disk, or are not there. */
export async function differing(folder: string, files: ReadonlyMap<string, string>): Promise<string[]> {
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
