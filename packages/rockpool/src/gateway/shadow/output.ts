import { createHash } from 'node:crypto'
import { open, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { problem } from '../../kernel/index.ts'

/** One file that is written again and again, whole or not at all, and never over anything else. */
export interface Output {
  readonly file: string
  /** Whether it may be written. @throws Problem `conflict` */
  check(): Promise<void>
  /** Puts the text there. Refuses with `conflict` where something stands that this did not write, or that was changed since. */
  write(text: string): Promise<void>
}

const mark = 'written by rockpool gateway --shadow, sha256:'

/**
 * The first line of the file tells what follows, so that a file of an earlier life is known again, and one that
 * somebody has changed since is not taken for ours. `comment`: how a line of comment begins in it.
 */
export function createOutput(file: string, comment: string): Output {
  // One name, so that what a killed process left is written over.
  const draft = join(dirname(file), `.${basename(file)}.draft`)
  return {
    file,
    check: () => refuseForeign(file, comment),
    async write(text) {
      await refuseForeign(file, comment)
      const handle = await open(draft, 'w', 0o644)
      try {
        await handle.writeFile(`${comment} ${mark}${digest(text)}\n${text}`)
        await handle.sync()
      } finally {
        await handle.close()
      }
      try {
        await refuseForeign(file, comment)
        await rename(draft, file)
      } catch (error) {
        await rm(draft, { force: true })
        throw error
      }
    },
  }
}

/** @throws Problem `conflict` */
async function refuseForeign(file: string, comment: string): Promise<void> {
  const found = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw problem('conflict', `${file} cannot be written over: ${error.message}`)
  })
  if (found === undefined) return
  const end = found.indexOf('\n')
  const text = found.slice(end + 1)
  if (end > 0 && found.slice(0, end) === `${comment} ${mark}${digest(text)}`) return
  throw problem(
    'conflict',
    `${file} is not what the shadow wrote there (or was changed since), and stays as it is; name another file with --out`,
  )
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex')
