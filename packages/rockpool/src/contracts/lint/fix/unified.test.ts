import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../../test/support/folder.ts'
import { unifiedDiff } from './unified.ts'

const run = promisify(execFile)

test('a difference is told with three lines around it', () => {
  const before = 'a\nb\nc\nd\ne\nf\ng\nh\ni\n'
  expect(unifiedDiff('api.yaml', before, before.replace('e\n', 'E\nEE\n'))).toBe(
    '--- api.yaml\n+++ api.yaml\n@@ -2,7 +2,8 @@\n b\n c\n d\n-e\n+E\n+EE\n f\n g\n h',
  )
  expect(unifiedDiff('api.yaml', before, before)).toBe('')
})

const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd', '', '  e'), { minLength: 1, maxLength: 40 })

test('git applies it, and gets the other text', { timeout: 60_000 }, async () => {
  const folder = await temporaryFolder('diff')
  await fc.assert(
    fc.asyncProperty(lines, lines, async (one, other) => {
      const [before, after] = [one.join('\n'), `${other.join('\n')}\n`]
      if (before === after || before === '' || after === '\n') return
      await writeFile(join(folder, 'a.txt'), before)
      await writeFile(join(folder, 'a.patch'), `${unifiedDiff('a.txt', before, after)}\n`)
      await run('git', ['apply', '-p0', '--unidiff-zero', '--whitespace=nowarn', 'a.patch'], { cwd: folder })
      expect(await readFile(join(folder, 'a.txt'), 'utf8')).toBe(after)
    }),
    { numRuns: 50 },
  )
})

test('texts that have nothing in common are told within a moment', () => {
  const text = (of: string) => Array.from({ length: 20_000 }, (_, index) => `${of}${index}\n`).join('')
  const started = performance.now()
  expect(unifiedDiff('a', text('a'), text('b')).split('\n')).toHaveLength(40_003)
  expect(performance.now() - started).toBeLessThan(5_000)
})
