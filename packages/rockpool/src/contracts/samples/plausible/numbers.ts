import { wordsOf } from './names.ts'

/** By the last words of a name: what is likely, as whole numbers and as others. */
const ranges: [RegExp, [number, number], [number, number]?][] = [
  [/latitude$|^lat$/, [-60, 60], [-60, 60]],
  [/longitude$|^(lng|lon)$/, [-170, 170], [-170, 170]],
  [/percent(age)?$/, [1, 100]],
  [/(rate|ratio|probability|share)$/, [1, 100], [0.01, 0.99]],
  [/(price|amount|total|cost|subtotal|fee|tax|balance|revenue|discount)$/, [500, 50_000], [5, 500]],
  [/(quantity|qty|count|installments)$/, [1, 10], [1, 10]],
  [/^(limit|page size|per page)$/, [25, 100]],
  [/^(offset|index|position|attempt|attempts|page)$/, [0, 5]],
  [/(^|exp(iry)? )year$/, [2024, 2029]],
  [/month$/, [1, 12]],
  [/(^| )day$/, [1, 28]],
  [/hour$/, [0, 23]],
  [/(minute|second)$/, [0, 59]],
  [/age$/, [18, 80]],
  [/port$/, [1024, 65_535]],
  [/(width|height|length|depth|size)$/, [10, 1_200], [1, 120]],
  [/weight$/, [1, 5_000], [0.1, 50]],
  [/rating$|stars$|score$/, [1, 5], [1, 5]],
  [/(^| )id$|number$/, [1, 99_999]],
  [/version$|revision$/, [1, 9]],
]
const times = /(^| )(at|on|created|updated|modified|date|time|timestamp|expires|until|start|end|due|arrival)$/

/** From where to where a number of this name is likely to be; `time`: it is one, in seconds since 1970. */
export function likelyRange(name: string, isWhole: boolean): [number, number] | 'time' {
  const said = wordsOf(name).join(' ')
  if (isWhole && times.test(said)) return 'time'
  const found = ranges.find(([words]) => words.test(said))
  if (found === undefined) return [1, 100]
  const [, whole, other = whole] = found
  return isWhole ? whole : other
}
