/** As much of a run as a strip shows. */
export interface StripRun {
  verdict: 'pass' | 'fail' | 'uncheckable'
  /** When it ended, ISO 8601. */
  at: string
}

/** Of an SVG with `0 0 178 20`: 30 places of 6, each 4 wide. */
export interface StripShape {
  /** Paths of the passes, fails and uncheckables; empty where there is none. */
  p: string
  f: string
  u: string
  /** The same in words. */
  label: string
}

const places = 30
const mostMissed = 3

/**
 * The last 30 runs of a check, the newest right: passes low, fails full height, uncheckables hollow. Where runs are
 * missing (their time passed without one) there is a gap. Pure.
 *
 * @param everyMs milliseconds between runs; null: no schedule, so none can be missing
 */
export function stripOf(runs: readonly StripRun[], everyMs: number | null): StripShape {
  const slots = withGaps(runs, everyMs).slice(-places)
  const shape: StripShape = { p: '', f: '', u: '', label: labelOf(slots) }
  const first = places - slots.length
  slots.forEach((slot, index) => {
    const x = (first + index) * 6
    if (slot === 'fail') shape.f += `M${x + 2} 1V19`
    if (slot === 'uncheckable') shape.u += `M${x + 0.5} 5.5h3v11h-3z`
    // A row of passes is one line, whose dashes are its runs.
    if (slot === 'pass' && slots[index - 1] !== 'pass') {
      const length = slots.slice(index).findIndex((other) => other !== 'pass')
      const count = length < 0 ? slots.length - index : length
      shape.p += `M${x} 13H${x + count * 6 - 2}`
    }
  })
  return shape
}

type Slot = StripRun['verdict'] | 'missed'

function withGaps(runs: readonly StripRun[], everyMs: number | null): Slot[] {
  return runs.flatMap(({ verdict, at }, index) => {
    const before = runs[index - 1]
    if (!before || everyMs === null) return [verdict]
    const missed = Math.round((Date.parse(at) - Date.parse(before.at)) / everyMs) - 1
    const shown = Math.max(0, Math.min(mostMissed, missed))
    return [...Array<Slot>(shown).fill('missed'), verdict]
  })
}

/** `18 pass, then 12 fail` where it changed once, otherwise `28 pass, 2 uncheckable`. */
function labelOf(slots: readonly Slot[]): string {
  const runs = slots.filter((slot) => slot !== 'missed')
  if (runs.length === 0) return 'no run yet'
  const counts = (some: readonly Slot[]) =>
    (['pass', 'fail', 'uncheckable'] as const)
      .map((verdict) => [some.filter((slot) => slot === verdict).length, verdict] as const)
      .filter(([count]) => count > 0)
      .map(([count, verdict]) => `${count} ${verdict}`)
  const turn = runs.findIndex((slot) => slot !== runs[0])
  const turnedOnce = turn > 0 && runs.slice(turn).every((slot) => slot === runs[turn])
  const text = turnedOnce
    ? `${counts(runs.slice(0, turn)).join()}, then ${counts(runs.slice(turn)).join()}`
    : counts(runs).join(', ')
  return slots.includes('missed') ? `${text}, with a gap` : text
}
