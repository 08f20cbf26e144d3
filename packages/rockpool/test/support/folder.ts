import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A fresh folder that is removed when the test that asked for it has finished. */
export async function temporaryFolder(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `rockpool-${name}-`))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}
