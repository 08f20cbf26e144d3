import { readFile, stat } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { messageOf } from '../../../kernel/index.ts'
import { defaultSettings, readSettings } from './read.ts'
import type { SettingsReading } from './read.ts'

/** How settings of lint are called, beside a document or above it. */
export const settingsName = 'rockpool.lint.yaml'

/** Settings are written by hand. */
const mostBytes = 1024 * 1024

/**
 * The settings for a document: those of `given`, or the nearest above it, up to the root of its repository (the folder with
 * `.git`); without any, the recommended ones. Never throws for what is in them.
 */
export async function loadSettings(document: string, given?: string): Promise<SettingsReading> {
  const file = given ?? (await findSettings(dirname(resolve(document))))
  if (file === undefined) return { ok: true, settings: defaultSettings() }
  const name = given ?? relative(process.cwd(), file)
  try {
    const { size } = await stat(file)
    if (size > mostBytes) return unreadable(name, 'it is larger than 1 MB')
    return readSettings(await readFile(file, 'utf8'), name)
  } catch (error) {
    return unreadable(name, `cannot be read: ${messageOf(error)}`)
  }
}

async function findSettings(folder: string): Promise<string | undefined> {
  for (let at = folder; ; at = dirname(at)) {
    const file = join(at, settingsName)
    if (await isThere(file)) return file
    if (dirname(at) === at || (await isThere(join(at, '.git')))) return undefined
  }
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

function unreadable(file: string, message: string): SettingsReading {
  return { ok: false, findings: [{ level: 'error', path: '(the whole)', message, file }] }
}
