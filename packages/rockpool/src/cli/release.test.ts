import { expect, test } from 'vitest'
import { weightsOf } from './release.ts'

test('weights stand on a command line as release=weight', () => {
  expect(weightsOf(['v1=90', '1.2.3+build.7=10', 'old=0'])).toEqual({ v1: 90, '1.2.3+build.7': 10, old: 0 })
})

test.each(['v1', 'v1=', '=10', 'v1=1=2', 'v1=-1', 'v1=1001', 'v1=0.5', 'v1=10%', 'v1=1e2'])(
  '%s is none, and is told so',
  (pair) => {
    expect(() => weightsOf([pair])).toThrow(/no weight/)
  },
)

test('one release has one weight', () => {
  expect(() => weightsOf(['v1=1', 'v1=2'])).toThrow('two weights')
})
