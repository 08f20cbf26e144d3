import { describe, expect, test } from 'vitest'
import { answersOf, endOf, leadOf, placeOf, untilOf, usersOf, type Difference } from './differences.ts'

const difference: Difference = {
  weight: 'breaks',
  wire: 'breaks',
  source: 'breaks',
  meaning: 'keeps',
  fingerprint: '0'.repeat(64),
  rule: 'api-removed',
  operation: null,
  place: 'schema Pet /price',
  sentence: 'it is gone',
  uses: ['GET /pets', 'POST /pets', 'GET /pets/{pet}'],
  usesInAll: 1_203,
  advice: null,
  traffic: null,
  met: null,
  before: null,
  after: null,
  approval: null,
}

describe('differences', () => {
  test.each([
    [{}, 'They promise the same.', ''],
    [{ keeps: 1 }, 'It breaks no callers.', '1 difference in all.'],
    [{ 'may break': 2, keeps: 1 }, '2 of 3 differences may break callers.', 'None is sure to.'],
    [{ breaks: 1, keeps: 1 }, '1 of 2 differences breaks callers.', ''],
    [
      { breaks: 746, 'may break': 1_140, keeps: 2_337 },
      '746 of 4,223 differences break callers.',
      '1,140 more may.',
    ],
  ])('%o are told in a sentence', (counts, answer, rest) => {
    expect(leadOf(counts)).toEqual({ answer, rest })
  })

  test('have three answers each, and what is not well stands out', () => {
    expect(answersOf(difference).map(({ says, isWell }) => [says, isWell])).toEqual([
      ['breaks', false],
      ['breaks', false],
      ['keeps', true],
    ])
    expect(answersOf({ wire: 'keeps', source: 'keeps', meaning: 'changes' })[2]).toMatchObject({
      isWell: false,
    })
  })

  test('are met by operations, where no one operation has them', () => {
    expect(usersOf(difference)).toBe('met by GET /pets, POST /pets, GET /pets/{pet} and 1,200 more')
    expect(usersOf({ ...difference, operation: 'GET /pets' })).toBe('')
  })

  test('are counted through their pages', () => {
    const page = { before: 20, differences: Array.from({ length: 20 }, () => difference), matching: 4_223 }
    expect(placeOf(page)).toBe('21 to 40 of 4,223')
    expect(placeOf({ before: 0, differences: [], matching: 0 })).toBe('none')
  })
})

test('until when an approval lets pass is told where it has an end', () => {
  expect(untilOf('2027-01-31T12:30:00.000Z')).toBe(' until 2027-01-31 12:30 UTC')
  expect(untilOf(null)).toBe('')
})

test('the end of an approval is a day, or a time as the API takes it', () => {
  expect(endOf('2027-01-31')).toBe('2027-01-31T00:00:00Z')
  expect(endOf('2027-01-31T12:00:00Z')).toBe('2027-01-31T12:00:00Z')
  expect(endOf('soon')).toBe('soon')
})
