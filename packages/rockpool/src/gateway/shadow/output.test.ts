import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createOutput } from './output.ts'

let folder: string
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'shadow-output-'))))
afterAll(() => rm(folder, { recursive: true }))

test('a file is written again and again, by a later life too, and leaves nothing beside it', async () => {
  const file = join(folder, 'again.yaml')
  for (const text of ['one\n', 'two\n']) await createOutput(file, '#').write(text)
  expect(await readFile(file, 'utf8')).toMatch(
    /^# written by rockpool gateway --shadow, sha256:[0-9a-f]{64}\ntwo\n$/,
  )
  expect(await readdir(folder)).toEqual(['again.yaml'])
})

test.each([
  ['that something else wrote', 'openapi: 3.1.0\n'],
  ['that is empty', ''],
  [
    'that only says it was written by the shadow',
    `# written by rockpool gateway --shadow, sha256:${'0'.repeat(64)}\nx\n`,
  ],
])('a file %s stays as it is', async (_what, text) => {
  const file = join(folder, 'foreign.yaml')
  await writeFile(file, text)
  const output = createOutput(file, '#')
  await expect(output.check()).rejects.toThrow(/stays as it is; name another file with --out/)
  await expect(output.write('mine')).rejects.toThrow(/stays as it is/)
  expect(await readFile(file, 'utf8')).toBe(text)
  expect(await readdir(folder)).not.toContain('.foreign.yaml.draft')
})

test('a file that was edited since is not written over', async () => {
  const file = join(folder, 'edited.yaml')
  const output = createOutput(file, '#')
  await output.write('first\n')
  const edited = `${await readFile(file, 'utf8')}# by hand\n`
  await writeFile(file, edited)
  await expect(output.write('second\n')).rejects.toMatchObject({ code: 'conflict' })
  expect(await readFile(file, 'utf8')).toBe(edited)
})
