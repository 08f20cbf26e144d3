import { readFile } from 'node:fs/promises'
import { messageOf } from '../../kernel/index.ts'
import type { TakenSecrets } from '../../secrets/index.ts'
import type { RunControl } from '../control.ts'
import { secretNamesIn } from '../secrets.ts'

const most = 50

/** The secrets whose names stand in the files that a check loaded; for one that cannot be had, the reason. Never rejects. */
export async function secretsFor(
  control: Pick<RunControl, 'secrets'>,
  run: string,
  files: readonly string[],
): Promise<TakenSecrets> {
  const sources = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')))
  const names = [...new Set(sources.flatMap(secretNamesIn))].slice(0, most)
  if (names.length === 0) return { values: {}, missing: {} }
  try {
    return await control.secrets(run, names)
  } catch (error) {
    const because = (name: string) => `the secret ${name} cannot be had: ${messageOf(error)}`
    return { values: {}, missing: Object.fromEntries(names.map((name) => [name, because(name)])) }
  }
}
