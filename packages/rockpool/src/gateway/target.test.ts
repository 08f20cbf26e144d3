import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readTarget } from './target.ts'

/** What a plain path, and what may stand in a query, is by regular expressions. */
const plain = /^(?:\/[\w~-][\w.~-]*)+$/
const visible = /^[!"$-~]*$/

const pieces = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('a', 'Z', '0', '_', '-', '~', '.', '/', '..', '?', '&', '=') },
    {
      weight: 1,
      arbitrary: fc.constantFrom('//', '#', ';', '%41', '%', '{', '"', ' ', '\t', '\u0000', 'é', '€'),
    },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 2 }) },
  ),
  { maxLength: 24 },
)

describe('a target that is plain', () => {
  test('is read in one pass as the expressions say', () => {
    let plainOnes = 0
    fc.assert(
      fc.property(pieces, (parts) => {
        const target = `/${parts.join('')}`
        const [path = '', ...rest] = target.split('?')
        if (!plain.test(path) || !visible.test(rest.join('?'))) return
        plainOnes += 1
        const query = rest.length === 0 ? '' : `?${rest.join('?')}`
        expect(readTarget(target)).toEqual({ ok: true, path, query, segments: path.slice(1).split('/') })
      }),
      { numRuns: 5000 },
    )
    expect(plainOnes).toBeGreaterThan(200)
  })

  test('is judged as one is that has to be looked at closely, query and all', () => {
    fc.assert(
      fc.property(pieces, (parts) => {
        const target = `/a${parts.join('')}`
        // One letter of it encoded, which is undone before anything is judged.
        expect(readTarget(target)).toEqual(readTarget(target.replace('a', '%61')))
      }),
      { numRuns: 5000 },
    )
  })

  test('is one of every character in its place, and no other', () => {
    for (let code = 0; code < 0x180; code += 1) {
      const character = String.fromCharCode(code)
      for (const target of [`/b${character}`, `/b/${character}`, `/b?${character}`]) {
        const closely = readTarget(target.replace('b', '%62'))
        expect(readTarget(target), `${code} ${target}`).toEqual(closely)
      }
    }
  })
})

describe('the bounds of a target', () => {
  const tooLong = { ok: false, detail: 'the path is too long' }
  const path = (length: number) => `/${'a'.repeat(length - 1)}`

  test('a path has 4,096 bytes at most, and with its query twice as many', () => {
    expect(readTarget(path(4096)).ok).toBe(true)
    expect(readTarget(path(4097))).toEqual(tooLong)
    expect(readTarget(`${path(4096)}?${'q'.repeat(4095)}`).ok).toBe(true)
    expect(readTarget(`${path(4096)}?${'q'.repeat(4096)}`)).toEqual(tooLong)
    expect(readTarget(`${path(4097)}?q`)).toEqual(tooLong)
  })

  test('a path has 64 segments at most', () => {
    expect(readTarget('/a'.repeat(64))).toMatchObject({ ok: true, segments: { length: 64 } })
    for (const target of ['/a'.repeat(65), `${'/a'.repeat(65)}?q`, `/%61${'/a'.repeat(64)}`])
      expect(readTarget(target)).toEqual({ ok: false, detail: 'the path has too many segments' })
  })
})
