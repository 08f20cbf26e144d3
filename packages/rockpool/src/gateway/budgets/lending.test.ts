import { expect, test } from 'vitest'
import { lentOf, wantOf } from './lending.ts'

test.each([
  // writes of the grant, asked for
  [0, 1],
  [1, 1],
  [4, 1],
  [10, 3],
  [200, 50],
  [1_000_000, 50],
])('of a grant of %i writes a gateway asks for %i at once', (writes, want) => {
  expect(wantOf(writes)).toBe(want)
})

test.each([
  // writes, taken, asked for, lent
  [10, 0, 3, 3],
  [10, 3, 3, 3],
  [10, 6, 3, 2],
  [10, 8, 3, 1],
  [10, 9, 3, 1],
  [10, 10, 3, 0],
  [0, 0, 1, 0],
  [1_000, 0, 1_000, 50],
  // a second credential of the run whose grant says less than the first
  [5, 8, 3, 0],
])('of %i writes, of which %i are taken, whoever asks for %i gets %i', (writes, taken, want, lent) => {
  expect(lentOf({ writes, taken, want })).toBe(lent)
})

test('lease after lease, all writes are lent, and not one more', () => {
  for (let writes = 0; writes < 300; writes += 1) {
    let taken = 0
    for (let lent = -1; lent !== 0; taken += lent) lent = lentOf({ writes, taken, want: wantOf(writes) })
    expect(taken).toBe(writes)
  }
})
