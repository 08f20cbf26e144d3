import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.ts'
import { refusal } from '../../test/support/organizations.ts'
import { writeBundle } from './contract-pull.ts'

const bundle = { main: 'a.yaml', files: { 'a.yaml': 'one\r\n', 'b/c.yaml': '\uFEFFtwo' } }

test('files are written below the folder, as they are', async () => {
  const out = join(await temporaryFolder('pull'), 'deep/er')
  await writeBundle(bundle, out, { force: false })
  expect(await readFile(join(out, 'a.yaml'), 'utf8')).toBe('one\r\n')
  expect(await readFile(join(out, 'b/c.yaml'), 'utf8')).toBe('\uFEFFtwo')
})

test('where one of them is there, none is written; over it if that is asked for', async () => {
  const out = await temporaryFolder('pull')
  await writeFile(join(out, 'a.yaml'), 'mine')
  expect(await refusal(writeBundle(bundle, out, { force: false }))).toMatchObject({
    code: 'conflict',
    findings: ['a.yaml is there'],
  })
  expect(await readdir(out)).toEqual(['a.yaml'])
  await writeBundle(bundle, out, { force: true })
  expect(await readFile(join(out, 'a.yaml'), 'utf8')).toBe('one\r\n')
})

test.each(['a file', 'a folder', 'nothing'])('a link out of the folder to %s is not followed', async (to) => {
  const base = await temporaryFolder('pull')
  const [out, elsewhere] = [join(base, 'out'), join(base, 'out-elsewhere')]
  await mkdir(out)
  await mkdir(elsewhere)
  if (to === 'a file') await writeFile(join(elsewhere, 'x'), 'theirs')
  await symlink(
    to === 'a folder' ? elsewhere : join(elsewhere, 'x'),
    join(out, to === 'a folder' ? 'b' : 'a.yaml'),
  )
  const { code, detail } = await refusal(writeBundle(bundle, out, { force: true }))
  expect([code, detail]).toEqual(['invalid_input', expect.stringContaining('leads out of')])
  if (to === 'a file') expect(await readFile(join(elsewhere, 'x'), 'utf8')).toBe('theirs')
  else expect(await readdir(elsewhere)).toEqual([])
})
