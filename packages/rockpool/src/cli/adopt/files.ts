import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { problem } from '../../kernel/index.ts'

/** Writes a file that is not there yet. False: there is one already, and it stays as it is. */
export async function writeNew(file: string, text: string): Promise<boolean> {
  await mkdir(dirname(file), { recursive: true })
  try {
    await writeFile(file, text, { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/**
 * Writes it under its name, or `name-2`, `name-3` … where that is taken; gives back the path. `text` is asked with the
 * number, from 1.
 */
export async function writeBeside(
  folder: string,
  word: string,
  ending: string,
  text: (number: number) => string,
): Promise<string> {
  for (let number = 1; number < 1_000; number++) {
    const file = join(folder, `${word}${number === 1 ? '' : `-${number}`}${ending}`)
    if (await writeNew(file, text(number))) return file
  }
  throw problem('conflict', `${folder} has a thousand files of the name ${word}`)
}

/**
 * The ending of TypeScript files that Node takes for modules in this folder: where the nearest package.json says
 * `commonjs`, `.ts` is none (Node.js documentation, “Determining module system”).
 */
export async function moduleEnding(folder: string): Promise<'.ts' | '.mts'> {
  for (let place = folder; ; place = dirname(place)) {
    const text = await readFile(join(place, 'package.json'), 'utf8').catch(() => undefined)
    if (text !== undefined) return typeOf(text) === 'commonjs' ? '.mts' : '.ts'
    if (place === dirname(place)) return '.ts'
  }
}

function typeOf(text: string): unknown {
  try {
    return (JSON.parse(text) as { type?: unknown }).type
  } catch {
    return undefined
  }
}
