import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string) => readFileSync(`${root}${path}`, 'utf8')

/** `file`: "words of the test's name" */
const proof = /`(?<file>[^`]+\.test\.ts)`: "(?<name>[^"]+)"/g

function missing(document: string): string[] {
  return [...document.matchAll(proof)].flatMap(({ groups }) => {
    const { file = '', name = '' } = groups ?? {}
    if (!existsSync(`${root}${file}`)) return [`${file} is gone`]
    return read(file).includes(name) ? [] : [`${file} holds no test “${name}”`]
  })
}

describe('docs/security.md', () => {
  const document = read('docs/security.md')

  test('every rule names a proof, and every proof is a test that exists', () => {
    const rules = document.split('\n').filter((line) => /^\|(?! rule|---)/.test(line))
    expect(rules.length).toBeGreaterThan(30)
    expect(rules.filter((line) => line.match(proof) === null)).toEqual([])
    expect(missing(document)).toEqual([])
  })

  test('a proof that is gone would be found', () => {
    const name = ['no', 'such', 'test'].join(' ')
    expect(missing(`\`scripts/security.test.ts\`: "${name}" · \`gone.test.ts\`: "x"`)).toHaveLength(2)
  })
})

test('every package of the lock file has a hash, and few may run scripts', () => {
  const lock = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, { link?: boolean; integrity?: string; resolved?: string }>
  }
  const fetched = Object.entries(lock.packages).filter(
    ([path, entry]) => path.includes('node_modules/') && !entry.link,
  )
  expect(fetched.length).toBeGreaterThan(100)
  for (const [path, entry] of fetched) {
    expect(entry.integrity, path).toMatch(/^sha512-/)
    expect(entry.resolved ?? 'https://registry.npmjs.org/', path).toMatch(/^https:\/\/registry\.npmjs\.org\//)
  }
  const { allowScripts } = JSON.parse(read('package.json')) as { allowScripts: Record<string, boolean> }
  expect(Object.keys(allowScripts).filter((name) => allowScripts[name])).toHaveLength(5)
})
