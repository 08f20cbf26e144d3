import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addTo, bandOf, bounds, quantile, type Histogram } from './latency.ts'

const durations = fc.array(fc.integer({ min: 0, max: 59_999 }), { minLength: 1, maxLength: 300 })

function histogramOf(values: readonly number[]): Histogram {
  const histogram: Histogram = new Map()
  for (const value of values) addTo(histogram, bandOf(value), 1)
  return histogram
}

test('the bands are those that stored histograms count by, for ever', () => {
  expect(bounds.join(' ')).toBe(
    '1 2 3 4 5 6 7 8 10 12 14 17 20 24 29 35 42 50 60 72 86 103 124 149 179 215 258 310 372 446 535 642 770 924 1109 1331 1597 1916 2299 2759 3311 3973 4768 5722 6866 8239 9887 11864 14237 17084 20501 24601 29521 35425 42510 51012 61214',
  )
})

test('each duration is in the one band that holds it', () => {
  fc.assert(
    fc.property(fc.integer({ min: -5, max: 200_000 }), (ms) => {
      const band = bandOf(ms)
      if (band > 0) expect(ms).toBeGreaterThan(bounds[band - 1]!)
      if (band < bounds.length) expect(ms).toBeLessThanOrEqual(bounds[band]!)
    }),
  )
})

test('a quantile is in the band of the true one, and so right to within a fifth', () => {
  fc.assert(
    fc.property(durations, fc.constantFrom(0.5, 0.95, 0.99, 1), (values, share) => {
      const sorted = values.toSorted((a, b) => a - b)
      const true_ = sorted[Math.max(1, Math.ceil(share * values.length)) - 1]!
      const found = quantile(histogramOf(values), share)!
      const band = bandOf(true_)
      expect(found).toBeGreaterThanOrEqual(band === 0 ? 0 : bounds[band - 1]!)
      expect(found).toBeLessThanOrEqual(bounds[band]!)
    }),
  )
})

test('a larger share never has a smaller quantile', () => {
  fc.assert(
    fc.property(durations, (values) => {
      const histogram = histogramOf(values)
      const found = [0, 0.1, 0.5, 0.9, 0.95, 0.99, 1].map((share) => quantile(histogram, share)!)
      expect(found).toEqual(found.toSorted((a, b) => a - b))
    }),
  )
})

test('histograms added together are the histogram of all', () => {
  fc.assert(
    fc.property(durations, durations, (a, b) => {
      const added = histogramOf(a)
      for (const [band, count] of histogramOf(b)) addTo(added, band, count)
      expect(new Map(added)).toEqual(new Map(histogramOf([...a, ...b])))
    }),
  )
})

test('nothing has no quantile, and more than a minute is told as at least a minute', () => {
  expect(quantile(new Map(), 0.5)).toBeNull()
  expect(quantile(histogramOf([9_000_000]), 0.99)).toBe(bounds.at(-1))
})
