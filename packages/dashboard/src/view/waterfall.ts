import type { Answer } from '@rockpool/client/control'

export type RunAttempt = Answer<'GET /runs/{run}'>['attempts'][number]
export type Entry = RunAttempt['evidence']['entries'][number]
export type Call = Extract<Entry, { type: 'call' }>

/** One line of a waterfall: a step, or what happened outside of every step. */
export interface Bar {
  /** Of the entry. */
  id: number
  name: string
  /** How deep below other steps; 0 is the outermost. */
  depth: number
  state: 'pass' | 'fail' | 'uncheckable'
  /** Where it begins and how wide it is, in percent of the whole. */
  x: number
  w: number
  ms: number | null
  /** Answers of the poll in it; 0: it does not poll. */
  polls: number
}

export interface Waterfall {
  bars: Bar[]
  /** Milliseconds from left to right: never less than what the attempt took. */
  spanMs: number
  /** The lines of the scale: where, in percent, and what stands there. */
  ticks: { x: number; label: string }[]
}

/** Steps in their order on one time axis. Pure. */
export function waterfallOf(attempt: RunAttempt): Waterfall {
  const { entries } = attempt.evidence
  const byId = new Map(entries.map((entry) => [entry.id, entry]))
  const end = Math.max(attempt.ms, 1, ...entries.map(({ at, ms }) => at + (ms ?? 0)))
  const { spanMs, ticks } = scaleOf(end)
  const depthOf = (entry: Entry): number => {
    let depth = 0
    for (let up = entry.parent; up !== null && depth < 50; up = byId.get(up)?.parent ?? null) depth++
    return depth
  }

  const bars = entries
    .filter((entry) => entry.type === 'step' || (entry.parent === null && isDone(entry)))
    .map((entry): Bar => {
      const ms = entry.ms ?? end - entry.at
      const isFailed = entry.type === 'step' ? entry.failed : didFail(entry, attempt)
      return {
        id: entry.id,
        name: nameOf(entry),
        depth: depthOf(entry),
        // Where nothing can be said, nothing has failed either.
        state: isFailed ? (attempt.verdict === 'uncheckable' ? 'uncheckable' : 'fail') : 'pass',
        x: percent(entry.at, spanMs),
        w: percent(ms, spanMs),
        ms: entry.ms,
        polls: pollsIn(entry, entries),
      }
    })
  return { bars, spanMs, ticks }
}

/** Something that the check did; the rest is what was seen meanwhile. */
const isDone = ({ type }: Entry): boolean => ['step', 'call', 'probe', 'effects'].includes(type)

/** What an entry is called: a step by its name, a call by its method and route. */
export function nameOf(entry: Entry): string {
  switch (entry.type) {
    case 'step':
    case 'effects':
      return entry.name
    case 'call':
      return `${entry.method} ${entry.path}`
    case 'probe':
      return entry.probe
    case 'console':
      return 'printed'
    case 'finding':
      return entry.text
    case 'screenshot':
    case 'trace':
      return entry.artifact ?? entry.type
  }
}

/** Outside of steps: the last thing before an attempt failed is what it failed at. */
function didFail(entry: Entry, { failure, obstacle, evidence }: RunAttempt): boolean {
  if (entry.type === 'call' && (entry.error !== null || entry.poll?.satisfied === false)) return true
  const last = evidence.entries.findLast((other) => other.parent === null && isDone(other))
  const ending = failure ?? obstacle
  return ending !== null && ending.steps.length === 0 && entry.id === last?.id
}

function pollsIn(entry: Entry, entries: readonly Entry[]): number {
  const calls = [entry, ...entries.filter(({ parent }) => parent === entry.id)]
  const polls = calls.flatMap((call) => (call.type === 'call' && call.poll ? [call.poll.answers] : []))
  return polls.length === 1 ? (polls[0] ?? 0) : 0
}

const percent = (ms: number, spanMs: number) => Math.round((ms / spanMs) * 1000) / 10

/** Whole numbers of 1, 2 or 5 milliseconds, seconds or minutes apart: four to eight lines. */
function scaleOf(endMs: number): { spanMs: number; ticks: Waterfall['ticks'] } {
  const inMinutes = endMs > 180_000
  const unitMs = inMinutes ? 60_000 : endMs > 2_000 ? 1_000 : 1
  const unit = inMinutes ? 'min' : unitMs === 1_000 ? 's' : 'ms'
  const raw = endMs / unitMs / 7
  const magnitude = 10 ** Math.floor(Math.log10(raw))
  const stepOf = [1, 2, 5, 10].find((factor) => factor * magnitude >= raw) ?? 10
  const step = Math.max(unitMs === 1 ? 1 : 0.001, stepOf * magnitude)
  const spanMs = endMs * 1.02
  const count = Math.floor(spanMs / unitMs / step)
  const digits = step < 1 ? Math.ceil(-Math.log10(step)) : 0
  const ticks = Array.from({ length: count + 1 }, (_, index) => ({
    x: percent(index * step * unitMs, spanMs),
    label: `${(index * step).toFixed(digits)}${index === count ? ` ${unit}` : ''}`,
  }))
  return { spanMs, ticks }
}

/** An entry and everything below it, in their order. Pure. */
export function belowOf(id: number, entries: readonly Entry[]): Entry[] {
  const inside = new Set([id])
  // Parents come before what is in them.
  return entries.filter((entry) => {
    if (entry.id !== id && (entry.parent === null || !inside.has(entry.parent))) return false
    inside.add(entry.id)
    return true
  })
}

/** The entry that the page shows when nobody has chosen: the innermost step that failed, else the first. Pure. */
export function mostTelling(bars: readonly Bar[]): number | undefined {
  const failed = bars.filter(({ state }) => state !== 'pass')
  return (failed.toSorted((a, b) => b.depth - a.depth || b.id - a.id)[0] ?? bars[0])?.id
}
