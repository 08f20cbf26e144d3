import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readJson } from '../source/json.ts'
import { readJsonText } from './texts.ts'

/** As it is read with care. */
const careful = (text: string) => readJson({ name: '', text })

describe('JSON that somebody sent', () => {
  test('is the same, whether it is read at once or with care', () => {
    const name = fc.oneof(fc.constantFrom('a', '__proto__', 'constructor', '1', ''), fc.string())
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.oneof(fc.string(), fc.integer(), fc.double({ noNaN: true }), fc.boolean(), fc.constant(null)),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(name, tie('value'), { maxKeys: 4 }),
      ),
    }))
    fc.assert(
      fc.property(value, fc.constantFrom(0, 2), (one, spaces) => {
        const text = JSON.stringify(one, null, spaces)
        const { value: read, faults } = readJsonText(text)
        expect([JSON.stringify(read), faults]).toEqual([JSON.stringify(careful(text).value), []])
      }),
      { numRuns: 500 },
    )
  })

  test.each([
    ['{"a":1,"a":1}', 'stands here twice'],
    ['{"__proto__":1,"__proto__":2}', 'stands here twice'],
    ['[1e999]', 'out of the range'],
    [`${'['.repeat(257)}${']'.repeat(257)}`, 'nested deeper than 256 levels'],
    [`${'{"a":'.repeat(257)}1${'}'.repeat(257)}`, 'nested deeper than 256 levels'],
    ['', 'expected a value'],
  ])('is told what is wrong with it: %.30s', (text, fault) => {
    expect(readJsonText(text).faults.join()).toContain(fault)
  })

  test('may be as deep as it may be', () => {
    const text = `${'['.repeat(256)}${']'.repeat(256)}`
    expect([readJsonText(text).faults, careful(text).faults]).toEqual([[], []])
  })
})
