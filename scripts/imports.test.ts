import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parts } from '../packages/rockpool/src/parts.ts'
import { folders } from './boundaries.mjs'
import { findCycles, findMisdirected, readGraph, readImports } from './imports.mjs'

const source = (path: string) => new URL(`../${path}`, import.meta.url).pathname

function plant(files: Record<string, string>) {
  const root = mkdtempSync(join(tmpdir(), 'rockpool-house-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  return readGraph(root)
}

describe('the house', () => {
  const graph = readGraph(source('packages/rockpool/src'))

  test('a part imports only parts further left, through their index.ts', () => {
    expect(findMisdirected(graph)).toEqual([])
  })

  test('no file of rockpool imports itself by a detour, not even for a type', () => {
    expect(graph.size).toBeGreaterThan(50)
    expect(findCycles(graph)).toEqual([])
  })

  test('no file of the sdk or the client imports itself by a detour, not even for a type', () => {
    expect(findCycles(readGraph(source('packages/sdk/src')))).toEqual([])
    expect(findCycles(readGraph(source('packages/client/src')))).toEqual([])
  })

  test('the list of parts stands in the order that lint enforces', () => {
    const names: string[] = parts.map((part) => part.name)
    expect(names).toEqual(folders.filter((folder) => names.includes(folder)))
  })
})

describe('what would be found', () => {
  test('an import to the right, as value, type, re-export, dynamic import and import type', () => {
    const graph = plant({
      'gateway/index.ts': 'export const door = 1',
      'events/value.ts': `import { door } from '../gateway/index.ts'`,
      'events/type.ts': `import type { Door } from "../gateway/index.ts"`,
      'events/export.ts': `export * from '../gateway/index.ts'`,
      'events/dynamic.ts': `const door = await import('../gateway/index.ts')`,
      'events/inline.ts': `export type Door = import('../gateway/index.ts').Door`,
    })
    expect(findMisdirected(graph)).toHaveLength(5)
  })

  test('an import past an index.ts', () => {
    const graph = plant({ 'kernel/ids.ts': '', 'events/log.ts': `import { newId } from '../kernel/ids.ts'` })
    expect(findMisdirected(graph)).toEqual([
      'events/log.ts imports kernel/ids.ts: kernel is entered by its index.ts',
    ])
  })

  test('a circle of types only', () => {
    const graph = plant({
      'a.ts': `import type { B } from './b.ts'`,
      'b.ts': `import type { C } from './deep/c.ts'`,
      'deep/c.ts': `import type { A } from '../a.ts'`,
      'd.ts': `import type { A } from './a.ts'`,
    })
    expect(findCycles(graph)).toEqual(['a.ts → b.ts → deep/c.ts → a.ts'])
  })

  test('nothing in what a comment says', () => {
    expect(readImports(`// import '../gateway/index.ts'\n/* from './x.ts' */ import './y.ts'`)).toEqual([
      './y.ts',
    ])
  })
})

test('no file of ours is longer than 600 lines, generated ones aside, and half of them are shorter than 100', () => {
  const files = globSync('{packages,examples,scripts,bench}/**/*.{ts,mjs}', {
    cwd: source(''),
    exclude: (path) => /(^|[\\/])(node_modules|dist)$/.test(path),
  })
  const texts = files.map((file) => [file, readFileSync(source(file), 'utf8')] as const)
  const written = texts.filter(([, text]) => !/^\/\*\*[^/]*: changes here are lost\.\n \*\//.test(text))
  expect(written.length).toBeLessThan(texts.length)
  const lengths = written.map(([file, text]) => [text.split('\n').length, file] as const)
  expect(lengths.filter(([lines]) => lines > 600)).toEqual([])
  expect(
    lengths.map(([lines]) => lines).toSorted((a, b) => a - b)[Math.floor(lengths.length / 2)],
  ).toBeLessThan(100)
})
