import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ensurePages } from './pages.mjs'

/** A clone in small, with a Vite that copies the page and counts how often it did. */
function smallClone() {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'rockpool-pages-')))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const folder = join(root, 'packages', 'dashboard')
  mkdirSync(join(folder, 'src', 'css'), { recursive: true })
  mkdirSync(join(root, 'node_modules', 'vite', 'bin'), { recursive: true })
  writeFileSync(join(root, 'package-lock.json'), '{}')
  writeFileSync(join(folder, 'index.html'), '<p>1</p>')
  writeFileSync(join(folder, 'src', 'main.tsx'), 'one')
  writeFileSync(join(folder, 'src', 'css', 'base.css'), 'p {}')
  writeFileSync(
    join(root, 'node_modules', 'vite', 'bin', 'vite.js'),
    `const fs = require('node:fs')
     fs.appendFileSync(${JSON.stringify(join(root, 'builds'))}, 'x')
     if (fs.readFileSync('src/main.tsx', 'utf8') === 'wrong') { console.error('src/main.tsx:1 is wrong'); process.exit(1) }
     Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)
     fs.mkdirSync('dist', { recursive: true })
     fs.copyFileSync('index.html', 'dist/index.html')`,
  )
  return {
    root,
    folder,
    builds: () => (existsSync(join(root, 'builds')) ? readFileSync(join(root, 'builds'), 'utf8').length : 0),
    ensure: () => ensurePages(root, process.execPath),
  }
}

test('the pages are built once, and a start after that does nothing', async () => {
  const { folder, builds, ensure } = smallClone()
  await ensure()
  expect(readFileSync(join(folder, 'dist', 'index.html'), 'utf8')).toBe('<p>1</p>')
  await ensure()
  expect(builds()).toBe(1)
})

test.each([
  ['a source', 'src/main.tsx'],
  ['a source deeper down', 'src/css/base.css'],
  ['a new source', 'src/new.ts'],
  ['the page', 'index.html'],
  ['the lock file', '../../package-lock.json'],
])('%s that has changed builds them anew', async (_, file) => {
  const { folder, builds, ensure } = smallClone()
  await ensure()
  writeFileSync(join(folder, file), 'changed')
  await ensure()
  expect(builds()).toBe(2)
})

test('a test that has changed builds nothing', async () => {
  const { folder, builds, ensure } = smallClone()
  await ensure()
  writeFileSync(join(folder, 'src', 'main.test.tsx'), 'changed')
  await ensure()
  expect(builds()).toBe(1)
})

test('what was built and is gone is built anew', async () => {
  const { folder, builds, ensure } = smallClone()
  await ensure()
  rmSync(join(folder, 'dist'), { recursive: true })
  await ensure()
  expect(builds()).toBe(2)
})

test('two starts at once build them once', async () => {
  const { builds, ensure } = smallClone()
  await Promise.all([ensure(), ensure()])
  expect(builds()).toBe(1)
})

test('a build that fails says what it said, and the next start tries again', async () => {
  const { folder, builds, ensure } = smallClone()
  writeFileSync(join(folder, 'src', 'main.tsx'), 'wrong')
  await expect(ensure()).rejects.toThrow('src/main.tsx:1 is wrong')
  await expect(ensure()).rejects.toThrow('the pages could not be built')
  expect(builds()).toBe(2)
})

test('where there are no pages nothing is built', async () => {
  const { root, folder, builds, ensure } = smallClone()
  rmSync(folder, { recursive: true })
  await ensure()
  expect(builds()).toBe(0)
  expect(existsSync(join(root, 'node_modules', '.rockpool-pages-stamp'))).toBe(false)
})
