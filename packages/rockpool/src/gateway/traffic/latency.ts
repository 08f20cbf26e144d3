/*
 * Histograms of milliseconds. The bands are fixed for ever: what is stored counts by their numbers. Each is a fifth wider
 * than the one before it, so a quantile is right to within a fifth, and exact up to 8 ms.
 *
 *   band     0    1    2 … 7    8       9       …   last
 *   holds   0–1   2    3 … 8   9–10   11–12     …   more than a minute
 */

/** The largest value of each band but the last, which has none. */
export const bounds: readonly number[] = makeBounds()

/** The bands of whole milliseconds up to a second: most requests need no search. */
const shortBands: readonly number[] = Array.from({ length: 1_001 }, (_, ms) => search(ms))

/** Requests by band; a band that is not there is empty. */
export type Histogram = Map<number, number>

function makeBounds(): number[] {
  const made = [1]
  while (made.at(-1)! < 60_000) made.push(Math.max(made.at(-1)! + 1, Math.round(made.at(-1)! * 1.2)))
  return made
}

/** The band of a duration in milliseconds. A clock that was set back gives no negative ones. */
export function bandOf(ms: number): number {
  return shortBands[ms] ?? search(ms)
}

function search(ms: number): number {
  let low = 0
  let high = bounds.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (ms <= bounds[middle]!) high = middle
    else low = middle + 1
  }
  return low
}

export function addTo(histogram: Histogram, band: number, count: number): void {
  histogram.set(band, (histogram.get(band) ?? 0) + count)
}

/**
 * The duration in whole milliseconds that a share (0 to 1) of the requests did not exceed, by nearest rank, and within its band
 * by proportion. Null: there are none. The last band has no end: its beginning is given, as "at least".
 */
export function quantile(histogram: Histogram, share: number): number | null {
  let total = 0
  for (const count of histogram.values()) total += count
  if (total === 0) return null
  let rank = Math.max(1, Math.ceil(share * total))
  for (const band of [...histogram.keys()].sort((a, b) => a - b)) {
    const count = histogram.get(band)!
    if (rank > count) {
      rank -= count
      continue
    }
    const from = band === 0 ? 0 : bounds[band - 1]!
    const to = bounds[band] ?? from
    return from + Math.ceil(((to - from) * rank) / count)
  }
  return null
}
