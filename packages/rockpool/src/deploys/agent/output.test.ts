import { expect, test } from 'vitest'
import { countFailure, restartPause } from './backoff.ts'
import { causeIn } from './output.ts'

test.each([
  [
    'a Node crash',
    [
      'file:///x.js:1',
      'throw e',
      '      ^',
      '',
      'RangeError: too far',
      '    at main',
      '',
      'Node.js v24.21.0',
    ],
    'RangeError: too far',
  ],
  [
    'a Python traceback',
    ['Traceback (most recent call last):', '  File "x.py"', 'OSError: [Errno 98] in use'],
    'OSError: [Errno 98] in use',
  ],
  ['a pino line', ['{"level":"fatal","msg":"no database"}'], 'no database'],
  [
    'a pino line with its error',
    [
      '{"level":"fatal","error":"two of them","findings":[{"path":"port","message":"is taken"}],"msg":"no start"}',
    ],
    'no start: two of them: port is taken',
  ],
  [
    'a pino line with a serialized error',
    ['{"err":{"message":"it broke"},"msg":"no start"}'],
    'no start: it broke',
  ],
  ['plain words', ['starting', 'giving up'], 'giving up'],
  ['nothing', [], ''],
])('the cause is found in %s', (_, lines, cause) => {
  expect(causeIn(lines)).toBe(cause)
})

test('pauses grow from 0.2 s to 10 s, and begin anew after a healthy while', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 8, 50].map(restartPause)).toEqual([
    200, 400, 800, 1600, 3200, 6400, 10_000, 10_000, 10_000,
  ])
  expect(countFailure(5, 100)).toBe(6)
  expect(countFailure(5, 10_000)).toBe(1)
})
