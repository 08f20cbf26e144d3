import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What git makes of a text by a unified diff of it. */
export function gitApplied(file: string, text: string, diff: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'rockpool-diff-'))
  try {
    writeFileSync(join(folder, file), text)
    writeFileSync(join(folder, 'a.diff'), diff)
    execFileSync('git', ['apply', 'a.diff'], { cwd: folder })
    return readFileSync(join(folder, file), 'utf8')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Without it the one test that needs it is skipped. */
export const patchMissing = spawnSync('patch', ['--version']).error !== undefined

/** The same by `patch -p1`, as people have it anywhere; it takes no hunk that stands elsewhere. */
export function patchApplied(file: string, text: string, diff: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'rockpool-diff-'))
  try {
    writeFileSync(join(folder, file), text)
    execFileSync('patch', ['-p1', '--fuzz=0'], { cwd: folder, input: diff, stdio: 'pipe' })
    return readFileSync(join(folder, file), 'utf8')
  } finally {
    rmSync(folder, { recursive: true })
  }
}
