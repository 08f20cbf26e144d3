const dayMs = 86_400_000

/** The day so many days before another, both as `2026-11-23`. */
export function daysBefore(day: string, days: number): string {
  return new Date(timeOf(day) - days * dayMs).toISOString().slice(0, 10)
}

/** @throws Error when it is no day */
export function timeOf(day: string): number {
  const time = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(time)) throw new Error(`${day} is no day: write it as 2026-11-23`)
  return time
}
