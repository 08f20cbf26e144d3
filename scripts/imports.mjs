// Reads the imports between our own files, type-only ones and `import('…')` types included, which lint does not see all
// of: it is blind to cycles of types and to imports written as types.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, matchesGlob, normalize, relative, sep } from 'node:path'
import { doorsOf, folders, forbiddenFor } from './boundaries.mjs'

const importStatement = /(?:\bfrom|\bimport)\s*\(?\s*(['"])(?<target>[^'"\n]+)\1/g

/**
 * What a source text imports, in order.
 * @param {string} source @returns {string[]} specifiers as written
 */
export function readImports(source) {
  const code = source.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '')
  return [...code.matchAll(importStatement)].map((match) => match.groups?.target ?? '')
}

/**
 * The graph of a folder's own files.
 * @param {string} root @returns {Map<string, string[]>} file → files it imports, relative to root with forward slashes
 */
export function readGraph(root) {
  const files = globSync('**/*.ts', {
    cwd: root,
    exclude: (path) => /(^|[\\/])(node_modules|dist)$/.test(path),
  })
  return new Map(
    files.map((file) => {
      const targets = readImports(readFileSync(join(root, file), 'utf8'))
        .filter((target) => target.startsWith('.'))
        .map((target) => normalize(join(root, dirname(file), target)))
        .filter((target) => existsSync(target))
      return [slashes(file), targets.map((target) => slashes(relative(root, target)))]
    }),
  )
}

/** @param {string} path */
const slashes = (path) => path.split(sep).join('/')

/**
 * Imports that go up the order, or past another part's index.ts.
 * @param {Map<string, string[]>} graph of packages/rockpool/src
 * @returns {string[]} one line each
 */
export function findMisdirected(graph) {
  const part = (/** @type {string} */ file) => folders.find((folder) => file.startsWith(`${folder}/`))
  return [...graph].flatMap(([file, targets]) => {
    const own = part(file)
    if (own === undefined || file.endsWith('.test.ts')) return []
    const forbidden = forbiddenFor(own)
    return targets.flatMap((target) => {
      const other = part(target)
      if (other === undefined || other === own) return []
      if (forbidden.includes(other))
        return [`${file} imports ${target}: ${other} does not stand left of ${own}`]
      return doorsOf(other).some((door) => matchesGlob(target, `${other}/${door}`))
        ? []
        : [`${file} imports ${target}: ${other} is entered by its index.ts`]
    })
  })
}

/**
 * Circles of imports, each named once.
 * @param {Map<string, string[]>} graph
 * @returns {string[]} 'a.ts → b.ts → a.ts'
 */
export function findCycles(graph) {
  /** @type {Set<string>} */
  const done = new Set()
  /** @type {string[]} */
  const cycles = []
  const visit = (/** @type {string} */ file, /** @type {string[]} */ path) => {
    const start = path.indexOf(file)
    if (start >= 0) cycles.push([...path.slice(start), file].join(' → '))
    if (start >= 0 || done.has(file)) return
    for (const target of graph.get(file) ?? []) visit(target, [...path, file])
    done.add(file)
  }
  for (const file of graph.keys()) visit(file, [])
  return cycles
}
