/*
 * The geometry of charts: values in equal slots of time, in an SVG of `0 0 600 height`. The baseline is zero. A slot
 * without a value is a gap, never a zero. Pure.
 */

export const chartWidth = 600

/** The smallest of 1, 2, 5, 10, 20, … that is not less; what a vertical axis ends at. */
export function niceTop(value: number): number {
  if (!(value > 0)) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  const factor = [1, 2, 5, 10].find((step) => step * power >= value * (1 - 1e-9)) ?? 10
  return Number((factor * power).toPrecision(1))
}

/** Values by slot; null where nothing is known. */
export type Values = readonly (number | null)[]

const short = (value: number) => String(Math.round(value * 10) / 10)

type Point = readonly [x: string, y: string]

/** What is drawn without a break: the middles of slots; one alone is as wide as most of its slot. */
function piecesOf(values: Values, top: number, height: number): Point[][] {
  const width = chartWidth / values.length
  const y = (value: number) => short(height - (Math.min(value, top) / top) * height)
  const pieces: Point[][] = []
  values.forEach((value, slot) => {
    if (value === null) return
    if (slot === 0 || values[slot - 1] === null) pieces.push([])
    const isAlone = pieces.at(-1)?.length === 0 && (values[slot + 1] ?? null) === null
    const places = isAlone ? [slot + 0.2, slot + 0.8] : [slot + 0.5]
    pieces.at(-1)?.push(...places.map((place): Point => [short(place * width), y(value)]))
  })
  return pieces
}

const through = (points: readonly Point[]) => points.map(([x, y]) => `${x} ${y}`).join('L')

/** A line, broken at gaps. */
export function linePath(values: Values, top: number, height: number): string {
  return piecesOf(values, top, height)
    .map((piece) => `M${through(piece)}`)
    .join('')
}

/** The ground between a line and zero. */
export function areaPath(values: Values, top: number, height: number): string {
  return piecesOf(values, top, height)
    .map((piece) => `M${piece[0]?.[0]} ${height}L${through(piece)}L${piece.at(-1)?.[0]} ${height}Z`)
    .join('')
}

/** A bar from zero for each slot that has something. */
export function barPath(values: Values, top: number, height: number): string {
  const width = chartWidth / values.length
  return values
    .map((value, slot) =>
      value === null || value === 0
        ? ''
        : `M${short((slot + 0.5) * width)} ${height}V${short(height - (Math.min(value, top) / top) * height)}`,
    )
    .join('')
}

/** The largest of all values; 0 when there is none. */
export const largest = (...all: readonly Values[]): number =>
  Math.max(0, ...all.flat().map((value) => value ?? 0))
