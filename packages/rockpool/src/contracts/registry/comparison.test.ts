import { describe, expect, test } from 'vitest'
import type { Bundle } from '../bundle.ts'
import type { Difference } from '../differences/index.ts'
import { comparisonOf, keyOfPlace } from './comparison.ts'

const listing = { method: 'GET', path: '/things' }
const difference = (line: number, more: Partial<Difference> = {}): Difference => ({
  rule: 'api-removed',
  wire: 'keeps',
  source: 'keeps',
  meaning: 'keeps',
  operation: listing,
  place: 'operation',
  details: {},
  before: { file: 'a.yaml', line, pointer: '' },
  after: null,
  uses: [{ operation: listing, place: 'operation' }],
  fingerprint: String(line).padStart(64, '0'),
  ...more,
})
const bundle = (text: string): Bundle => ({ main: 'a.yaml', files: { 'a.yaml': text } })
const nothing = bundle('')
const compare = (text: string, ...differences: Difference[]) =>
  comparisonOf(differences, { before: bundle(text), after: nothing })
const linesAt = (text: string, line: number) =>
  compare(text, difference(line)).before.get(keyOfPlace({ file: 'a.yaml', line }))

describe('the lines of a place', () => {
  const numbered = Array.from({ length: 20 }, (_, index) => `line ${index + 1}`).join('\n')

  test('are two before it and five after it, as far as there are such', () => {
    expect(linesAt(numbered, 10)?.map(({ line }) => line)).toEqual([8, 9, 10, 11, 12, 13, 14, 15])
    expect(linesAt(numbered, 1)?.[0]).toEqual({ line: 1, text: 'line 1' })
    expect(linesAt(numbered, 20)?.map(({ line }) => line)).toEqual([18, 19, 20])
  })

  test('stand without the indentation that all have, whatever ends them', () => {
    expect(linesAt('    a:\r\n\r\n      b: 1\r\n', 1)).toEqual([
      { line: 1, text: 'a:' },
      { line: 2, text: '' },
      { line: 3, text: '  b: 1' },
      { line: 4, text: '' },
    ])
  })

  test('are cut where they are long: a document may be one line', () => {
    const [line] = linesAt(`{"a":"${'x'.repeat(1_000_000)}"}`, 1)!
    expect(line!.text).toHaveLength(201)
    expect(line!.text.endsWith('x…')).toBe(true)
  })

  test('are none of a file that is not in the bundle, as of a name that every object has', () => {
    const elsewhere = { before: { file: '__proto__', line: 1, pointer: '' } }
    expect(compare('a', difference(1, elsewhere)).before.size).toBe(0)
  })
})

test('the worst stand first, and otherwise as they stood', () => {
  const { differences, aspects } = compare(
    '',
    difference(1),
    difference(2, { meaning: 'changes' }),
    difference(3, { wire: 'breaks', source: 'breaks' }),
    difference(4),
    difference(5, { wire: 'may break' }),
  )
  expect(differences.map(({ before }) => before!.line)).toEqual([3, 5, 2, 1, 4])
  expect(aspects).toEqual({ breaks: 2, code: 1, meaning: 1 })
})

test('an operation meets what is in it, and what it uses, each once', () => {
  const use = (path: string) => ({ operation: { method: 'PUT', path }, place: 'request body' })
  const shared = { operation: null, uses: [use('/b'), use('/b'), use('/a')] }
  expect(compare('', difference(1), difference(2, shared), difference(3)).operations).toEqual([
    { operation: 'PUT /a', meets: [1] },
    { operation: 'PUT /b', meets: [1] },
    { operation: 'GET /things', meets: [0, 2] },
  ])
})
