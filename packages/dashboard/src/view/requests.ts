import type { Answer, Item } from '@rockpool/client/control'
import { count, many, took, unit } from '../format.ts'
import type { Values } from './chart.ts'

export type Summary = Answer<'GET /requests/summary'>
export type Figures = Summary['totals']['all']
export type KeptRequest = Item<'GET /requests'>

const minuteMs = 60_000
/** A step that has only begun says nothing of a rate yet. */
const leastElapsedMs = 10_000

/** Requests a second: `84.2`, `0.35`, `0`. */
export function rate(perSecond: number): string {
  if (perSecond === 0) return '0'
  if (perSecond < 0.01) return '< 0.01'
  return perSecond < 1 ? perSecond.toPrecision(perSecond < 0.1 ? 1 : 2) : perSecond.toFixed(1)
}

/** `0.02 %`; of fewer than twenty no percentage: `1 of 12`. */
export function share(part: number, whole: number): string {
  if (part === 0) return '0'
  if (whole < 20) return `${part} of ${whole}`
  const percent = (part / whole) * 100
  return unit(percent < 0.01 ? '< 0.01' : percent.toFixed(percent === 100 ? 0 : percent < 10 ? 2 : 1), '%')
}

/** Milliseconds of a quantile; nothing where nothing was answered. */
export const quantile = (ms: number | null): string => (ms === null ? '' : took(ms))

/** Whether customers get their answers, in one sentence that can be read alone, and how well. Pure. */
export function leadOf(
  { count: all, errors, p50, p99 }: Figures,
  time: string,
): { answer: string; how: string } {
  if (all === 0) return { answer: `No customer called ${time}.`, how: '' }
  const wrong = errors / all
  const answer =
    errors === 0 || wrong < 0.01
      ? 'Customers get their answers.'
      : `${errors === all ? `All ${many(all, 'request')}` : `${count(errors)} of ${many(all, 'request')}`} of customers failed.`
  const right =
    errors === 0
      ? `None of ${many(all, 'request')} failed`
      : wrong < 0.01
        ? `${share(errors, all)} of ${many(all, 'request')} failed`
        : ''
  const speed = p50 === null || p99 === null ? '' : `half within ${took(p50)}, 99 of 100 within ${took(p99)}`
  return { answer, how: [right, speed].filter((text) => text !== '').join(', ') }
}

/** The slots of a time, each with its point of the series; undefined where nothing was counted. Pure. */
export function slotsOf({ from, to, step, series }: Pick<Summary, 'from' | 'to' | 'step' | 'series'>) {
  const start = Date.parse(from)
  const byTime = new Map(series.map((point) => [Date.parse(point.at), point]))
  const slots = Math.max(1, Math.round((Date.parse(to) - start) / (step * 1000)))
  return Array.from({ length: slots }, (_, slot) => byTime.get(start + slot * step * 1000))
}

/** Seconds of a time that have passed, whether or not anything was counted in them: what a rate is over. Pure. */
export function secondsOf({ from, to }: Pick<Summary, 'from' | 'to'>, now: number): number {
  return Math.max(1, (Math.min(now, Date.parse(to)) - Date.parse(from)) / 1000)
}

/** Requests a second by slot. The step that is under way counts by what has passed of it. Pure. */
export function ratesOf(summary: Summary, side: 'customers' | 'own', now: number): Values {
  return slotsOf(summary).map((point) => {
    if (point === undefined) return null
    const elapsed = Math.min(summary.step * 1000, now - Date.parse(point.at))
    return elapsed < leastElapsedMs ? null : (point[side].count * 1000) / elapsed
  })
}

/** What one of customers' figures was by slot. Pure. */
export const valuesOf = (summary: Summary, figure: 'errors' | 'p50' | 'p99'): Values =>
  slotsOf(summary).map((point) => (point === undefined ? null : point.customers[figure]))

/** The last minute that is over, of a series by the minute; undefined when nothing was counted in it. Pure. */
export function lastMinute({ series }: Pick<Summary, 'series'>, now: number) {
  const at = Math.floor(now / minuteMs) * minuteMs - minuteMs
  return series.find((point) => Date.parse(point.at) === at)
}

/** A chart in words: between which bounds it was, and how much of the time nothing is known. Pure. */
export function inWords(values: Values, say: (value: number) => string): string {
  const known = values.filter((value) => value !== null)
  if (known.length === 0) return 'nothing was counted'
  const [low, high] = [Math.min(...known), Math.max(...known)]
  const gaps = values.length - known.length
  const range = say(low) === say(high) ? say(low) : `between ${say(low)} and ${say(high)}`
  return gaps === 0 ? range : `${range}; nothing was counted in ${gaps} of ${values.length} parts`
}

/** Who Rockpool's own requests are from, a second, the busiest first: `checks 4.6, bots 0.3`. Pure. */
export function actorsInWords(summary: Summary, now: number): string {
  const seconds = secondsOf(summary, now)
  const byName = new Map<string, number>()
  for (const { actor, side, count } of summary.actors) {
    if (side !== 'own') continue
    const name = actor === 'customer' || actor === 'anonymous' || actor === null ? 'by hand' : `${actor}s`
    byName.set(name, (byName.get(name) ?? 0) + count)
  }
  return [...byName]
    .sort(([, a], [, b]) => b - a)
    .map(([name, requests]) => `${name} ${rate(requests / seconds)}`)
    .join(', ')
}
