import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.ts'
import { addressOf, checkBundle, loadBundle, readBundle } from './bundle.ts'
import type { Bundle } from './bundle.ts'
import { setMember } from './json-object.ts'
import { originOf } from './source/origins.ts'

const api = (schema: string) =>
  `openapi: 3.1.0\ninfo: {title: T, version: 1.0.0}\npaths: {}\ncomponents:\n  schemas:\n    A: {$ref: "${schema}"}\n`

async function folderOf(files: Record<string, string | Buffer>): Promise<string> {
  const folder = await temporaryFolder('bundle')
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true })
    await writeFile(join(folder, name), content)
  }
  return folder
}

async function bundleIn(file: string): Promise<Bundle> {
  const loaded = await loadBundle(file)
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.findings))
  return loaded.bundle
}

test('a bundle has the files that a contract is spread over, as they are written, and no others', async () => {
  const files = {
    'api.yaml': `\uFEFF# mine\r\n${api('schemas/a.json')}`,
    'schemas/a.json': '{"type": "object"}',
  }
  const folder = await folderOf({ ...files, 'other.yaml': 'a: 1' })
  const bundle = await bundleIn(join(folder, 'api.yaml'))
  expect(bundle).toEqual({ main: 'api.yaml', files })
  const reading = readBundle(bundle, { folder: 'things@1.0.0' })
  if (!reading.ok) throw new Error(JSON.stringify(reading.findings))
  expect(originOf(reading.contract.schemas.get('a') as object)?.file ?? '').toBe(
    'things@1.0.0/schemas/a.json',
  )
})

test('files that lie beside the folder of the main one are named from the folder of all', async () => {
  const folder = await folderOf({
    'orders/api.json': JSON.stringify({
      openapi: '3.1.0',
      info: { title: 'T', version: '1' },
      paths: { '/a': { $ref: 'paths/a.json' } },
    }),
    'orders/paths/a.json':
      '{"get": {"responses": {"200": {"description": "", "content": {"application/json": {"schema": {"$ref": "../common/b.json"}}}}}}}',
    'orders/common/b.json': '{"type": "string"}',
  })
  const bundle = await bundleIn(join(folder, 'orders/api.json'))
  expect(Object.keys(bundle.files).sort()).toEqual(['api.json', 'common/b.json', 'paths/a.json'])

  const before = process.cwd()
  try {
    process.chdir(folder)
    await writeFile('orders/paths/a.json', '{"$ref": "../../b.json"}')
    await writeFile('b.json', '{"get": {"responses": {"204": {"description": ""}}}}')
    const wider = await bundleIn('orders/api.json')
    expect(wider.main).toBe('orders/api.json')
    expect(Object.keys(wider.files).sort()).toEqual(['b.json', 'orders/api.json', 'orders/paths/a.json'])
    expect(readBundle(wider).ok).toBe(true)
  } finally {
    process.chdir(before)
  }
})

test('the same contents have the same address, and any other contents another', () => {
  const address = addressOf({ main: 'a', files: { a: '1', b: '2' } })
  expect(address).toMatch(/^sha256:[0-9a-f]{64}$/)
  expect(addressOf({ files: { b: '2', a: '1' }, main: 'a' })).toBe(address)
  const others = [
    { main: 'b', files: { a: '1', b: '2' } },
    { main: 'a', files: { a: '1', b: '3' } },
    { main: 'a', files: { a: '1', c: '2' } },
    { main: 'a', files: { a: '1' } },
  ]
  expect(new Set([address, ...others.map(addressOf)]).size).toBe(5)
})

test.each([
  '',
  '/etc/passwd',
  '../x',
  'a/../../x',
  'a//b',
  './a',
  'a/.',
  'C:x',
  'https://x.test/a',
  'a\\b',
  'a\nb',
  '\ud800',
])('a file cannot be named %j', (name) => {
  expect(checkBundle({ main: name, files: { [name]: '' } })).toHaveLength(1)
})

test('a file may be named __proto__, and is one like others', () => {
  const bundle: Bundle = { main: '__proto__', files: {} }
  setMember(bundle.files, '__proto__', api('#/components/schemas/A'))
  expect(checkBundle(bundle)).toEqual([])
  const plain = { main: '__proto__', files: {} }
  expect(checkBundle(plain)).toMatchObject([{ path: 'main' }])
  expect(addressOf(bundle)).not.toBe(addressOf(plain))
})

test('what is no bundle is refused with all that is wrong', () => {
  for (const value of [null, [], 'text', {}, { main: 'a' }, { main: 1, files: {} }, { main: 'a', files: [] }])
    expect(checkBundle(value)).toMatchObject([{ path: '(the whole)' }])
  expect(
    checkBundle({ main: 'c', files: { a: 1, 'a/b': '', b: '\ud800' }, more: 1 }).map(({ path }) => path),
  ).toEqual(['more', 'main', 'files.a', 'files.a', 'files.b'])
  const many = Object.fromEntries(Array.from({ length: 1_001 }, (_, index) => [`f${index}`, '']))
  expect(checkBundle({ main: 'f0', files: many })).toEqual([
    { level: 'error', path: 'files', message: 'there are more than 1000' },
  ])
  const large = 'x'.repeat(70 * 1024 * 1024)
  expect(checkBundle({ main: 'a', files: { a: large, b: large } })).toMatchObject([
    { path: 'files', message: 'are larger than 128 MB' },
  ])
})

test('a file that is not UTF-8 is not kept as something else', async () => {
  const folder = await folderOf({ 'api.yaml': Buffer.from(`${api('#/x')}# caf\xe9`, 'latin1') })
  await writeFile(
    join(folder, 'api.yaml'),
    Buffer.from(`openapi: 3.1.0\ninfo: {title: caf\xe9, version: "1"}\npaths: {}\n`, 'latin1'),
  )
  expect(await loadBundle(join(folder, 'api.yaml'))).toMatchObject({
    ok: false,
    findings: [{ message: 'it is not UTF-8' }],
  })
})
