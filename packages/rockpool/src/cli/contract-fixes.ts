import { randomBytes } from 'node:crypto'
import { readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { unifiedDiff } from '../contracts/index.ts'
import type { LintFinding } from '../contracts/index.ts'
import { problem } from '../kernel/index.ts'
import { message } from './failure.ts'
import { shown } from './terminal.ts'
import type { Terminal } from './terminal.ts'

interface Fixed {
  findings: readonly LintFinding[]
  files: ReadonlyMap<string, { before: string; after: string }>
}

/** Writes what was mended, each file at once or not at all; of a dry run the difference is printed, as `patch` takes it. */
export async function writeFixed(
  { findings, files }: Fixed,
  { dryRun, json }: { dryRun?: boolean; json?: boolean },
  terminal: Terminal,
): Promise<void> {
  for (const [file, { before, after }] of files) {
    if (!dryRun) await replace(file, before, after)
    else if (json) terminal.print(JSON.stringify({ file, diff: unifiedDiff(file, before, after) }))
    else
      for (const line of unifiedDiff(file, before, after).split('\n'))
        terminal.print(line.split('\t').map(shown).join('\t'))
  }
  if (json) return
  const what = findings.length === 1 ? '1 finding' : `${findings.length} findings`
  const where = [...files.keys()].map((file) => message(file)).join(', ')
  if (findings.length === 0) terminal.note('nothing can be mended safely')
  else terminal.note(`${what} ${dryRun ? 'can be mended' : 'mended'} in ${where}`)
}

/** Whoever reads the file meanwhile finds the old text or the new one. */
async function replace(file: string, before: string, after: string): Promise<void> {
  const path = await realpath(file)
  const now = await readFile(path, 'utf8')
  const mark = now.startsWith('\uFEFF') ? '\uFEFF' : ''
  if (now !== mark + before)
    throw problem('conflict', `${file} was changed meanwhile, and is left as it is: lint it again`)
  const { mode } = await stat(path)
  const beside = `${path}.${randomBytes(6).toString('hex')}.tmp`
  try {
    await writeFile(beside, mark + after, { mode, flag: 'wx' })
    await rename(beside, path)
  } finally {
    await rm(beside, { force: true })
  }
}
