import { expect, test } from 'vitest'
import { areaPath, barPath, largest, linePath, niceTop } from './chart.ts'

test('an axis ends at the next of 1, 2, 5, 10, and never at zero', () => {
  expect([0, 0.003, 0.2, 0.21, 1, 3, 7, 10, 84.2, 171].map(niceTop)).toEqual([
    1, 0.005, 0.2, 0.5, 1, 5, 10, 10, 100, 200,
  ])
})

test('a line stands on a zero baseline, and is broken where nothing is known', () => {
  expect(linePath([0, 5, null, 10, 10], 10, 80)).toBe('M60 80L180 40M420 0L540 0')
  expect(linePath([null, 0, null], 10, 80)).toBe('M240 80L360 80')
  expect(linePath([null, null], 10, 80)).toBe('')
})

test('the ground below a line goes down to zero on both sides of a gap', () => {
  expect(areaPath([5, 5, null, 10, 10], 10, 80)).toBe(
    'M60 80L60 40L180 40L180 80ZM420 80L420 0L540 0L540 80Z',
  )
  expect(areaPath([null, 5, null], 10, 80)).toBe('M240 80L240 40L360 40L360 80Z')
})

test('a bar is drawn for what there is, and never higher than the chart', () => {
  expect(barPath([0, 2, null, 40], 4, 80)).toBe('M225 80V40M525 80V0')
  expect(largest([1, null], [null, 3])).toBe(3)
  expect(largest([null])).toBe(0)
})
